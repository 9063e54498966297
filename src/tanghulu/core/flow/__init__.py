"""The flow kernel: what follows from the events of a run, by the rules of docs/formats/flow.md.

Pure functions over plain JSON: no clock, no chance, no input or output. Times are those that events claim.
"""

from tanghulu.core.flow.compile import Compiled, Problem, TemplateRefused, compile_template, json_schema, read_yaml
from tanghulu.core.flow.conditions import Line, explain, is_true, judge
from tanghulu.core.flow.decide import Command, Decided, Directory, Draft, decide, resolved, unresolved
from tanghulu.core.flow.event import ACTS, FACTS, REVOKED, SERVER, STEP_ACTS, Event
from tanghulu.core.flow.kernel import evolve, fold, take_in
from tanghulu.core.flow.refusals import refusal
from tanghulu.core.flow.skewer import Haw, haws
from tanghulu.core.flow.state import (
    Activation,
    Facts,
    State,
    current,
    every_photo,
    is_settled,
    new_state,
    newest,
    state_from_json,
    state_to_json,
)
from tanghulu.core.flow.tasks import Waiting, tasks
from tanghulu.core.flow.template import Step, Template, load_version, version_bytes, version_hash
from tanghulu.core.flow.timers import Timer, timers

__all__ = [
    "ACTS",
    "FACTS",
    "REVOKED",
    "SERVER",
    "STEP_ACTS",
    "Activation",
    "Command",
    "Compiled",
    "Decided",
    "Directory",
    "Draft",
    "Event",
    "Facts",
    "Haw",
    "Line",
    "Problem",
    "State",
    "Step",
    "Template",
    "TemplateRefused",
    "Timer",
    "Waiting",
    "compile_template",
    "current",
    "decide",
    "every_photo",
    "evolve",
    "explain",
    "fold",
    "haws",
    "is_settled",
    "is_true",
    "json_schema",
    "judge",
    "load_version",
    "new_state",
    "newest",
    "read_yaml",
    "refusal",
    "resolved",
    "state_from_json",
    "state_to_json",
    "take_in",
    "tasks",
    "timers",
    "unresolved",
    "version_bytes",
    "version_hash",
]

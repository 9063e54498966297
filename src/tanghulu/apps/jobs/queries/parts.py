"""What several looks at a job share: its row, its template's texts, the names of its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs.fold import people_of
from tanghulu.apps.jobs.models import Run
from tanghulu.core import canonical, flow
from tanghulu.core.access import Actor
from tanghulu.core.errors import NotFound

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Script:
    """What a run plays from: the version for the kernel, and its document for texts."""

    template: flow.Template
    document: Mapping[str, Any]

    @property
    def title(self) -> Text:
        return dict(self.document["title"])

    @property
    def stages(self) -> dict[str, Text]:
        """Stage id to text, in order."""
        return {stage["stage"]: stage["title"] for stage in self.document["stages"]}

    @property
    def titles(self) -> dict[str, Text]:
        """Path of a step to its text."""
        return {path: step["title"] for path, step in self.steps.items()}

    @property
    def steps(self) -> dict[str, Mapping[str, Any]]:
        """Path of a step to its part of the document, in document order."""
        found: dict[str, Mapping[str, Any]] = {}
        for stage in self.document["stages"]:
            for node in stage["do"]:
                _collect(node, stage["stage"], found)
        return found


def _collect(node: Mapping[str, Any], above: str, found: dict[str, Mapping[str, Any]]) -> None:
    if node["node"] == "step":
        found[f"{above}/{node['id']}"] = node
        return
    here = f"{above}/{node['id']}" if node["node"] in {"repeat", "call"} else above
    branches = [option["do"] for option in node.get("options", [])]
    for nodes in (*branches, node.get("otherwise", []), node.get("do", [])):
        for child in nodes:
            _collect(child, here, found)


def run_row(ref: str) -> Run:
    """The run's row. Raises NotFound `run_not_found`, also for another company's run."""
    row = Run.objects.filter(ref=ref).first()
    if row is None:
        raise NotFound("run_not_found")
    return row


def script_of(row: Run) -> Script | None:
    """What the run plays from; None while its template is unknown."""
    if not row.version:
        return None
    compiled = flows.compiled(row.version)
    return Script(template=compiled.template, document=compiled.document)


def scripts_of(rows: Iterable[Run]) -> dict[str, Script]:
    """What these runs play from, by version; without those whose template is unknown."""
    compiled = flows.compiled_each(row.version for row in rows if row.version)
    return {version: Script(template=one.template, document=one.document) for version, one in compiled.items()}


def is_turn_of(member: str, row: Run, script: Script | None, at: datetime) -> bool:
    """Whether the run waits for this person to do something."""
    if script is None or row.status != "open":
        return False
    return any(task["mine"] for task in flow.tasks(script.template, row.state, member, canonical.format_time(at)))


def names_of(actor: Actor, rows: Iterable[Run]) -> dict[str, str]:
    """Ref to name of everybody who has a part in these runs."""
    refs = {member for row in rows for member in people_of(row.state)}
    return directory.member_names(actor, refs=refs) if refs else {}

"""What is looked up about evidence."""

from tanghulu.apps.evidence.queries.devices import (
    DeviceRow,
    Position,
    Waiting,
    devices,
    own_devices,
    position,
    waiting,
)
from tanghulu.apps.evidence.queries.log import (
    LogHead,
    anchor_key,
    file_of,
    newest_checkpoint,
    note,
    policy_text,
    receipt,
    tenants_to_publish,
)
from tanghulu.apps.evidence.queries.pack import LoggedRun, logged_run
from tanghulu.apps.evidence.queries.runs import (
    EventRecord,
    KeptOpening,
    LoggedEvent,
    forks,
    heads,
    logged_events,
    openings_of,
    run_events,
    run_refs,
)

__all__ = [
    "DeviceRow",
    "EventRecord",
    "KeptOpening",
    "LogHead",
    "LoggedEvent",
    "LoggedRun",
    "Position",
    "Waiting",
    "anchor_key",
    "devices",
    "file_of",
    "forks",
    "heads",
    "logged_events",
    "logged_run",
    "newest_checkpoint",
    "note",
    "openings_of",
    "own_devices",
    "policy_text",
    "position",
    "receipt",
    "run_events",
    "run_refs",
    "tenants_to_publish",
    "waiting",
]

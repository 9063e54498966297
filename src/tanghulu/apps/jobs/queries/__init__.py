"""What is looked up about jobs."""

from tanghulu.apps.jobs.queries.board import (
    PAGE,
    Board,
    Counts,
    JobBrief,
    JobCard,
    board,
    board_version,
    cards,
    counts,
)
from tanghulu.apps.jobs.queries.duties import (
    tenants_with_arrivals,
    tenants_with_timers,
    tenants_with_unindexed,
    tenants_with_unsealed,
)
from tanghulu.apps.jobs.queries.filters import SHOWS, Filters, Show
from tanghulu.apps.jobs.queries.inside import JobInside, PersonInside, ThingInside, inside
from tanghulu.apps.jobs.queries.job import Happening, Job, job, job_stamp, job_version, photo_name, photo_names
from tanghulu.apps.jobs.queries.names import JobName, job_names
from tanghulu.apps.jobs.queries.phone import RunEvents, RunSummary, run_events, runs
from tanghulu.apps.jobs.queries.replay import Replay, replay
from tanghulu.apps.jobs.queries.wall import NewestPhoto, Wall, wall

__all__ = [
    "PAGE",
    "SHOWS",
    "Board",
    "Counts",
    "Filters",
    "Happening",
    "Job",
    "JobBrief",
    "JobCard",
    "JobInside",
    "JobName",
    "NewestPhoto",
    "PersonInside",
    "Replay",
    "RunEvents",
    "RunSummary",
    "Show",
    "ThingInside",
    "Wall",
    "board",
    "board_version",
    "cards",
    "counts",
    "inside",
    "job",
    "job_names",
    "job_stamp",
    "job_version",
    "photo_name",
    "photo_names",
    "replay",
    "run_events",
    "runs",
    "tenants_with_arrivals",
    "tenants_with_timers",
    "tenants_with_unindexed",
    "tenants_with_unsealed",
    "wall",
]

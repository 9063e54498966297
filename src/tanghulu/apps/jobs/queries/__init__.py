"""What is looked up about jobs."""

from tanghulu.apps.jobs.queries.alike import Alike, alike
from tanghulu.apps.jobs.queries.board import (
    PAGE,
    PAGE_OF_ENDED,
    Board,
    Counts,
    JobBrief,
    JobCard,
    board,
    board_version,
    cards,
    first_run,
)
from tanghulu.apps.jobs.queries.comments import MENTION, Remark, comments, comments_by_number, to_mention
from tanghulu.apps.jobs.queries.duties import (
    tenants_with_arrivals,
    tenants_with_timers,
    tenants_with_unindexed,
    tenants_with_unsealed,
)
from tanghulu.apps.jobs.queries.filters import SHOWS, Filters, Show
from tanghulu.apps.jobs.queries.inside import JobInside, PersonInside, ThingInside, inside
from tanghulu.apps.jobs.queries.job import (
    Happening,
    Job,
    job,
    job_stamp,
    job_version,
    photo_name,
    photo_names,
    pictures,
)
from tanghulu.apps.jobs.queries.names import JobName, job_names
from tanghulu.apps.jobs.queries.phone import RunEvents, RunSummary, run_events, runs
from tanghulu.apps.jobs.queries.replay import Replay, replay
from tanghulu.apps.jobs.queries.reviews import OpenDecision, Waiting, open_decision, waiting_reviews
from tanghulu.apps.jobs.queries.waiting import WaitingWork, waiting_work
from tanghulu.apps.jobs.queries.wall import NewestPhoto, Wall, wall

__all__ = [
    "MENTION",
    "PAGE",
    "PAGE_OF_ENDED",
    "SHOWS",
    "Alike",
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
    "OpenDecision",
    "PersonInside",
    "Remark",
    "Replay",
    "RunEvents",
    "RunSummary",
    "Show",
    "ThingInside",
    "Waiting",
    "WaitingWork",
    "Wall",
    "alike",
    "board",
    "board_version",
    "cards",
    "comments",
    "comments_by_number",
    "first_run",
    "inside",
    "job",
    "job_names",
    "job_stamp",
    "job_version",
    "open_decision",
    "photo_name",
    "photo_names",
    "pictures",
    "replay",
    "run_events",
    "runs",
    "tenants_with_arrivals",
    "tenants_with_timers",
    "tenants_with_unindexed",
    "tenants_with_unsealed",
    "to_mention",
    "waiting_reviews",
    "waiting_work",
    "wall",
]

"""What is looked up about jobs."""

from tanghulu.apps.jobs.queries.board import MOST, Board, JobRow, board, board_stamp
from tanghulu.apps.jobs.queries.duties import tenants_with_arrivals, tenants_with_timers, tenants_with_unsealed
from tanghulu.apps.jobs.queries.job import Happening, Job, job, job_stamp, photo_name, photo_names
from tanghulu.apps.jobs.queries.phone import RunEvents, RunSummary, run_events, runs

__all__ = [
    "MOST",
    "Board",
    "Happening",
    "Job",
    "JobRow",
    "RunEvents",
    "RunSummary",
    "board",
    "board_stamp",
    "job",
    "job_stamp",
    "photo_name",
    "photo_names",
    "run_events",
    "runs",
    "tenants_with_arrivals",
    "tenants_with_timers",
    "tenants_with_unsealed",
]

"""What changes about jobs: events and photos come in, time passes, runs are sealed and handed out."""

from tanghulu.apps.jobs.actions.arrivals import finish_arrivals, keep_opening, keep_photo
from tanghulu.apps.jobs.actions.comments import comment, erase_comment
from tanghulu.apps.jobs.actions.export import write_pack
from tanghulu.apps.jobs.actions.receive import Outcome, Submission, receive
from tanghulu.apps.jobs.actions.seals import seal_ended
from tanghulu.apps.jobs.actions.timers import fire_timers

__all__ = [
    "Outcome",
    "Submission",
    "comment",
    "erase_comment",
    "finish_arrivals",
    "fire_timers",
    "keep_opening",
    "keep_photo",
    "receive",
    "seal_ended",
    "write_pack",
]

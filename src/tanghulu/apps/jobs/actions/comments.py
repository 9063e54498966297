"""Comments on jobs: what people say about them, beside the log and never in it.

A comment proves nothing and changes nothing about a job. It is personal data, so its words can be erased; that
something stood there, by whom and when, stays.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tanghulu.apps.jobs.mentions import mentioned
from tanghulu.apps.jobs.models import Comment
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.jobs.queries.comments import MENTION, may_erase
from tanghulu.apps.notices import actions as notices
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Invalid, NotAllowed, NotFound

LONGEST = 2000
"""Characters of a comment."""


@transaction.atomic
def comment(actor: Actor, *, run: str, text: str, at: datetime, step: str = "") -> int:
    """Say something about a job or one of its steps, and tell everybody whom it mentions by `@name`; its number.

    Raises NotFound `run_not_found`, `step_not_found`, Invalid `text_missing`, `text_too_long`.
    """
    actor.require(Permission.JOBS_RUN_COMMENT)
    row = parts.run_row(run)
    script = parts.script_of(row)
    if step and (script is None or step not in script.steps):
        raise NotFound("step_not_found")
    words = _worded(text)
    people = mentioned(actor, words)
    written = Comment.objects.create(
        run=row, step=step, author=actor.member, text=words, mentions=sorted(set(people.values())), at=at
    )
    notices.notify(actor, members=people.keys(), kind=MENTION, about=run, item=written.pk, at=at)
    return written.pk


@transaction.atomic
def erase_comment(actor: Actor, *, run: str, number: int, at: datetime) -> None:
    """Destroy the words of a comment: one's own, or with `jobs.comment.erase` anybody's. Twice is once.

    Raises NotFound `comment_not_found`, NotAllowed `permission_missing`.
    """
    actor.require(Permission.JOBS_RUN_READ)
    row = Comment.objects.filter(run__ref=run, pk=number).first()
    if row is None:
        raise NotFound("comment_not_found")
    if not may_erase(actor, row.author):
        raise NotAllowed("permission_missing", permission=Permission.JOBS_COMMENT_ERASE.value)
    Comment.objects.filter(pk=row.pk, erased_at=None).update(text="", mentions=[], erased_at=at)
    notices.withdraw(actor, kind=MENTION, item=row.pk)


def _worded(text: str) -> str:
    """The text without needless blanks; its lines stay lines."""
    words = "\n".join(" ".join(line.split()) for line in text.replace("\0", "").splitlines()).strip()
    if not words:
        raise Invalid("text_missing", field="text")
    if len(words) > LONGEST:
        raise Invalid("text_too_long", field="text", limit=LONGEST)
    return words

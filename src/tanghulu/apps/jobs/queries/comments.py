"""What was said about jobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.directory import finding
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.jobs.models import Comment
from tanghulu.apps.jobs.queries import parts
from tanghulu.core.access import Actor, Permission

MENTION = "mention"
"""The kind of the notices that mentions make; their item is the number of the comment."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment. `author` is a ref, empty for a machine; `mentions` are names as they stand in the text."""

    number: int
    run: str
    step: str
    author: str
    name: str
    text: str
    mentions: Sequence[str]
    at: datetime
    is_erased: bool
    may_erase: bool


def comments(actor: Actor, *, run: str) -> Sequence[Remark]:
    """What was said about a job, oldest first. Raises NotFound `run_not_found`."""
    actor.require(Permission.JOBS_RUN_READ)
    row = parts.run_row(run)
    return _remarks(actor, list(Comment.objects.filter(run=row).select_related("run").order_by("at", "pk")))


def comments_by_number(actor: Actor, *, numbers: Iterable[int]) -> dict[int, Remark]:
    """Those of these comments that there are."""
    actor.require(Permission.JOBS_RUN_READ)
    rows = Comment.objects.filter(pk__in=list(numbers)).select_related("run")
    return {remark.number: remark for remark in _remarks(actor, list(rows))}


def to_mention(actor: Actor, *, word: str, limit: int = 8) -> Sequence[finding.Person]:
    """Active people to choose from while somebody writes `@word`."""
    actor.require(Permission.JOBS_RUN_COMMENT)
    return finding.colleagues_called(actor, word=word, limit=limit)


def may_erase(actor: Actor, author: str) -> bool:
    """Whether the actor may erase a comment of this author."""
    return actor.may(Permission.JOBS_COMMENT_ERASE) or (bool(author) and author == actor.member)


def _remarks(actor: Actor, rows: Sequence[Comment]) -> list[Remark]:
    names = directory.member_names(actor, refs={row.author for row in rows} - {""})
    return [
        Remark(
            number=row.pk,
            run=row.run.ref,
            step=row.step,
            author=row.author,
            name=names.get(row.author, ""),
            text=row.text,
            mentions=row.mentions,
            at=row.at,
            is_erased=row.erased_at is not None,
            may_erase=row.erased_at is None and may_erase(actor, row.author),
        )
        for row in rows
    ]

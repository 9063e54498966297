"""Comments on jobs, for phones and programs: what a program finds it may say, never decide."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from tanghulu.apps.jobs import actions, queries
from tanghulu.web import endpoints
from tanghulu.web.api.answers import TEXT, declined

router = Router(tags=["comments"])


class CommentIn(Schema):
    """What is said, about a step or, without one, about the whole job; `@name` tells somebody."""

    text: Annotated[str, Field(pattern=TEXT)]
    step: Annotated[str, Field(pattern=TEXT)] = ""


class CommentOut(Schema):
    """A comment; `author` is empty for a machine, `text` once it has been erased."""

    number: int
    step: str
    author: str
    name: str
    text: str
    at: datetime
    erased: bool


class CommentsOut(Schema):
    """Comments on one job, oldest first."""

    comments: list[CommentOut]


class WrittenOut(Schema):
    """The number of a comment that has been written."""

    number: int


@router.get("/runs/{run}/comments", response={200: CommentsOut, **declined(403, 404)})
def get_comments(request: HttpRequest, run: str) -> CommentsOut:
    """What was said about a job."""
    found = queries.comments(endpoints.actor_of(request), run=run)
    return CommentsOut(
        comments=[
            CommentOut(
                number=one.number,
                step=one.step,
                author=one.author,
                name=one.name,
                text=one.text,
                at=one.at,
                erased=one.is_erased,
            )
            for one in found
        ]
    )


@router.post("/runs/{run}/comments", response={201: WrittenOut, **declined(403, 404, 422)})
def post_comment(request: HttpRequest, run: str, comment: CommentIn) -> Status[WrittenOut]:
    """Say something about a job."""
    actor = endpoints.actor_of(request)
    number = actions.comment(actor, run=run, text=comment.text, step=comment.step, at=timezone.now())
    return Status(201, WrittenOut(number=number))

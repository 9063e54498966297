"""Keys that ended: after the run, during it, by people who may not; and a server that says something else."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support import stories
from tests.support.altered.registry import altered
from tests.support.stories import RUN, Story

REVOKED = ("key_revoked",)


@altered(0)
def revoked_after_the_run() -> bytes:
    story = _crew()
    _act(story, ())
    story.book.seal(RUN)
    story.book.revoke(story.wen, by=story.chen)
    return story.pack()


@altered(0)
def revoked_by_its_own_person() -> bytes:
    """Chen hands back the device with which the job was done, and says so with it."""
    story = stories.smallest()
    story.book.revoke(story.chen, by=story.chen, why="retired")
    return story.pack()


@altered(3, WHO="signed_after_revocation")
def revoked_during_the_run() -> bytes:
    """Wen's phone is lost; what it sends afterwards is kept, with a photo that never came."""
    story = _crew()
    _act(story, ())
    story.book.revoke(story.wen, by=story.chen)
    story.take(story.wen, "before/power_off", "isolator", codes=REVOKED)
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="revocation_differs")
def revoked_and_not_marked() -> bytes:
    story = _crew()
    story.book.revoke(story.wen, by=story.chen)
    _act(story, ())
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="revocation_differs")
def revoked_in_the_mark_only() -> bytes:
    """The server marks an act as that of a revoked key, and no revocation is brought."""
    story = _crew()
    _act(story, REVOKED)
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="revocation_not_allowed")
def revoked_by_one_who_may_not() -> bytes:
    story = _crew()
    story.book.revoke(story.chen, by=story.wen)
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="revocation_not_allowed")
def revoked_by_the_server() -> bytes:
    story = stories.alone()
    story.book.revoke(story.chen, by=story.book.server)
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="revocation_not_allowed")
def revoked_by_a_revoked_key() -> bytes:
    story = _crew()
    story.book.seal(RUN)
    story.book.revoke(story.chen, by=story.chen)
    story.book.revoke(story.wen, by=story.chen)
    return story.pack()


@altered(1, INTEGRITY="signature_unknown_key", WHO="enrolment_missing")
def revoked_by_an_unknown_device() -> bytes:
    """Somebody whose device the pack does not know ends the key of Wen's."""
    story = _crew()
    story.book.seal(RUN)
    story.book.revoke(story.wen, by=story.book.device("stranger"))
    return story.pack()


@altered(1, WHO="countersignature_not_allowed")
def revoked_before_it_vouched() -> bytes:
    """Chen's key has ended and still lets Wen's phone in."""
    story = stories.alone()
    story.book.revoke(story.chen, by=story.chen)
    story.wen = story.book.device("wen")
    story.book.enrol(story.wen, by=story.chen)
    _act(story, ())
    story.book.seal(RUN)
    return story.pack()


def _crew() -> Story:
    """Chen has opened a job, and Wen has come."""
    story = stories.alone()
    story.wen = story.book.device("wen")
    story.book.enrol(story.wen, by=story.chen)
    return story


def _act(story: Story, codes: Sequence[str]) -> None:
    signed = story.book.sign(story.wen, run=RUN, type="step.confirmed", step="before/power_off", activation=1, data={})
    story.book.admit(signed, codes=codes)

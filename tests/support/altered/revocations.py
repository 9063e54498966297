"""Keys that ended: after the run, during it, by people who may not; and a server that says something else."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tanghulu.core import canonical
from tanghulu.core.chain import envelope
from tanghulu.core.chain.envelope import Envelope
from tests.support import stories
from tests.support.altered.registry import altered
from tests.support.stories import OPENED, RUN, Story

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


@altered(3, ORDER="revoked_not_judged", WHO="signed_after_revocation")
def revoked_opens_the_run_again() -> bytes:
    """Who holds Wen's phone opens Chen's job a second time, by a template of another version; work goes on over it."""
    story = _lost()
    signed = story.book.sign(story.wen, run=RUN, type="run.opened", data={**OPENED, "version": "0" * 64})
    story.book.admit(signed, codes=REVOKED)
    story.confirm(story.chen, "before/power_off")
    story.book.seal(RUN)
    return story.pack()


@altered(3, ORDER="revoked_not_judged", WHO="signed_after_revocation")
def revoked_links_to_nothing() -> bytes:
    """It follows an event that nobody has seen, and forgets the phone's own before."""
    story = _lost()
    story.book.admit(_stop(story, links=["0" * 64]), codes=REVOKED)
    story.confirm(story.chen, "before/power_off")
    story.book.seal(RUN)
    return story.pack()


@altered(3, COMPLETENESS="revoked_gap", WHO="signed_after_revocation")
def revoked_leaves_numbers_out() -> bytes:
    """It is numbered 9 in the job; nobody waits for those between."""
    story = _lost()
    story.wen.rseqs[RUN] = 8
    story.book.admit(_stop(story), codes=REVOKED)
    story.book.seal(RUN)
    return story.pack()


@altered(3, WHO="signed_after_revocation")
def revoked_numbers_and_times_anew() -> bytes:
    """It uses a number and links of the phone once more, and its clock falls back."""
    story = _lost()
    story.wen.rseqs[RUN] = 0
    story.wen.mono_ms, story.wen.last = 5, "0" * 64
    story.book.admit(_stop(story), codes=REVOKED)
    story.book.seal(RUN)
    return story.pack()


@altered(3, ORDER="arrived_late", WHO="signed_after_revocation")
def revoked_between_events_of_its_device() -> bytes:
    """Of three events that Wen made in good time the second comes when the phone is lost: the third follows over it."""
    story = _crew()
    _act(story, ())
    second = _stop(story)
    reason = {"reason": story.book.hide("It was nothing")}
    third = story.book.sign(
        story.wen, run=RUN, type="run.resumed", data={}, commitments=reason, links=[second.payload_hash]
    )
    story.book.admit(third)
    story.book.revoke(story.wen, by=story.chen)
    story.book.admit(second, codes=REVOKED)
    story.book.seal(RUN)
    return story.pack()


@altered(1, COMPLETENESS="rseq_gap", WHO="signed_after_revocation")
def revoked_with_a_gap_before() -> bytes:
    """What Wen's phone left out while its key was good is missing all the same."""
    story = _crew()
    story.wen.rseqs[RUN] = 1
    _act(story, ())
    story.book.revoke(story.wen, by=story.chen)
    story.book.admit(_stop(story), codes=REVOKED)
    story.book.seal(RUN)
    return story.pack()


@altered(1, INTEGRITY="admission_invalid", ORDER="link_missing", WHO="signed_after_revocation")
def revoked_by_a_word_of_another_form() -> bytes:
    """An admission with a member too many says nothing, so that nothing is put aside for it."""
    story = _lost()
    story.book.admit(_stop(story, links=["0" * 64]), codes=REVOKED)
    said = json.loads(story.book.admissions[-1].payload)
    spoken = canonical.dumps({**said, "more": True})
    story.book.admissions[-1] = envelope.sign(spoken, story.book.server.key, payload_type=envelope.ADMISSION_TYPE)
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


def _lost() -> Story:
    """Wen has acted, and then her phone is lost."""
    story = _crew()
    _act(story, ())
    story.book.revoke(story.wen, by=story.chen)
    return story


def _stop(story: Story, *, links: Sequence[str] | None = None) -> Envelope:
    return story.book.sign(story.wen, run=RUN, links=links, type="run.stopped", data={})


def _act(story: Story, codes: Sequence[str]) -> None:
    signed = story.book.sign(story.wen, run=RUN, type="step.confirmed", step="before/power_off", activation=1, data={})
    story.book.admit(signed, codes=codes)

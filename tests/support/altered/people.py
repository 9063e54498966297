"""Acts and enrolments by devices that may not."""

from __future__ import annotations

from collections.abc import Callable

from tanghulu.core.chain import enrolment, envelope
from tests.support import stories, zips
from tests.support.altered.registry import altered, brief, good
from tests.support.log_book import LogBook, ref
from tests.support.stories import OTHER_RUN, RUN, Story


@altered(1, INTEGRITY="event_foreign")
def event_of_another_run() -> bytes:
    members, story = good(), stories.sealed()
    index = next(index for index in range(len(story.book.entries)) if story.book.event(index).run == OTHER_RUN)
    foreign = story.book.logged(index, admitted=True)
    members["events/000012.dsse.json"] = foreign.entry
    members["proofs/000012.tlog-proof"] = foreign.proof
    members["admissions/000012.dsse.json"] = foreign.admission or b""
    return zips.repack(members, events=12)


@altered(1, INTEGRITY="event_foreign")
def run_of_another_name() -> bytes:
    return zips.repack(brief(), run=ref("another run"))


@altered(1, INTEGRITY="signature_unknown_key", WHO="enrolment_missing")
def key_without_enrolment() -> bytes:
    story = stories.alone()
    stranger = story.book.device("stranger")
    story.confirm(stranger, "after/clear")
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="enrolment_missing")
def enrolled_twice() -> bytes:
    story = stories.alone()
    again = story.book.device("chen")
    story.book.enrol(again, by=story.book.server, may_enrol=True)
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="countersignature_missing")
def enrolled_by_nobody() -> bytes:
    return _enrolled(lambda story: None)


@altered(1, WHO="countersignature_not_allowed")
def enrolled_by_one_who_may_not() -> bytes:
    return _enrolled(lambda story: story.wen, story=stories.opened(LogBook()))


@altered(1, WHO="countersignature_not_allowed")
def enrolled_by_the_server_without_being_a_founder() -> bytes:
    return _enrolled(lambda story: story.book.server)


@altered(1, WHO="countersignature_not_allowed")
def enrolled_by_oneself_on_another_device() -> bytes:
    return _enrolled(lambda story: story.chen, name="chen at home")


@altered(1, WHO="countersignature_not_allowed")
def founder_enrolled_by_the_server_again() -> bytes:
    return _enrolled(lambda story: story.book.server, name="chen at home")


@altered(0, WHO="founder_by_server")
def founder_made_by_the_server() -> bytes:
    """Whoever has the server's key makes a second founder, who lets in a phone that acts as Wen.

    Only a policy that pins the founders' devices can tell.
    """
    book = LogBook()
    book.open(founders=("chen", "zhao"))
    chen, zhao, wen = (book.device(name) for name in ("chen", "zhao", "wen"))
    book.enrol(chen, by=book.server, may_enrol=True)
    book.enrol(zhao, by=book.server, may_enrol=True)
    book.enrol(wen, by=zhao)
    story = Story(book, chen, wen, wen)
    book.act(wen, RUN, "run.opened", data=stories.OPENED)
    story.confirm(wen, "before/power_off")
    book.seal(RUN)
    return story.pack()


@altered(1, WHO="countersignature_not_allowed")
def enrolled_by_a_later_device() -> bytes:
    """Xu's phone is vouched for by Yan's, which enters the log only afterwards."""
    story = stories.alone()
    xu, yan = story.book.device("xu"), story.book.device("yan")
    story.book.enrol(xu, by=yan)
    story.book.enrol(yan, by=story.chen, may_enrol=True)
    story.confirm(xu, "after/clear")
    story.book.seal(RUN)
    return story.pack()


def _enrolled(by: Callable[[Story], stories.Device | None], *, name: str = "xu", story: Story | None = None) -> bytes:
    story = story or stories.alone()
    device = story.book.device(name)
    story.book.enrol(device, by=by(story))
    story.confirm(device, "after/clear")
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="enrolled_later")
def enrolled_after_acting() -> bytes:
    story = stories.alone()
    xu = story.book.device("xu")
    xu.dseq, xu.last = 1, "0" * 64
    act = story.book.sign(xu, run=RUN, type="run.stopped", data={})
    xu.dseq, xu.mono_ms, xu.last = 0, 0, None
    enrolled = story.book.sign(
        xu, type="device.enrolled", data=enrolment.enrolment_data(spki=xu.key.spki, may_enrol=False)
    )
    story.book.admit(act)
    story.book.admit(envelope.countersign(enrolled, story.chen.key))
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="actor_differs")
def acting_for_somebody_else() -> bytes:
    story = stories.alone()
    story.wen.actor = ref("vera")
    story.confirm(story.wen, "before/power_off")
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="server_actor_differs")
def acting_as_the_server() -> bytes:
    story = stories.alone()
    story.wen.actor = "server"
    story.book.act(story.wen, RUN, "timer.fired", data={"timer": "expiry"})
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="type_not_allowed")
def server_decides() -> bytes:
    story = stories.alone()
    data = {"verdict": "ok", "saw": []}
    story.book.act(story.book.server, RUN, "decision.made", step="after/accept", activation=1, data=data)
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="server_actor_differs")
def server_acts_as_a_person() -> bytes:
    """The server signs an act with its own key under Wen's name."""
    story = stories.alone()
    story.book.server.actor = story.wen.actor
    story.confirm(story.book.server, "before/power_off")
    story.book.server.actor = "server"
    story.book.seal(RUN)
    return story.pack()


@altered(0)
def type_from_a_later_version() -> bytes:
    """A type that this version does not know is kept and judged by its form only."""
    story = stories.alone()
    story.book.act(story.wen, RUN, "meter.linked", data={"meter": "M-7"})
    story.book.seal(RUN)
    return story.pack()

"""Events in another order, dropped, or not linked as they must be."""

from __future__ import annotations

from tests.support import stories, zips
from tests.support.altered.registry import altered, dropped, good
from tests.support.stories import OPENED, OTHER_RUN, RUN


@altered(1, ORDER="index_not_rising")
def events_exchanged() -> bytes:
    members = good()
    for folder, ending in (("events/", ".dsse.json"), ("proofs/", ".tlog-proof"), ("admissions/", ".dsse.json")):
        one, two = f"{folder}000006{ending}", f"{folder}000007{ending}"
        members[one], members[two] = members[two], members[one]
    return zips.repack(members)


@altered(1, ORDER="link_missing", COMPLETENESS="seal_count_differs")
def middle_dropped_and_renumbered() -> bytes:
    return zips.repack(dropped(good(), 6), events=10)


@altered(1, INTEGRITY="file_missing", ORDER="link_missing", COMPLETENESS="seal_count_differs")
def middle_dropped_not_renumbered() -> bytes:
    return zips.repack(dropped(good(), 6, renumber=False))


@altered(1, ORDER="run_opened_missing")
def opening_dropped() -> bytes:
    return zips.repack(dropped(good(), 1), events=10)


@altered(1, ORDER="run_opened_twice")
def run_opened_twice() -> bytes:
    story = stories.alone()
    story.book.act(story.vera, RUN, "run.opened", data=OPENED)
    story.book.seal(RUN)
    return story.pack()


@altered(1, ORDER="link_missing")
def link_to_another_run() -> bytes:
    story = stories.alone()
    other = story.book.act(story.vera, OTHER_RUN, "run.opened", data=OPENED)
    story.book.act(story.wen, RUN, "run.stopped", data={}, links=[other.hash])
    story.book.seal(RUN)
    return story.pack()


@altered(1, ORDER="device_order_broken")
def device_forgets_its_own_event() -> bytes:
    """Wen's second event does not follow her first: they could be shown in either order."""
    story = stories.alone()
    begin = story.book.events(RUN)[0].hash
    story.take(story.wen, "before/power_off", "isolator")
    story.book.act(story.wen, RUN, "run.stopped", data={}, links=[begin])
    story.book.seal(RUN)
    return story.pack()


@altered(1, ORDER="event_twice")
def rseq_twice() -> bytes:
    story = stories.alone()
    story.confirm(story.wen, "before/power_off")
    story.wen.rseqs[RUN] -= 1
    story.confirm(story.wen, "before/lock")
    story.book.seal(RUN)
    return story.pack()


@altered(1, ORDER="event_twice")
def dseq_twice() -> bytes:
    """A fork: the device signed two events of one number, and both were let into the log."""
    story = stories.alone()
    before = story.wen.last
    story.confirm(story.wen, "before/power_off")
    story.wen.dseq -= 1
    story.wen.last = before
    story.confirm(story.wen, "before/lock")
    story.book.seal(RUN)
    return story.pack()


@altered(1, ORDER="device_link_broken")
def device_link_broken() -> bytes:
    story = stories.alone()
    story.wen.last = "0" * 64
    story.confirm(story.wen, "before/power_off")
    story.book.seal(RUN)
    return story.pack()


@altered(1, ORDER="clock_fell_back")
def clock_fell_back() -> bytes:
    story = stories.alone()
    story.wen.mono_ms = 5
    story.confirm(story.wen, "before/power_off")
    story.book.seal(RUN)
    return story.pack()


@altered(0, ORDER="contradicting_acts")
def acts_against_the_rules() -> bytes:
    """The server received two acts that its rules did not allow; they are logged like all others."""
    story = stories.alone()
    for step in ("after/clear", "after/accept"):
        act = story.book.sign(story.wen, run=RUN, type="step.confirmed", step=step, activation=1, data={})
        story.book.admit(act, codes=("stage_not_reached",))
    story.book.seal(RUN)
    return story.pack()


@altered(0, ORDER="arrived_late")
def late_arrival() -> bytes:
    """Vera's two events of a day offline arrive in the wrong order: the links put them right."""
    story = stories.alone()
    book = story.book
    earlier = book.sign(story.vera, run=RUN, type="run.stopped", data={})
    reason = {"reason": book.hide("It was nothing")}
    later = book.sign(
        story.vera, run=RUN, type="run.resumed", data={}, commitments=reason, links=[earlier.payload_hash]
    )
    book.admit(later)
    book.admit(earlier)
    book.seal(RUN)
    return story.pack()

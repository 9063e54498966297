"""Seals that say something else than the pack, or that are missing."""

from __future__ import annotations

from tests.support import stories, zips
from tests.support.altered.registry import altered, dropped, first, good
from tests.support.stories import RUN


@altered(3, COMPLETENESS="seal_missing")
def seal_dropped() -> bytes:
    return zips.repack(dropped(good(), 11), events=10)


@altered(3, COMPLETENESS="seal_missing")
def last_event_and_seal_dropped() -> bytes:
    story = stories.sealed()
    reason = story.book.events(RUN)[-2].commitments["reason"]
    members = zips.unzip(story.book.pack(RUN, withhold=[reason]))
    return zips.repack(dropped(dropped(members, 11), 10), events=9)


@altered(1, COMPLETENESS="seal_count_differs", ORDER="link_missing")
def last_event_before_the_seal_dropped() -> bytes:
    return zips.repack(dropped(good(), 10), events=10)


@altered(1, COMPLETENESS="seal_heads_differ")
def seal_with_other_heads() -> bytes:
    story = stories.alone()
    story.book.seal(RUN, heads=["0" * 64])
    return story.pack()


@altered(1, COMPLETENESS="seal_count_differs")
def seal_with_another_count() -> bytes:
    story = stories.alone()
    story.book.seal(RUN, count=99)
    return story.pack()


@altered(1, COMPLETENESS="seal_devices_differ")
def seal_with_other_devices() -> bytes:
    story = stories.alone()
    story.book.seal(RUN, devices={story.chen.key.device: 9})
    return story.pack()


@altered(1, COMPLETENESS="rseq_gap")
def rseq_gap() -> bytes:
    story = stories.alone()
    story.chen.rseqs[RUN] += 1
    story.confirm(story.chen, "before/power_off")
    story.book.seal(RUN)
    return story.pack()


@altered(3, COMPLETENESS="seal_outdated")
def seal_outdated() -> bytes:
    story = stories.brief()
    story.photo(story.chen, "after/clear", "belt")
    return story.pack()


@altered(0)
def sealed_again() -> bytes:
    return stories.resealed().pack()


@altered(3, COMPLETENESS="photo_never_stored")
def photo_stored_without_a_word() -> bytes:
    return _with_photo()


@altered(3, INTEGRITY="photo_never_stored", COMPLETENESS="photo_never_stored")
def photo_never_stored() -> bytes:
    members = zips.unzip(_with_photo())
    del members[first(members, "photos/")]
    return zips.repack(members)


def _with_photo() -> bytes:
    story = stories.alone()
    story.take(story.chen, "before/power_off", "isolator")
    story.book.seal(RUN)
    return story.pack()


@altered(1, WHO="type_not_allowed", COMPLETENESS="seal_missing")
def sealed_by_a_person() -> bytes:
    story = stories.alone()
    data = {"count": len(story.book.events(RUN)), "heads": story.book.heads(RUN), "devices": {}}
    story.book.act(story.chen, RUN, "run.sealed", data=data)
    return story.pack()

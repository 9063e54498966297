"""Photos that do not count, and photos that nothing waited for."""

from __future__ import annotations

from dataclasses import replace

from tests.support import stories, zips
from tests.support.altered.registry import altered, first, flip
from tests.support.stories import RUN, Story
from tests.support.zips import Members

AGAINST_THE_RULES = ("not_your_task",)


def _refused(*, stored: bool = False) -> Story:
    """Chen's photo is refused, because its event says another size and type; he takes another."""
    story = stories.alone()
    photo = story.book.photo("isolator", media_type="image/png")
    taken = story.take(story.chen, "before/power_off", "isolator", photo=replace(photo, size=photo.size + 1))
    if stored:
        story.store(taken)
    story.refuse(taken, "size_differs", "type_differs")
    story.photo(story.chen, "before/power_off", "isolator")
    story.book.seal(RUN)
    return story


def _named_as_it_is(story: Story) -> Members:
    """The pack in which the refused photo's file has the ending of what it is, not of what its event says."""
    members = zips.unzip(story.pack())
    name = next(name for name in members if name.endswith(".png"))
    members[name.removesuffix(".png") + ".jpg"] = members.pop(name)
    return members


@altered(0)
def refused_photo() -> bytes:
    return zips.repack(_named_as_it_is(_refused()))


@altered(0)
def refused_photo_not_kept() -> bytes:
    members = zips.unzip(_refused().pack())
    del members[next(name for name in members if name.endswith(".png"))]
    return zips.repack(members)


@altered(1, INTEGRITY="photo_altered")
def refused_photo_altered() -> bytes:
    members = _named_as_it_is(_refused())
    name = first(members, "photos/")
    members[name] = flip(members[name])
    return zips.repack(members)


@altered(1, INTEGRITY="photo_missing")
def refused_photo_taken_out() -> bytes:
    members = zips.unzip(_refused(stored=True).pack())
    del members[next(name for name in members if name.endswith(".png"))]
    return zips.repack(members)


@altered(1, WHO="type_not_allowed")
def refused_by_a_person() -> bytes:
    story = stories.alone()
    taken = story.photo(story.chen, "before/power_off", "isolator")
    data = {"commitment": taken.photos[0].commitment, "codes": ["size_differs"]}
    story.book.act(story.chen, RUN, "photo.refused", data=data)
    story.book.seal(RUN)
    return story.pack()


def _foreign(*, opened: bool = True, codes: tuple[str, ...] = AGAINST_THE_RULES) -> Members:
    """Wen has no part in the job, names it all the same, and never sends the bytes of his photo."""
    story = stories.people(stories.LogBook())
    story.book.act(story.chen, RUN, "run.opened", data=stories.OPENED)
    taken = story.take(story.wen, "before/power_off", "isolator", codes=codes)
    story.confirm(story.chen, "before/power_off")
    story.book.seal(RUN)
    withheld = [] if opened else [taken.photos[0].commitment]
    members = zips.unzip(story.book.pack(RUN, withhold=withheld))
    for name in [name for name in members if name.startswith("photos/")]:
        del members[name]
    return members


@altered(0)
def photo_against_the_rules_never_came() -> bytes:
    return zips.repack(_foreign())


@altered(0)
def photo_against_the_rules_never_opened() -> bytes:
    return zips.repack(_foreign(opened=False))


@altered(3, INTEGRITY="photo_never_stored", COMPLETENESS="photo_never_stored")
def photo_by_the_rules_never_came() -> bytes:
    return zips.repack(_foreign(codes=()))

"""Members changed, missing or smuggled in."""

from __future__ import annotations

import hashlib

from tanghulu.core import canonical
from tanghulu.core.chain.commitment import open_with
from tests.support import stories, zips
from tests.support.altered.registry import altered, brief, first, flip
from tests.support.log_book import stretch
from tests.support.stories import RUN


@altered(1, INTEGRITY="file_altered")
def photo_byte() -> bytes:
    members = brief()
    name = first(members, "photos/")
    return zips.rezip({**members, name: flip(members[name], 100)})


@altered(1, INTEGRITY="photo_altered")
def photo_byte_and_manifest() -> bytes:
    members = brief()
    name = first(members, "photos/")
    return zips.repack({**members, name: flip(members[name], 100)})


@altered(1, INTEGRITY="photo_missing")
def photo_missing() -> bytes:
    members = brief()
    del members[first(members, "photos/")]
    return zips.repack(members)


@altered(1, INTEGRITY="photo_missing")
def photo_swapped_for_another() -> bytes:
    members = brief()
    del members[first(members, "photos/")]
    raw = b"another picture"
    return zips.repack({**members, f"photos/{hashlib.sha256(raw).hexdigest()}.jpg": raw})


@altered(1, INTEGRITY="photo_foreign")
def photo_of_no_event() -> bytes:
    raw = b"another picture"
    return zips.repack({**brief(), f"photos/{hashlib.sha256(raw).hexdigest()}.jpg": raw})


@altered(3, INTEGRITY="photo_withheld")
def photo_withheld() -> bytes:
    story = stories.brief()
    taken = next(one for one in story.book.events(RUN) if one.photos)
    return story.book.pack(RUN, withhold=[taken.photos[0].commitment])


@altered(1, INTEGRITY="file_unlisted")
def file_unlisted() -> bytes:
    return zips.rezip({**brief(), "notes.txt": b"smuggled in"})


@altered(1, INTEGRITY="file_missing")
def file_missing() -> bytes:
    members = brief()
    del members["report.html"]
    return zips.rezip(members)


@altered(1, INTEGRITY="file_altered")
def manifest_lies_about_a_file() -> bytes:
    members = brief()
    manifest = canonical.loads(members["manifest.json"])
    assert isinstance(manifest, dict)
    files = manifest["files"]
    assert isinstance(files, dict)
    files["report.html"] = {"sha256": "0" * 64, "size": 36}
    return zips.rezip({**members, "manifest.json": canonical.dumps(manifest)})


@altered(1, INTEGRITY="checkpoint_differs")
def manifest_lies_about_the_size() -> bytes:
    return zips.repack(brief(), size=9)


@altered(1, INTEGRITY="file_unlisted")
def manifest_hides_the_last_event() -> bytes:
    return zips.repack(brief(), events=4)


@altered(1, INTEGRITY="file_unlisted")
def admission_of_an_event_that_is_not_here() -> bytes:
    members = brief()
    return zips.repack({**members, "admissions/000099.dsse.json": members["admissions/000001.dsse.json"]})


@altered(1, INTEGRITY="opening_invalid")
def opening_altered() -> bytes:
    members = brief()
    openings = canonical.loads(members["openings.json"])
    assert isinstance(openings, list)
    chosen = next(one for one in openings if isinstance(one, dict) and one["value"] == "Chen")
    assert isinstance(chosen, dict)
    chosen["value"] = "Li"
    return zips.repack({**members, "openings.json": canonical.dumps(openings)})


@altered(1, INTEGRITY="opening_foreign")
def opening_of_nothing() -> bytes:
    members = brief()
    openings = canonical.loads(members["openings.json"])
    assert isinstance(openings, list)
    both = [*openings, open_with("Nobody said this", stretch("salt of nothing", 32)).as_json()]
    both.sort(key=lambda one: one["commitment"])
    return zips.repack({**members, "openings.json": canonical.dumps(both)})


@altered(1, INTEGRITY="template_altered")
def template_altered() -> bytes:
    return zips.repack({**brief(), "template.json": canonical.dumps({"v": 1, "template": "easier-one"})})


@altered(1, INTEGRITY="template_missing")
def template_missing() -> bytes:
    members = brief()
    del members["template.json"]
    return zips.repack(members)

import hashlib
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from tanghulu.apps.photos import store
from tanghulu.apps.tenancy import scope
from tanghulu.core.photo import at_rest
from tanghulu.gateways import blobs
from tests.support.cast import Cast

CONTENT = b"\xff\xd8\xff the bytes of a photo" * 40
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def written(at_harbour: Cast) -> Iterator[Cast]:
    """Wen's photo is stored at Harbour."""
    store.write(CONTENT, sha256=NAME, subject=at_harbour["wen"].member)
    yield at_harbour
    shutil.rmtree(settings.DATA / "blobs", ignore_errors=True)


def files() -> list[str]:
    return [key for folder in ("photos", "derivatives") for key in blobs.store().keys(f"{folder}/harbour")]


class TestStore:
    def test_gives_back_the_very_bytes(self, written: Cast) -> None:
        assert store.has(NAME)
        assert store.read(NAME) == CONTENT

    def test_lets_nobody_read_the_disk(self, written: Cast) -> None:
        (key,) = files()
        assert b"the bytes of a photo" not in blobs.store().get(key)

    def test_notices_a_changed_byte(self, written: Cast) -> None:
        (key,) = files()
        kept = bytearray(blobs.store().get(key))
        kept[-1] ^= 1
        blobs.store().put(key, bytes(kept))
        with pytest.raises(at_rest.Unreadable):
            store.read(NAME)

    def test_has_nothing_of_another_name(self, written: Cast) -> None:
        other = "0" * 64
        assert not store.has(other)
        with pytest.raises(blobs.Missing):
            store.read(other)

    def test_has_nothing_for_another_company(self, written: Cast, cast: Cast) -> None:
        (key,) = files()
        sealed = blobs.store().get(key)
        with scope.within("quarry"):
            assert not store.has(NAME)
            # Not even when the file is copied over.
            blobs.store().put(key.replace("harbour", "quarry"), sealed)
            with pytest.raises(at_rest.Unreadable):
                store.read(NAME)

    def test_keeps_each_size_of_a_derivative_by_itself(self, written: Cast) -> None:
        store.write_derivative(NAME, size=320, content=b"small", subject=written["wen"].member)
        assert store.read_derivative(NAME, size=320) == b"small"
        assert store.read_derivative(NAME, size=1600) is None
        assert store.read(NAME) == CONTENT

from collections.abc import Callable
from pathlib import Path

import pytest

from tanghulu.gateways import blobs


@pytest.fixture(params=["files", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> blobs.Blobs:
    made: dict[str, Callable[[], blobs.Blobs]] = {
        "files": lambda: blobs.FileBlobs(tmp_path),
        "memory": blobs.MemoryBlobs,
    }
    return made[request.param]()


class TestBlobs:
    def test_give_back_what_was_put(self, store: blobs.Blobs) -> None:
        store.put("a/b", b"one")
        store.put("a/b", b"two")
        assert store.get("a/b") == b"two"

    @pytest.mark.parametrize("key", ["a", "a/b", "a/b/c", "z"])
    def test_say_what_is_missing(self, store: blobs.Blobs, key: str) -> None:
        store.put("a/x", b"")
        with pytest.raises(blobs.Missing):
            store.get(key)

    def test_forget_and_do_not_mind_to_forget_again(self, store: blobs.Blobs) -> None:
        store.put("a/b", b"one")
        store.delete("a/b")
        store.delete("a/b")
        with pytest.raises(blobs.Missing):
            store.get("a/b")

    def test_list_their_folders(self, store: blobs.Blobs) -> None:
        assert store.folders() == []
        for key in ("photos/a", "logs/b/c", "photos/d"):
            store.put(key, b"")
        assert store.folders() == ["logs", "photos"]

    def test_list_the_keys_below_a_folder(self, store: blobs.Blobs) -> None:
        for key in ("a/c", "a/b/d.p/3", "ab/c", "b"):
            store.put(key, b"")
        assert list(store.keys("a")) == ["a/b/d.p/3", "a/c"]
        assert list(store.keys("none")) == []

    @pytest.mark.parametrize("key", ["", "/a", "../a", "a/../b", "a/./b", ".a", "A", "a\\b", "a b", "a\0"])
    def test_refuse_a_key_that_could_leave_the_store(self, store: blobs.Blobs, key: str) -> None:
        with pytest.raises(ValueError, match="not the key"):
            store.put(key, b"")
        with pytest.raises(ValueError, match="not the key"):
            store.get(key)


class TestFileBlobs:
    def test_hide_drafts(self, tmp_path: Path) -> None:
        store = blobs.FileBlobs(tmp_path)
        store.put("a/b", b"")
        (tmp_path / "a" / ".b.0123").write_bytes(b"half")
        assert list(store.keys("a")) == ["a/b"]

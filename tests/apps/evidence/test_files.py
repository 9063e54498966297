import pytest

from tanghulu.apps.evidence import files
from tanghulu.core.chain import tiles
from tanghulu.gateways import blobs


class Nothing:
    """A log of which nothing is kept yet."""

    def read(self, path: str) -> bytes:
        raise blobs.Missing(path)


class TestPaths:
    @pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 300, 512, 65_536, 65_793])
    def test_are_those_that_are_written_for_a_log_of_this_size(self, size: int) -> None:
        written = tiles.grow(0, [b"entry"] * size, Nothing()).files if size else {}
        assert sorted(files.paths(size)) == sorted(written)
        assert all(files.is_within(path, size) for path in files.paths(size))

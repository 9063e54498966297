import hashlib
import mmap
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tanghulu.core.chain.pack_reader import read_pack
from tanghulu.core.chain.pack_writer import PackPhoto, write_pack
from tanghulu.core.chain.zip_directory import check_local, read_directory
from tanghulu.core.errors import Invalid
from tests.support import stories
from tests.support.altered.registry import small_pack


def ends(raw: bytes) -> tuple[int, int, int]:
    """Number of members, length and begin of the directory."""
    count, length, begin = struct.unpack("<HLL", raw[-12:-2])
    return count, length, begin


def large(raw: bytes, *, begin: int | None = None, total: int | None = None) -> bytes:
    """The same file with the records that large files have in front of the last one."""
    count, length, found = ends(raw)
    here = len(raw) - 22
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, total or count, length, found)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, here, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, length, found if begin is None else begin, 0)
    return raw[:here] + end_64 + locator + last


class TestReadDirectory:
    def test_lists_members_with_their_bytes(self) -> None:
        raw = small_pack()
        members, directory = read_directory(memoryview(raw))
        assert (len(members), len(raw) - 22 - directory) == ends(raw)[:2]
        for member in members:
            check_local(memoryview(raw), member)
        assert members[-1].end == directory

    @pytest.mark.parametrize("begin", [None, 0xFFFFFFFF])
    def test_reads_the_records_of_large_files(self, begin: int | None) -> None:
        raw = large(small_pack(), begin=begin)
        assert read_directory(memoryview(raw)) == read_directory(memoryview(small_pack()))
        assert read_pack(raw) == read_pack(small_pack())

    def test_reads_offsets_beyond_four_gigabytes(self) -> None:
        raw = small_pack()
        count, length, begin = ends(raw)
        name = struct.unpack_from("<H", raw, begin + 28)[0]
        after = begin + 46 + name
        far = struct.pack("<2HQ", 1, 8, 5 << 30)
        record = bytearray(raw[begin:after])
        struct.pack_into("<H", record, 30, len(far))
        struct.pack_into("<L", record, 42, 0xFFFFFFFF)
        last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, length + len(far), begin, 0)
        members, _ = read_directory(memoryview(raw[:begin] + record + far + raw[after:-22] + last))
        assert members[0].offset == 5 << 30

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            small_pack()[:-1],
            small_pack() + b"\x00",
            small_pack()[:-2] + b"\x01\x00",
            large(small_pack(), begin=7),
            large(small_pack(), total=7),
            large(small_pack())[-42:],
            small_pack()[:-6] + struct.pack("<LH", ends(small_pack())[2] + 1, 0),
            small_pack()[:-22] + b"extra" + small_pack()[-22:],
        ],
    )
    def test_refuses_another_layout(self, raw: bytes) -> None:
        with pytest.raises(Invalid, match="pack_unreadable"):
            read_directory(memoryview(raw))

    @pytest.mark.parametrize(
        ("offset", "layout", "value"),
        [(0, "<L", 0), (30, "<H", 4), (32, "<H", 1), (34, "<H", 1), (28, "<H", 60_000), (42, "<L", 0xFFFFFFFF)],
    )
    def test_refuses_a_record_that_says_more(self, offset: int, layout: str, value: int) -> None:
        raw = bytearray(small_pack())
        struct.pack_into(layout, raw, ends(small_pack())[2] + offset, value)
        with pytest.raises(Invalid, match="pack_unreadable"):
            read_directory(memoryview(bytes(raw)))


class TestLargePack:
    @pytest.mark.long
    def test_is_read_where_offsets_no_longer_fit(self, tmp_path: Path) -> None:
        parts = stories.smallest().book.parts(stories.RUN)
        sizes = [(63 << 20) + number for number in range(70)]

        def photo(size: int) -> PackPhoto:
            def chunks() -> Iterator[bytes]:
                yield bytes(size)

            return PackPhoto(hashlib.sha256(bytes(size)).hexdigest(), "image/jpeg", size, chunks)

        path = tmp_path / "large.zip"
        for count in (36, 70):
            with path.open("wb") as sink:
                manifest = write_pack(sink, replace(parts, photos=[photo(size) for size in sizes[:count]]))
            with path.open("rb") as source:
                pack = read_pack(memoryview(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)))
            assert pack.files == manifest.files

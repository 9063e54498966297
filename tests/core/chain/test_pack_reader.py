import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core.chain import pack_format
from tanghulu.core.chain.pack_reader import read_pack
from tanghulu.core.errors import Invalid
from tests.support import zips
from tests.support.altered import good_pack
from tests.support.altered.registry import small, small_pack
from tests.support.log_book import stretch


def refusal(pack: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_pack(pack)
    return caught.value.code


def with_count(pack: bytes, count: int) -> bytes:
    """The pack with records for a large directory, which say that it has so many members."""
    body, end = pack[:-22], pack[-22:]
    length, begin = struct.unpack_from("<2L", end, 12)
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, begin)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(body), 1)
    return body + large + locator + end[:8] + b"\xff\xff\xff\xff" + end[12:]


class TestReadPack:
    def test_holds_no_photo(self) -> None:
        pack = read_pack(good_pack())
        assert any(name.startswith("photos/") for name in pack.files)
        assert not any(name.startswith("photos/") for name in pack.documents)

    def test_counts_files_before_it_reads_them(self) -> None:
        assert refusal(with_count(small_pack(), pack_format.MAX_FILES + 1)) == "pack_too_many_files"

    def test_takes_no_two_numbers_of_members(self) -> None:
        assert refusal(with_count(small_pack(), pack_format.MAX_FILES)) == "pack_unreadable"
        assert refusal(with_count(small_pack(), 3)) == "pack_unreadable"

    def test_adds_up_what_members_declare(self) -> None:
        raw = zips.rezip({**small(), **{f"extra/{number:03d}": b"x" for number in range(200)}})
        for number in range(200):
            name = f"extra/{number:03d}"
            raw = zips.patch_directory(raw, name, zips.UNFOLDED, "<I", pack_format.MAX_FILE_BYTES)
            raw = zips.patch_directory(raw, name, zips.UNFOLDED - 4, "<I", pack_format.MAX_FILE_BYTES)
        assert refusal(raw) == "pack_too_large"

    def test_does_not_look_into_an_envelope_that_is_too_long(self) -> None:
        name = "events/000002.dsse.json"
        pack = read_pack(zips.repack({**small(), name: b"{" * 70_000}))
        assert name in pack.files
        assert name not in pack.documents

    @pytest.mark.parametrize("size", [0, 1, 100_000, 3 << 20])
    def test_hashes_other_members_of_any_size(self, size: int) -> None:
        content = (stretch("content", 60_000) * (size // 60_000 + 1))[:size]
        folded, stored = "tsa/token", f"photos/{'0' * 64}.jpg"
        pack = read_pack(zips.repack({**small(), folded: content, stored: content}))
        assert pack.files[folded] == pack.files[stored] == pack.manifest.files[folded]

    def test_refuses_bytes_between_members(self) -> None:
        raw = small_pack()
        with_gap = bytearray(raw[:-22])
        count, length, offset = struct.unpack("<HLL", raw[-12:-2])
        with_gap[offset:offset] = b"hidden"
        end = raw[-22:-12] + struct.pack("<HLLH", count, length, offset + 6, 0)
        assert refusal(bytes(with_gap) + end) == "pack_unreadable"

    def test_refuses_a_member_whose_sizes_come_after_it(self) -> None:
        assert refusal(zips.patch_directory(small_pack(), "report.html", zips.FLAGS, "<H", 8)) == "pack_unreadable"

    @given(st.binary(max_size=200))
    def test_never_fails_in_another_way(self, raw: bytes) -> None:
        assert refusal(raw).startswith("pack_")

    @given(st.data())
    def test_never_fails_in_another_way_on_damage(self, data: st.DataObject) -> None:
        raw = bytearray(small_pack())
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        with contextlib.suppress(Invalid):
            read_pack(bytes(raw))

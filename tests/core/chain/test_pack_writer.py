import hashlib
import io
import zipfile
from dataclasses import replace

import pytest

from tanghulu.core.chain.pack_reader import read_pack
from tanghulu.core.chain.pack_writer import PackPhoto, write_pack
from tanghulu.core.errors import Invalid
from tests.support import stories

STORY = stories.sealed()
PARTS = STORY.book.parts(stories.RUN)


class TestWritePack:
    def test_gives_the_same_bytes_for_the_same_run(self) -> None:
        assert STORY.pack() == stories.sealed().pack()

    def test_writes_what_the_reader_reads(self) -> None:
        sink = io.BytesIO()
        manifest = write_pack(sink, PARTS)
        pack = read_pack(sink.getvalue())
        assert pack.manifest == manifest
        assert pack.files == manifest.files
        assert (manifest.events, manifest.keys, manifest.size) == (11, 4, 16)

    def test_writes_members_in_order_without_anything_of_the_machine(self) -> None:
        with zipfile.ZipFile(io.BytesIO(STORY.pack())) as archive:
            members = archive.infolist()
            assert archive.testzip() is None
            assert archive.comment == b""
        names = [one.filename for one in members]
        assert names == sorted(names)
        for one in members:
            stored = one.filename.startswith("photos/")
            assert one.compress_type == (zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
            assert (one.date_time, one.extra, one.comment) == ((1980, 1, 1, 0, 0, 0), b"", b"")
            assert (one.create_system, one.external_attr >> 16) == (3, 0o100644)

    @pytest.mark.parametrize("raw", [b"another picture", b""])
    def test_refuses_a_photo_that_is_not_what_it_is_called(self, raw: bytes) -> None:
        wrong = PackPhoto(hashlib.sha256(b"a picture").hexdigest(), "image/jpeg", 9, lambda: [raw])
        with pytest.raises(Invalid, match="photo_altered"):
            write_pack(io.BytesIO(), replace(PARTS, photos=[wrong]))

    def test_refuses_a_name_that_no_reader_takes(self) -> None:
        with pytest.raises(Invalid, match="pack_bad_name"):
            write_pack(io.BytesIO(), replace(PARTS, others={"tsa/../x": b""}))

import os
from datetime import UTC, datetime, timedelta

import pytest

from tanghulu.core.errors import Conflict
from tanghulu.gateways import typesetter

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DOCUMENT = b'#let it = json("data.json")\n#it.text'


class TestFonts:
    def test_are_those_that_are_here_in_their_order(self):
        # These two come with the compiler itself.
        assert typesetter.fonts(["No Such Font", "Libertinus Serif", "DejaVu Sans Mono"])[0] == "Libertinus Serif"

    def test_are_refused_when_there_is_none(self):
        with pytest.raises(Conflict, match="fonts_missing"):
            typesetter.fonts(["No Such Font"])


class TestTurn:
    def test_is_given_to_two_at_once(self):
        with typesetter.turn():
            with typesetter.turn(), pytest.raises(Conflict, match="pdf_busy"), typesetter.turn():
                pass
            with typesetter.turn():
                pass


class TestPdf:
    def test_is_the_same_for_the_same_document(self):
        files = {"data.json": b'{"text": "#panic() *not markup*"}'}
        made = typesetter.pdf(DOCUMENT, files=files, at=AT)
        assert made.startswith(b"%PDF-")
        assert typesetter.pdf(DOCUMENT, files=files, at=AT) == made

    def test_says_when_it_was_made(self):
        assert b"D:20260302040000" in typesetter.pdf(b"hello", files={}, at=AT)

    @pytest.mark.parametrize("document", [b"#panic()", b'#read("/etc/hostname")', b'#read("../x")', b"#import"])
    def test_is_refused_for_what_cannot_be_made(self, document):
        with pytest.raises(Conflict, match="pdf_failed"):
            typesetter.pdf(document, files={}, at=AT)

    def test_deletes_what_was_left_behind_and_nothing_that_is_in_use(self):
        left, used = (typesetter.workplace() / f"tanghulu-pdf-{name}-{os.getpid()}" for name in ("left", "used"))
        for folder in (left, used):
            folder.mkdir()
            (folder / "main.typ").touch()
        long_ago = (datetime.now(UTC) - timedelta(minutes=11)).timestamp()
        os.utime(left, (long_ago, long_ago))
        typesetter.pdf(b"hello", files={}, at=AT)
        assert [folder.exists() for folder in (left, used)] == [False, True]
        (used / "main.typ").unlink()
        used.rmdir()

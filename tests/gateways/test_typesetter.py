from datetime import UTC, datetime

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

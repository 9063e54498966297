import csv
from pathlib import Path

import pytest

from tanghulu.core.photo.kind import EXTENSIONS, media_type_of


class TestMediaTypeOf:
    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ],
    )
    def test_knows_our_formats_by_their_first_bytes(self, start: bytes, expected: str) -> None:
        assert media_type_of(start + b"rest") == expected
        assert expected in EXTENSIONS

    @pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.7", b"RIFF\x00\x00\x00\x00WAVE", b"<svg/>"])
    def test_knows_nothing_else(self, content: bytes) -> None:
        assert media_type_of(content) is None

    def test_knows_the_shared_photos(self, material: Path) -> None:
        with (material / "material" / "MANIFEST.csv").open(encoding="utf-8") as file:
            names = [row["file"] for row in csv.DictReader(file) if row["kind"] == "photo"]
        kinds = {name: media_type_of((material / "material" / name).read_bytes()) for name in names}
        # One of them is a PNG under the name of a JPEG: only the bytes count.
        assert kinds.pop("photos/s042_heat_pump_grille.jpg") == "image/png"
        expected = {"jpg": "image/jpeg", "png": "image/png"}
        assert kinds == {name: expected[name.rsplit(".", 1)[1]] for name in kinds}

import io
from pathlib import Path

import pytest
from PIL import Image

from tanghulu.apps.photos import derivatives


def picture(form: str, size: tuple[int, int] = (900, 600), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (120, 30, 40)).save(out, form, **options)
    return out.getvalue()


class TestShrink:
    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
    def test_makes_a_small_jpeg_of_each_format(self, form: str) -> None:
        with Image.open(io.BytesIO(derivatives.shrink(picture(form), size=320))) as made:
            assert made.format == "JPEG"
            assert made.size == (320, 213)

    def test_leaves_small_pictures_their_size(self) -> None:
        with Image.open(io.BytesIO(derivatives.shrink(picture("PNG", (50, 40)), size=320))) as made:
            assert made.size == (50, 40)

    def test_turns_upright_and_strips_metadata(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010E] = "taken by Wen"
        made = derivatives.shrink(picture("JPEG", exif=exif), size=320)
        with Image.open(io.BytesIO(made)) as image:
            assert image.size == (213, 320)
            assert not image.getexif()
        assert b"Wen" not in made

    @pytest.mark.parametrize("content", [b"", b"not a picture", picture("JPEG")[:300], picture("GIF"), picture("BMP")])
    def test_refuses_what_it_cannot_show(self, content: bytes) -> None:
        with pytest.raises(derivatives.NotAPicture):
            derivatives.shrink(content, size=320)

    def test_refuses_more_pixels_than_the_cap(self) -> None:
        with pytest.raises(derivatives.NotAPicture):
            derivatives.shrink(picture("PNG", (10_000, 5_001)), size=320)

    @pytest.mark.filterwarnings("ignore::UserWarning:PIL")
    def test_never_breaks_on_hostile_files(self, material: Path) -> None:
        outcomes = {}
        for file in sorted((material / "material" / "hostile").iterdir()):
            try:
                outcomes[file.name] = derivatives.shrink(file.read_bytes(), size=320)[:2] == b"\xff\xd8"
            except derivatives.NotAPicture:
                outcomes[file.name] = False
        assert outcomes

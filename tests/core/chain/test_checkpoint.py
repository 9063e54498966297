import pytest

from tanghulu.core.chain import checkpoint
from tanghulu.core.chain.note import note_key
from tanghulu.core.errors import Invalid

KEY = note_key("tanghulu.example/log/harbour", b"k" * 32)
OTHER = note_key("tanghulu.example/log/quarry", b"q" * 32)
ROOT = bytes(range(32))
TEXT = "tanghulu.example/log/harbour\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


class TestSignCheckpoint:
    def test_signs_origin_size_and_root(self) -> None:
        raw = checkpoint.sign_checkpoint(7, ROOT, KEY)
        assert raw.startswith(TEXT.encode() + b"\n\xe2\x80\x94 tanghulu.example/log/harbour ")
        assert checkpoint.open_checkpoint(raw, KEY.verifier) == checkpoint.Checkpoint(KEY.verifier.name, 7, ROOT)

    @pytest.mark.parametrize(("size", "root"), [(-1, ROOT), (1, b"short"), (10**17, ROOT)])
    def test_signs_nothing_that_is_no_checkpoint(self, size: int, root: bytes) -> None:
        with pytest.raises(Invalid, match="checkpoint_malformed"):
            checkpoint.sign_checkpoint(size, root, KEY)


class TestOpenCheckpoint:
    def test_refuses_the_checkpoint_of_another_log(self) -> None:
        raw = checkpoint.sign_checkpoint(7, ROOT, OTHER)
        with pytest.raises(Invalid, match="checkpoint_of_another_log"):
            checkpoint.open_checkpoint(raw, KEY.verifier)

    def test_refuses_another_size_under_the_signature(self) -> None:
        raw = checkpoint.sign_checkpoint(7, ROOT, KEY).replace(b"\n7\n", b"\n8\n")
        with pytest.raises(Invalid, match="note_signature_invalid"):
            checkpoint.open_checkpoint(raw, KEY.verifier)


class TestParseCheckpointText:
    def test_makes_the_round_trip(self) -> None:
        assert checkpoint.parse_checkpoint_text(TEXT).text == TEXT

    def test_keeps_extension_lines(self) -> None:
        found = checkpoint.parse_checkpoint_text(TEXT + "extension\n")
        assert found.extensions == ("extension",)
        assert found.text == TEXT + "extension\n"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            TEXT[:-1],
            TEXT + "\n",
            TEXT.replace("\n7\n", "\n07\n"),
            TEXT.replace("\n7\n", "\n+7\n"),
            TEXT.replace("\n7\n", "\n７\n"),
            TEXT.replace("\n7\n", "\n\n"),
            TEXT.replace("AAEC", "AAE"),
            TEXT.replace("h8=", "h9="),
            TEXT.replace("h8=", "h8"),
            "\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        ],
    )
    def test_refuses_what_would_not_print_back(self, text: str) -> None:
        with pytest.raises(Invalid, match="checkpoint_malformed"):
            checkpoint.parse_checkpoint_text(text)


class TestParseCheckpoint:
    def test_refuses_what_is_no_note(self) -> None:
        with pytest.raises(Invalid, match="checkpoint_malformed"):
            checkpoint.parse_checkpoint(TEXT.encode())

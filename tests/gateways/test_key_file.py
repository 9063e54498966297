import json
import stat
from pathlib import Path

import pytest

from tanghulu.gateways import key_file
from tanghulu.gateways.archive import BackupRefused

PASSPHRASE = "correct horse battery"
KEYS = {"secret_key": b"s" * 64, "keys/harbour/log": bytes(32)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    key_file.write(path, keys=KEYS, about={"made_at": "2026-03-02"}, passphrase=PASSPHRASE)
    return path


def code(path: Path, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(BackupRefused) as caught:
        key_file.read(path, passphrase=passphrase)
    return caught.value.code


class TestRead:
    def test_gives_back_what_was_written(self, file: Path) -> None:
        assert key_file.read(file, passphrase=PASSPHRASE) == KEYS

    def test_is_refused_with_another_passphrase(self, file: Path) -> None:
        assert code(file, "correct horse batterz") == "passphrase_wrong"

    @pytest.mark.parametrize("position", [-1, -40])
    def test_is_refused_after_a_flipped_byte(self, file: Path, position: int) -> None:
        content = bytearray(file.read_bytes())
        content[position] ^= 1
        file.write_bytes(content)
        assert code(file) == "passphrase_wrong"

    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("format", 2, "keys_newer"),
            ("n", 2**30, "keys_unreadable"),
            ("n", "many", "keys_unreadable"),
            ("salt", None, "keys_unreadable"),
            ("salt", "no hex", "keys_unreadable"),
            ("tanghulu", "backup", "keys_unreadable"),
            ("r", 9, "passphrase_wrong"),
        ],
    )
    def test_is_refused_when_its_first_line_says(self, file: Path, name: str, value: object, expected: str) -> None:
        line, _, rest = file.read_bytes().partition(b"\n")
        file.write_bytes(json.dumps({**json.loads(line), name: value}).encode() + b"\n" + rest)
        assert code(file) == expected

    @pytest.mark.parametrize("content", [b"", b"\n", b"[]\n", b"\x00\x01\x02", b"{}\n"])
    def test_is_refused_for_another_file(self, file: Path, content: bytes) -> None:
        file.write_bytes(content)
        assert code(file) == "keys_unreadable"


class TestWrite:
    def test_shows_no_key(self, file: Path) -> None:
        assert b"s" * 8 not in file.read_bytes()
        assert b"harbour" not in file.read_bytes()

    def test_is_for_its_owner_only(self, file: Path) -> None:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_wants_a_long_passphrase(self, tmp_path: Path) -> None:
        with pytest.raises(BackupRefused, match="passphrase_short"):
            key_file.write(tmp_path / "keys", keys=KEYS, about={}, passphrase="short")
        assert list(tmp_path.iterdir()) == []

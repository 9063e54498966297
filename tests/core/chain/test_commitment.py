import hashlib
import json

import pytest

from tanghulu.core.chain import commitment
from tanghulu.core.errors import Invalid

SALT = bytes(range(32))


class TestCommit:
    def test_is_the_hash_of_label_length_salt_and_value(self) -> None:
        raw = b"tanghulu-commit-v1" + (5).to_bytes(8, "big") + SALT + b'"Wen"'
        assert commitment.commit("Wen", SALT) == hashlib.sha256(raw).hexdigest()

    @pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
    def test_needs_32_bytes_of_salt(self, salt: bytes) -> None:
        with pytest.raises(Invalid, match="opening_malformed"):
            commitment.commit("Wen", salt)


class TestOpening:
    def test_opens_what_it_was_made_from(self) -> None:
        opening = commitment.open_with({"lat_e7": 1}, SALT)
        assert opening.opens()
        assert commitment.parse_opening(json.dumps(opening.as_json()).encode()) == opening

    def test_does_not_open_anything_else(self) -> None:
        opening = commitment.open_with("Wen", SALT)
        assert not commitment.Opening(opening.commitment, SALT, "Li").opens()
        assert not commitment.Opening(opening.commitment, bytes(32), "Wen").opens()
        assert not commitment.Opening(opening.commitment, SALT, "x" * 70_000).opens()


class TestParseOpening:
    @pytest.mark.parametrize(
        "change",
        [
            {"commitment": "x"},
            {"commitment": 7},
            {"salt": "AA=="},
            {"salt": 7},
            {"more": 1},
            {"value": None},
        ],
    )
    def test_refuses_what_is_not_of_the_form(self, change: dict[str, object]) -> None:
        value = commitment.open_with("Wen", SALT).as_json()
        with pytest.raises(Invalid, match="opening_malformed"):
            commitment.parse_opening(json.dumps({**value, **change}).encode())

    @pytest.mark.parametrize("raw", [b"", b"[]", b"7"])
    def test_refuses_what_is_no_object(self, raw: bytes) -> None:
        with pytest.raises(Invalid, match="opening_malformed"):
            commitment.parse_opening(raw)

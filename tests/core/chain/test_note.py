import json
from pathlib import Path

import pytest

from tanghulu.core.chain import note
from tanghulu.core.errors import Invalid

KEY = note.note_key("tanghulu.example/log/harbour", b"k" * 32)
OTHER = note.note_key("tanghulu.example/log/quarry", b"q" * 32)
# The example of C2SP signed-note, and the key of the Go checksum database.
SPECIFIED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPECIFIED_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
SUM_DATABASE_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
TEXT = "first line\n\nafter an empty line\n"
SIGNED = KEY.sign(TEXT)


class TestParseVerifierKey:
    @pytest.mark.parametrize("text", [SPECIFIED_KEY, SUM_DATABASE_KEY])
    def test_reads_keys_that_others_made(self, text: str) -> None:
        assert str(note.parse_verifier_key(text)) == text

    def test_reads_its_own_writing(self) -> None:
        assert note.parse_verifier_key(str(KEY.verifier)) == KEY.verifier

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "name",
            "name+00000000+AAAA",
            str(KEY.verifier).replace("harbour", "quarry"),
            str(KEY.verifier).replace("+", "++", 1),
            str(KEY.verifier) + "=",
            str(KEY.verifier).upper(),
            " " + str(KEY.verifier),
            str(KEY.verifier) + "\n",
        ],
    )
    def test_refuses_what_is_not_a_key(self, text: str) -> None:
        with pytest.raises(Invalid, match="key_malformed"):
            note.parse_verifier_key(text)


class TestNoteKey:
    def test_needs_a_seed_of_32_bytes(self) -> None:
        with pytest.raises(Invalid, match="key_malformed"):
            note.note_key("name", b"short")

    @pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\tbed"])
    def test_needs_a_name_without_blanks_and_plus(self, name: str) -> None:
        with pytest.raises(Invalid, match="key_malformed"):
            note.note_key(name, bytes(32))

    @pytest.mark.parametrize("text", ["no newline", "", "control\x07\n", "return\r\n"])
    def test_signs_only_what_can_be_a_note(self, text: str) -> None:
        with pytest.raises(Invalid, match="note_malformed"):
            KEY.sign(text)


class TestParseNote:
    def test_makes_the_round_trip(self) -> None:
        raw = SIGNED.encode()
        assert note.parse_note(raw) == SIGNED
        assert note.parse_note(raw).encode() == raw

    def test_takes_sixteen_signatures(self) -> None:
        lines = tuple(note.NoteSignature(f"witness{n}", bytes(4), b"sig") for n in range(16))
        many = note.Note(TEXT, (*SIGNED.signatures, *lines))
        assert note.parse_note(many.encode()) == many

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"text\n",
            b"text\n\n",
            SIGNED.encode()[:-1],
            SIGNED.encode() + b"\n",
            SIGNED.encode() + b"more\n",
            SIGNED.encode().replace("—".encode(), b"-"),
            SIGNED.encode().replace(b"\n\xe2", b"\n\xe2\x80\x94 x \n\xe2"),
            SIGNED.encode().replace(b"first", b"fi\x00st"),
            SIGNED.encode().replace(b"first", b"fi\xffst"),
            SIGNED.encode()[:-2] + b" \n",
            f"{TEXT}\n— name AAAA\n".encode(),
            f"{TEXT}\n— name AAAAAB==\n".encode(),
        ],
    )
    def test_refuses_what_would_not_print_back(self, raw: bytes) -> None:
        with pytest.raises(Invalid, match="note_malformed"):
            note.parse_note(raw)


class TestVerifyNote:
    def test_verifies_the_example_of_the_specification(self) -> None:
        key = note.parse_verifier_key(SPECIFIED_KEY)
        assert note.verify_note(note.parse_note(SPECIFIED_NOTE), (key,)) == (key,)

    def test_names_the_keys_that_signed(self) -> None:
        assert note.verify_note(SIGNED, (OTHER.verifier, KEY.verifier)) == (KEY.verifier,)

    def test_ignores_signatures_of_unknown_keys(self) -> None:
        stranger = note.NoteSignature(KEY.verifier.name, b"\x00\x00\x00\x00", bytes(64))
        both = note.Note(TEXT, (stranger, *SIGNED.signatures))
        assert note.verify_note(both, (KEY.verifier,)) == (KEY.verifier,)

    @pytest.mark.parametrize("keys", [(), (OTHER.verifier,)])
    def test_refuses_when_no_known_key_signed(self, keys: tuple[note.VerifierKey, ...]) -> None:
        with pytest.raises(Invalid, match="note_signature_invalid"):
            note.verify_note(SIGNED, keys)

    def test_refuses_a_known_key_that_fails_even_beside_one_that_holds(self) -> None:
        wrong = note.NoteSignature(OTHER.verifier.name, OTHER.verifier.key_id, bytes(64))
        both = note.Note(TEXT, (*SIGNED.signatures, wrong))
        with pytest.raises(Invalid, match="note_signature_invalid"):
            note.verify_note(both, (KEY.verifier, OTHER.verifier))

    def test_refuses_another_text(self) -> None:
        with pytest.raises(Invalid, match="note_signature_invalid"):
            note.verify_note(note.Note("another\n", SIGNED.signatures), (KEY.verifier,))


class TestVerifies:
    def test_is_for_plain_signatures_only(self) -> None:
        witness = note.verifier_key("witness", KEY.verifier.public, kind=note.COSIGNATURE_ED25519)
        assert not witness.verifies(TEXT, SIGNED.signatures[0].signature)

    def test_agrees_with_wycheproof(self, material: Path) -> None:
        path = next((material / "vectors" / "wycheproof").rglob("ed25519_test.json"))
        tried = 0
        for group in json.loads(path.read_text())["testGroups"]:
            public = bytes.fromhex(group["publicKey"]["pk"])
            key = note.VerifierKey("x", bytes(4), note.ED25519, public)
            for one in group["tests"]:
                message = bytes.fromhex(one["msg"])
                if message.isascii():
                    verified = key.verifies(message.decode(), bytes.fromhex(one["sig"]))
                    assert verified == (one["result"] == "valid"), one
                    tried += 1
        assert tried > 80

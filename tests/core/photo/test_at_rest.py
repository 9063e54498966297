import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core.photo import at_rest

SUBJECT = "ab" * 16
KEY = bytes(range(32))
NAME = b"harbour\x00" + b"c" * 64


def seal(content: bytes, name: bytes = NAME) -> bytes:
    chance = os.urandom(at_rest.CHANCE_SIZE)
    return at_rest.seal(content, subject=SUBJECT, subject_key=KEY, name=name, chance=chance)


class TestSealAndUnseal:
    @given(st.binary(max_size=2000))
    def test_give_the_content_back(self, content: bytes) -> None:
        asked = []

        def key_of(subject: str) -> bytes:
            asked.append(subject)
            return KEY

        assert at_rest.unseal(seal(content), key_of=key_of, name=NAME) == content
        assert asked == [SUBJECT]

    def test_show_nothing_of_the_content(self) -> None:
        assert b"a face" not in seal(b"a face" * 100)

    def test_use_a_new_data_key_each_time(self) -> None:
        assert seal(b"the same") != seal(b"the same")

    @given(st.data())
    def test_find_any_byte_that_was_changed(self, data: st.DataObject) -> None:
        stored = bytearray(seal(b"a photo"))
        position = data.draw(st.integers(0, len(stored) - 1))
        stored[position] ^= data.draw(st.integers(1, 255))
        with pytest.raises(at_rest.Unreadable):
            at_rest.unseal(bytes(stored), key_of=lambda subject: KEY if subject == SUBJECT else b"x" * 32, name=NAME)

    def test_refuse_another_name_and_another_key(self) -> None:
        stored = seal(b"a photo")
        with pytest.raises(at_rest.Unreadable):
            at_rest.unseal(stored, key_of=lambda _: KEY, name=NAME + b"d")
        with pytest.raises(at_rest.Unreadable):
            at_rest.unseal(stored, key_of=lambda _: b"x" * 32, name=NAME)

    @pytest.mark.parametrize("length", [0, 3, 4, 40, 107])
    def test_refuse_what_is_cut_off(self, length: int) -> None:
        with pytest.raises(at_rest.Unreadable):
            at_rest.unseal(seal(b"a photo")[:length], key_of=lambda _: KEY, name=NAME)

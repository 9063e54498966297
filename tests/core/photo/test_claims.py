import pytest

from tanghulu.core.photo.claims import Likeness, differences

SAID = Likeness("image/jpeg", 300)


class TestDifferences:
    @pytest.mark.parametrize(
        ("found", "codes"),
        [
            (SAID, []),
            (Likeness("image/jpeg", 299), ["size_differs"]),
            (Likeness("image/png", 300), ["type_differs"]),
            (Likeness("image/png", 301), ["size_differs", "type_differs"]),
        ],
    )
    def test_say_all_that_is_not_as_it_was_said(self, found, codes):
        assert differences(SAID, found) == codes

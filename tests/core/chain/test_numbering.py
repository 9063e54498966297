import pytest

from tanghulu.core.chain.numbering import has_gap


class TestHasGap:
    @pytest.mark.parametrize(
        ("judged", "aside", "expected"),
        [
            ([], [], False),
            ([2, 1, 3], [], False),
            ([1, 3], [], True),
            ([2], [], True),
            # An event under an ended key fills a gap that it was numbered for, and makes none.
            ([1, 3], [2], False),
            ([1, 2], [9], False),
            ([1, 2], [2], False),
            ([], [9], False),
            ([1, 4], [2, 9], True),
        ],
    )
    def test_looks_below_the_last_number_that_counts(self, judged: list[int], aside: list[int], expected: bool) -> None:
        assert has_gap(judged, aside) is expected

import pytest

from tanghulu.core.chain.text import holds_nul


class TestHoldsNul:
    @pytest.mark.parametrize("value", ["a\0b", ["a", "\0"], {"a": {"b": ["\0"]}}])
    def test_finds_it_at_any_depth(self, value: object) -> None:
        assert holds_nul(value)  # type: ignore[arg-type]

    @pytest.mark.parametrize("value", ["", "\\u0000", 0, True, [], {"a": ["b", {"c": "d"}]}])
    def test_finds_nothing_else(self, value: object) -> None:
        assert not holds_nul(value)  # type: ignore[arg-type]

import pytest

from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal


class TestRefusal:
    @pytest.mark.parametrize("kind", [Invalid, NotAllowed, NotFound, Conflict])
    def test_carries_its_code_and_its_values(self, kind: type[Refusal]) -> None:
        refusal = kind("number_taken", number="C3", limit=2)
        assert refusal.code == "number_taken"
        assert refusal.params == {"number": "C3", "limit": 2}

    def test_reads_as_its_code_with_its_values(self) -> None:
        assert str(Invalid("number_taken", number="C3")) == "number_taken (number=C3)"
        assert str(NotFound("page_not_found")) == "page_not_found"

    def test_may_have_a_value_that_is_called_code(self) -> None:
        assert Invalid("code_unknown", code="x").params == {"code": "x"}

from typing import Any

import pytest

from tanghulu.apps.jobs.standing import Standing, Urgency, standing
from tanghulu.core.flow import new_state

INSIDE = {"people": [{"item": "a" * 32, "in_at": "2026-03-02T03:00:00.000Z", "in_by": "b" * 32}]}
OUT = {"people": [{**INSIDE["people"][0], "out_at": "2026-03-02T03:30:00.000Z", "out_by": "b" * 32}]}


def found(*, is_overdue: bool = False, **state: Any) -> Standing:
    whole: Any = {**new_state(), **state}
    return standing({"people": "people", "tools": "items"}, whole, is_overdue=is_overdue)


class TestStanding:
    def test_puts_a_stop_before_everything_else(self) -> None:
        assert found(status="stopped", registers=INSIDE, is_overdue=True).urgency is Urgency.STOPPED

    def test_puts_what_is_overdue_before_people_inside(self) -> None:
        assert found(status="open", registers=INSIDE, is_overdue=True).urgency is Urgency.OVERDUE

    def test_puts_people_inside_before_what_merely_goes_on(self) -> None:
        assert found(status="open", registers=INSIDE).urgency is Urgency.PEOPLE_INSIDE
        assert found(status="open", registers=OUT).urgency is Urgency.GOING_ON

    @pytest.mark.parametrize("status", ["new", "ended"])
    def test_gives_none_to_what_is_not_live(self, status: str) -> None:
        assert found(status=status).urgency is None

    def test_counts_who_is_inside_even_when_the_job_has_ended(self) -> None:
        assert found(status="ended", registers=INSIDE) == Standing(None, 1, 0)
        assert found(status="ended", registers=OUT) == Standing(None, None, 0)

    def test_counts_people_and_no_tools(self) -> None:
        assert found(status="open", registers={"tools": INSIDE["people"]}).inside is None

    def test_counts_what_was_against_the_rules(self) -> None:
        assert found(status="open", contradictions=[{"event": "e", "codes": ["run_ended"]}]).contradictions == 1

from datetime import date

from django.utils import translation

from tanghulu.apps.flows import actions as flows
from tanghulu.core.access import Actor
from tanghulu.web.components.lacking import lacking
from tests.support.cast import NOON, Cast

TODAY = date(2026, 3, 2)


class TestLacking:
    def test_names_the_parts_that_nobody_could_take(self, at_harbour: Cast) -> None:
        operator = Actor.operator("harbour")
        flows.publish_shipped(operator, slugs=["belt-conveyor-maintenance"], at=NOON)
        assert lacking(at_harbour["zheng"], language="zh-hans", on=TODAY) == []
        with translation.override("en"):
            late = lacking(at_harbour["zheng"], language="en", on=date(2030, 1, 1))
        assert {part.part: part.needs for part in late} == {
            "Electrician": "worker with the certificate electrician",
            "Guardian": "guardian with the certificate guardian of risky work",
        }

    def test_has_nothing_to_say_without_processes(self, at_harbour: Cast) -> None:
        assert lacking(at_harbour["zheng"], language="en", on=TODAY) == []

from datetime import timedelta

from tanghulu.apps.jobs import actions, queries
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.canonical import parse_time
from tests.support.flow_templates import PEOPLE, photo, raw_template, stage, step
from tests.support.yard import Yard, picture, small

OPERATOR = Actor.operator("harbour")


def opened(yard: Yard, **top: object) -> None:
    """A job of a template that has a time to live of two hours, unless more is said."""
    yard.version = yard.publish(small(**{"expires_after": "2 h", **top}))
    yard.open()


def fire(yard: Yard, **later: float) -> int:
    """What fires this long after the opening."""
    at = parse_time(yard.row().state["opened_at"]) + timedelta(**later)
    with scope.within("harbour"):
        return actions.fire_timers(OPERATOR, at=at)


def fired(yard: Yard) -> list[str]:
    return list(yard.row().state["fired"])


class TestFireTimers:
    def test_states_once_that_a_job_has_expired(self, yard: Yard) -> None:
        opened(yard)
        row = yard.row()
        assert row.next_timer_at == row.opened_at + timedelta(hours=2)
        assert fire(yard, minutes=119, seconds=59) == 0
        assert yard.types() == ["run.opened"]
        assert fire(yard, hours=2) == 1
        assert (fire(yard, hours=2), fire(yard, hours=3)) == (0, 0)
        row = yard.row()
        assert (row.status, row.outcome, row.is_sealed, row.next_timer_at) == ("ended", "expired", True, None)
        assert fired(yard) == ["expiry"]
        assert yard.types() == ["run.opened", "timer.fired", "run.sealed"]

    def test_states_once_that_a_step_is_overdue(self, yard: Yard) -> None:
        people = {"lead": PEOPLE["lead"], "crew": PEOPLE["crew"]}
        work = stage("work", step("look", photo=photo(), due="1 h"))
        yard.version = yard.publish(raw_template(work, people=people, registers={}))
        yard.open()
        assert fire(yard, minutes=59) == 0
        assert yard.row().is_overdue is False
        assert (fire(yard, hours=1), fire(yard, hours=1)) == (1, 0)
        assert fired(yard) == ["due:work/look:1"]
        row = yard.row()
        assert (row.status, row.is_overdue, row.next_timer_at) == ("open", True, None)
        assert yard.types() == ["run.opened", "timer.fired"]

    def test_says_nothing_of_a_job_that_has_ended(self, yard: Yard) -> None:
        yard.version = yard.publish(small(expires_after="2 h"))
        yard.finish()
        assert yard.row().next_timer_at is None
        assert fire(yard, hours=3) == 0
        assert (yard.row().outcome, fired(yard)) == ("completed", [])

    def test_keeps_what_comes_after_the_expiry(self, yard: Yard) -> None:
        opened(yard)
        signed = yard.sign_photo(picture())
        fire(yard, hours=2)
        yard.send(signed)
        entry = next(one for one in yard.entries() if one.payload_hash == signed.payload_hash)
        assert entry.standing == "contradicting"
        assert yard.types()[-2:] == ["photo.taken", "run.sealed"]
        yard.put(picture())
        assert yard.types()[-2:] == ["photo.stored", "run.sealed"]

    def test_is_asked_for_only_where_time_has_passed(self, yard: Yard) -> None:
        opened(yard)
        due = yard.row().next_timer_at
        assert due is not None
        assert queries.tenants_with_timers(due - timedelta(seconds=1)) == []
        assert queries.tenants_with_timers(due) == ["harbour"]
        with scope.within("quarry"):
            assert actions.fire_timers(Actor.operator("quarry"), at=due) == 0
        assert yard.row().status == "open"

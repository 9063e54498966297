import pytest

from tanghulu.core.flow.event import ACTS, FACTS, is_known, is_well_formed

AT = "2026-05-19T00:55:00.000Z"


def event(kind, data, **rest):
    return {"type": kind, "actor": "x", "claimed_at": AT, "data": data, "hash": "0" * 64, **rest}


class TestIsKnown:
    def test_knows_acts_and_facts_and_nothing_else(self):
        assert all(is_known(event(kind, {})) for kind in ACTS | FACTS)
        assert not is_known(event("run.danced", {}))
        assert not is_known(event("device.enrolled", {}))


class TestIsWellFormed:
    def test_asks_for_a_place_where_an_act_needs_one(self):
        assert is_well_formed(event("step.confirmed", {}, step="a/b", activation=1))
        assert not is_well_formed(event("step.confirmed", {}))
        assert not is_well_formed(event("step.confirmed", {}, step="a/b"))
        assert not is_well_formed(event("step.confirmed", {}, step="a/b", activation=0))

    def test_lets_people_leave_anywhere(self):
        data = {"register": "people", "item": "x"}
        assert is_well_formed(event("register.left", data))
        assert is_well_formed(event("register.left", data, step="a/b", activation=1))
        assert not is_well_formed(event("register.left", data, activation=1))

    @pytest.mark.parametrize("photos", [None, [], [{}], [{"slot": "s"}], [{"slot": "s", "commitment": "c"}] * 2])
    def test_asks_for_exactly_one_photo(self, photos):
        rest = {"step": "a/b", "activation": 1, **({} if photos is None else {"photos": photos})}
        assert not is_well_formed(event("photo.taken", {"slot": "s"}, **rest))

    def test_keeps_what_it_does_not_know_inside_data(self):
        assert is_well_formed(event("timer.fired", {"timer": "x", "new": [1]}))

    def test_asks_for_a_time_that_exists(self):
        assert not is_well_formed({**event("run.stopped", {}), "claimed_at": "2026-02-30T00:00:00.000Z"})
        assert not is_well_formed({**event("run.sealed", {}), "claimed_at": "now"})

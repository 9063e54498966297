import time

import pytest

from tanghulu.core.flow import evolve, fold, new_state
from tests.support.flow_templates import belt_conveyor, stage, step, template
from tests.support.play import Player, ref


@pytest.fixture
def player():
    player = Player(template(stage("work", step("one"))))
    player.open()
    return player


class TestEvolve:
    def test_counts_every_event(self, player):
        before = player.state["events"]
        assert evolve(player.template, player.state, player.event("run.danced", ref("x")))["events"] == before + 1

    def test_leaves_an_unknown_type_without_effect(self, player):
        after = evolve(player.template, player.state, player.event("run.danced", ref("x")))
        assert {**after, "events": 0} == {**player.state, "events": 0}

    def test_marks_what_is_not_allowed_and_changes_nothing_else(self, player):
        event = player.event("step.confirmed", ref("stranger"), step="work/one", activation=1)
        after = evolve(player.template, player.state, event)
        assert after["contradictions"] == [{"event": event["hash"], "codes": ["not_your_task"]}]
        assert after["steps"] == player.state["steps"]

    def test_keeps_what_a_revoked_key_signed_and_lets_nothing_come_of_it(self, player):
        event = {**player.event("step.confirmed", player.lead, step="work/one", activation=1), "revoked": True}
        after = evolve(player.template, player.state, event)
        marked = {"contradictions": [{"event": event["hash"], "codes": ["key_revoked"]}]}
        assert after == {**player.state, **marked, "events": player.state["events"] + 1}

    def test_is_unsealed_by_any_later_event(self, player):
        player.do("work/one")
        player.server("run.sealed", {"count": 3, "heads": [], "devices": {}})
        assert player.state["sealed"]
        player.send(player.event("run.danced", ref("x")))
        assert not player.state["sealed"]

    def test_ends_a_run_whose_last_step_is_done(self, player):
        player.do("work/one")
        assert (player.state["status"], player.state["outcome"]) == ("ended", "completed")


class TestFold:
    def test_starts_anew_without_a_start(self, player):
        assert fold(player.template, player.events) == player.state

    def test_leaves_its_start_alone(self, player):
        start = new_state()
        fold(player.template, player.events, start)
        assert start == new_state()

    def test_takes_a_whole_job_within_the_time_of_a_page(self):
        player = Player(belt_conveyor(), answers={"during/work/test_run_needed.test_run": [True, False]})
        player.open()
        player.finish()
        best = min(_seconds(player) for _ in range(3))
        # About 10 ms on a quiet machine for 120 events; the bound leaves room for a busy one.
        assert best < 0.2


def _seconds(player: Player) -> float:
    started = time.perf_counter()
    fold(player.template, player.events)
    return time.perf_counter() - started

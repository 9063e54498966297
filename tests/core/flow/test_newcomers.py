import pytest

from tests.support.flow_stories.newcomers import EACH, LATE, assign, refuse, site
from tests.support.flow_stories.telling import LEAD, REASON, crew, opened
from tests.support.flow_templates import belt_conveyor, photo, stage, step, template
from tests.support.play import Player


@pytest.fixture
def player():
    player = opened(site())
    player.finish(until="during/work/weld")
    return player


def open_steps(player):
    return [path for path, made in player.state["steps"].items() if made[-1]["state"] == "open"]


class TestOpenForNewcomers:
    def test_asks_those_who_join_and_nobody_else(self, player):
        assign(player, crew(), LATE)
        lock = player.current("before/lock")
        assert (lock["state"], lock["n"], "passed_at" in lock) == ("open", 1, False)
        assert [task["member"] for task in lock["tasks"] if "done_by" not in task] == [LATE]
        assert len(lock["photos"]) == 1
        assert open_steps(player) == ["before/lock", "before/told", "during/work/weld"]

    def test_leaves_steps_without_the_word_alone(self, player):
        assign(player, crew(), LATE)
        assert [task["member"] for task in player.current("before/plain")["tasks"]] == [crew()]

    def test_stops_the_walk_until_they_have_caught_up(self, player):
        assign(player, crew(), LATE)
        player.do("during/work/weld")
        assert open_steps(player) == ["before/lock", "before/told"]
        player.do("before/lock")
        player.do("before/told")
        assert open_steps(player) == ["during/work/again"]

    def test_is_undone_when_they_are_taken_off_again(self, player):
        assign(player, crew(), LATE)
        assign(player, crew())
        lock = player.current("before/lock")
        assert (lock["state"], [task["member"] for task in lock["tasks"]]) == ("closed", [crew()])

    def test_gives_the_time_that_the_step_has_anew(self, player):
        first = player.current("before/lock")["due"]
        assign(player, crew(), LATE)
        assert player.current("before/lock")["due"] > first

    def test_asks_a_man_who_comes_back_once_more(self, player):
        assign(player, crew(), LATE)
        player.do("before/told")
        assign(player, crew())
        assign(player, crew(), LATE)
        told = player.current("before/told")
        assert [task["member"] for task in told["tasks"] if "done_by" not in task] == [LATE]

    def test_does_not_make_void_what_was_done_when_the_job_is_given_up(self, player):
        assign(player, crew(), LATE)
        player.act("run.abandoned", LEAD, commitments=REASON)
        assert player.current("before/lock")["state"] == "closed"
        assert player.finish()["outcome"] == "abandoned"

    def test_does_nothing_once_the_way_out_has_begun(self, player):
        player.finish(until="after/out")
        assign(player, crew(), LATE)
        assert open_steps(player) == ["after/out"]
        assert player.finish()["outcome"] == "completed"

    def test_does_nothing_while_locks_are_off(self):
        player = opened(site(), answers={"during/work/again.more": [True, False]})
        player.finish(until="during/work/test")
        assign(player, crew(), LATE)
        assert open_steps(player) == ["before/told", "during/work/test"]

    def test_opens_the_last_place_that_fills_the_register(self):
        player = opened(site(), answers={"during/work/again.more": [True, False]})
        player.finish(until="during/work/count")
        assign(player, crew(), LATE)
        assert "during/work/lock_again" in open_steps(player)
        assert player.current("before/lock")["state"] == "closed"
        assert player.finish()["outcome"] == "completed"

    def test_leaves_a_repeat_that_is_over_alone(self):
        body = [step("told", EACH), step("look", "guardian")]
        flow = template(
            stage("work", {"repeat": "r", "at_most": 1, "until": {"ended_by": "lead"}, "do": body}, step("z"))
        )
        player = opened(flow)
        player.finish(until="work/z")
        assign(player, crew(), LATE)
        assert open_steps(player) == ["work/z"]


class TestARetake:
    def test_asks_those_who_join_for_a_lock_of_their_own(self, player):
        refuse(player, "before/lock")
        assign(player, crew(), LATE)
        lock = {"register": "isolation", "item": "late", "holder": LATE}
        assert player.in_step("step.confirmed", LATE, "before/lock") == ["photo_missing", "register_incomplete"]
        assert player.in_step("register.entered", LATE, "before/lock", lock) == []
        assert player.in_step("register.entered", crew(), "before/lock", {**lock, "item": "x", "holder": crew()}) == [
            "register_not_here"
        ]
        assert player.finish()["outcome"] == "completed"

    def test_that_is_over_is_opened_again_with_all_that_is_asked(self, player):
        refuse(player, "before/lock")
        player.do("before/lock")
        assign(player, crew(), LATE)
        (task,) = [task for task in player.current("before/lock")["tasks"] if "done_by" not in task]
        assert (task["member"], task["whole"]) == (LATE, True)
        assert player.finish()["outcome"] == "completed"

    def test_asks_nobody_who_joins_on_the_way_out(self, player):
        player.finish(until="after/unlock")
        refuse(player, "before/lock")
        assign(player, crew(), LATE)
        assert LATE not in [task["member"] for task in player.current("before/lock")["tasks"]]
        assert player.finish()["outcome"] == "completed"

    def test_of_a_step_without_the_word_asks_nobody_who_joins(self):
        flow = template(stage("work", step("a", {"each_of": "crew"}, photo=photo()), step("b")))
        player = opened(flow)
        player.finish(until="work/b")
        refuse(player, "work/a")
        assign(player, crew(), LATE)
        assert [task["member"] for task in player.current("work/a")["tasks"]] == [crew()]


class TestBeltConveyor:
    def test_lets_nobody_in_before_the_newcomer_has_locked_on(self):
        player = Player(belt_conveyor())
        player.open()
        player.finish(until="during/work/enter")
        late = player.newcomer("crew")
        crew_now = [*player.state["people"]["crew"], late]
        assert player.act("people.assigned", player.lead, {"part": "crew", "members": crew_now}) == []
        assert open_steps(player) == ["before/three_in/lock_and_tag", "before/understood", "during/work/enter"]
        guardian = player.cast["guardian"][0]
        player.supply(guardian, "during/work/enter")
        assert player.in_step("step.confirmed", guardian, "during/work/enter") == ["register_incomplete"]
        assert player.finish()["outcome"] == "completed"

import pytest

from tanghulu.core.flow import current
from tests.support.flow_templates import ask, photo, stage, step, template
from tests.support.play import Player, ref

CREW, LEAD, GUARDIAN = ref("crew-0"), ref("lead-0"), ref("guardian-0")


def started(*stages, **keys):
    player = Player(template(*stages), **keys)
    player.open()
    return player


def open_paths(player):
    return [path for path, made in player.state["steps"].items() if made[-1]["state"] == "open"]


class TestASequence:
    def test_opens_one_step_after_the_other(self):
        player = started(stage("work", step("one"), step("two")), stage("after", step("three")))
        for expected in (["work/one"], ["work/two"], ["after/three"]):
            assert open_paths(player) == expected
            player.do(expected[0])
        assert player.state["status"] == "ended"


class TestLanes:
    def test_are_open_together_and_all_waited_for(self):
        player = started(stage("work", {"par": [step("a"), {"seq": [step("b"), step("c")]}]}, step("d")))
        assert open_paths(player) == ["work/a", "work/b"]
        player.do("work/a")
        player.do("work/b")
        assert open_paths(player) == ["work/c"]
        player.do("work/c")
        assert open_paths(player) == ["work/d"]


class TestAChoice:
    @pytest.mark.parametrize(("answer", "path"), [(True, "work/yes"), (False, "work/no")])
    def test_takes_a_branch_and_keeps_it(self, answer, path):
        fork = {
            "choice": "fork",
            "when": {"answer": "first.q", "is": "yes"},
            "do": [step("yes")],
            "otherwise": [step("no")],
        }
        player = started(stage("work", step("first", ask={"q": ask()}), fork), answers={"work/first.q": [answer]})
        player.do("work/first")
        assert open_paths(player) == [path]
        assert player.state["choices"] == {"work/fork": 0 if answer else -1}


class TestARepeat:
    def test_begins_the_next_round_by_itself(self):
        patrol = {
            "repeat": "patrol",
            "every": "2 h",
            "until": {"ended_by": "guardian"},
            "do": [step("look", "guardian")],
        }
        player = started(stage("work", patrol, step("last")))
        player.close_task(GUARDIAN, "work/patrol/look")
        assert player.state["repeats"]["work/patrol"]["rounds"] == 2
        assert player.state["base"] == {"work/patrol/look": 1}
        look = current(player.state, "work/patrol/look")
        assert look is not None
        assert (look["n"], look["state"]) == (2, "open")
        assert player.act("repeat.ended", GUARDIAN, {"repeat": "work/patrol"}) == []
        assert player.state["repeats"]["work/patrol"]["rounds"] == 1
        assert open_paths(player) == ["work/last"]

    def test_ends_by_its_number_of_rounds(self):
        dig = {"repeat": "dig", "at_most": 2, "until": {"ended_by": "lead"}, "do": [step("spade")]}
        player = started(stage("work", dig))
        for _ in range(2):
            player.close_task(CREW, "work/dig/spade")
        assert player.state["outcome"] == "completed"

    def test_ends_by_a_condition_but_not_too_early(self):
        loop = {
            "repeat": "loop",
            "at_least": 2,
            "until": {"when": {"answer": "again.q", "is": "no"}},
            "do": [step("again", ask={"q": ask()})],
        }
        player = started(stage("work", loop), answers={"work/loop/again.q": [False, True, False]})
        for rounds in (2, 3):
            player.close_task(CREW, "work/loop/again")
            assert player.state["repeats"]["work/loop"] == {"rounds": rounds, "ended": False}
        player.close_task(CREW, "work/loop/again")
        assert player.state["status"] == "ended"


class TestPhotosOnTheirWay:
    def test_hold_the_next_step_unless_it_may_go_on(self):
        soft, hard = step("soft", photo=photo(provisional=True)), step("hard", photo=photo())
        player = started(stage("work", soft, hard, step("last")), stores_at_once=False)
        player.do("work/soft")
        assert open_paths(player) == ["work/hard"]
        player.do("work/hard")
        assert open_paths(player) == []
        player.store_all()
        assert open_paths(player) == ["work/last"]

    def test_hold_the_end_of_the_run(self):
        player = started(stage("work", step("soft", photo=photo(provisional=True))), stores_at_once=False)
        player.do("work/soft")
        assert player.state["status"] == "open"
        player.store_all()
        assert player.state["status"] == "ended"


class TestAStoppedRun:
    def test_goes_on_where_it_was(self):
        player = started(stage("work", step("hard", photo=photo()), step("last")), stores_at_once=False)
        player.do("work/hard")
        player.act("run.stopped", CREW)
        player.store_all()
        assert open_paths(player) == []
        player.act("run.resumed", LEAD, commitments={"reason": "1" * 64})
        assert open_paths(player) == ["work/last"]


class TestLeaving:
    WORK = stage("work", step("enter", "guardian", register={"people": "in"}), step("weld"))
    OUT = stage("after", step("clear", "guardian", register={"people": "out"}, must={"people": "empty"}), leaves=True)

    def test_walks_the_way_out_when_somebody_is_inside(self):
        player = started(self.WORK, self.OUT)
        player.do("work/enter")
        player.act("run.abandoned", LEAD, commitments={"reason": "1" * 64})
        assert (player.state["way_out"], open_paths(player)) == (True, ["after/clear"])
        assert player.finish()["outcome"] == "abandoned"

    def test_ends_at_once_when_nobody_is(self):
        player = started(self.WORK, self.OUT)
        player.act("run.abandoned", LEAD, commitments={"reason": "1" * 64})
        assert (player.state["way_out"], player.state["status"]) == (False, "ended")

    def test_follows_from_expiry_while_there_is_work(self):
        player = Player(template(self.WORK, self.OUT, expires_after="1 h"))
        player.open()
        player.do("work/enter")
        player.server("timer.fired", {"timer": "expiry"})
        assert player.state["leaving"] == "expired"
        assert open_paths(player) == ["after/clear"]

"""A refused photo, told once in words; every turn of it is in the stories from which the vectors are made."""

from tanghulu.core.flow import haws, tasks
from tests.support.flow_stories.telling import LEAD, crew, opened
from tests.support.flow_templates import ask, photo, reading, stage, step, template


def shot(player, path, n=1):
    return player.state["steps"][path][n - 1]["photos"][-1]["commitment"]


def states(player, path):
    return [activation["state"] for activation in player.state["steps"][path]]


class TestRefusePhoto:
    def test_lets_an_open_step_lack_the_photo(self):
        player = opened(template(stage("work", step("look", photo=photo()))), stores_at_once=False)
        player.photo(crew(), "work/look", "shot")
        player.refuse(shot(player, "work/look"), "type_differs")
        (waiting,) = tasks(player.template, player.state, crew(), player.now)
        assert waiting["missing"] == ["photo_missing"]
        assert states(player, "work/look") == ["open"]
        assert player.current("work/look")["photos"][0]["refused"] == ["type_differs"]

    def test_opens_a_passed_step_again_and_leaves_what_opened_behind_it(self):
        flow = template(stage("work", step("look", photo=photo(provisional=True)), step("next")))
        player = opened(flow, stores_at_once=False)
        player.do("work/look")
        player.refuse(shot(player, "work/look"))
        assert states(player, "work/look") == ["void", "open"]
        assert states(player, "work/next") == ["open"]
        player.do("work/next")
        assert player.state["status"] == "open"
        player.do("work/look")
        player.store_all()
        assert player.state["status"] == "ended"

    def test_asks_for_nothing_but_the_photo_and_the_word(self):
        gas = reading(at_most="0", fresh="5 min")
        asked = {"reading": gas, "ask": {"q": ask()}, "register": {"tools": {"act": "in", "at_least": 1}}}
        flow = template(
            stage("work", step("zero", photo=photo(provisional=True), **asked)),
            stage("away", step("out", "guardian", register={"tools": "out"}, must={"tools": "empty"}), leaves=True),
        )
        player = opened(flow, stores_at_once=False)
        player.do("work/zero")
        player.do("away/out")
        player.tick(3600)
        player.refuse(shot(player, "work/zero"))
        player.photo(crew(), "work/zero", "shot")
        tool = {"register": "tools", "item": "bar"}
        assert player.in_step("register.entered", crew(), "work/zero", tool) == ["register_not_here"]
        assert player.in_step("step.confirmed", crew(), "work/zero") == []
        player.store_all()
        assert player.state["status"] == "ended"

    def test_asks_only_the_one_whose_photo_it_was(self):
        flow = template(stage("work", step("each", {"each_of": "crew"}, photo=photo()), step("last")))
        player = opened(flow, 2, stores_at_once=False)
        player.do("work/each")
        player.refuse(shot(player, "work/each"))
        again, (other, refused) = player.current("work/each"), player.state["steps"]["work/each"][0]["photos"]
        undone = [task["member"] for task in again["tasks"] if "done_by" not in task]
        assert undone == [refused["by"]]
        assert again["photos"] == [other]

    def test_is_shown_on_the_skewer(self):
        player = opened(template(stage("work", step("look", photo=photo(count=1)))), stores_at_once=False)
        for _ in range(2):
            player.photo(crew(), "work/look", "shot")
        player.in_step("step.confirmed", crew(), "work/look")
        player.refuse(shot(player, "work/look"))
        player.store_all()
        (haw,) = haws(player.template, player.state)
        assert (haw["state"], haw["found"], len(haw["photos"])) == ("done", True, 1)
        assert player.state["status"] == "ended"

    def test_lets_a_run_that_is_left_end(self):
        flow = template(stage("work", step("look", photo=photo()), step("next")))
        player = opened(flow, stores_at_once=False)
        player.do("work/look")
        player.act("run.abandoned", LEAD, commitments={"reason": "1" * 64})
        assert player.state["status"] == "open"
        player.refuse(shot(player, "work/look"))
        assert (player.state["status"], states(player, "work/look")) == ("ended", ["closed"])

    def test_opens_the_last_round_again(self):
        loop = {
            "repeat": "loop",
            "until": {"when": {"answer": "work/loop/look.more", "is": "no"}},
            "do": [step("look", ask={"more": ask()}, photo=photo(provisional=True))],
        }
        player = opened(template(stage("work", loop, step("last", "guardian"))), stores_at_once=False)
        player.do("work/loop/look")
        assert player.state["repeats"]["work/loop"] == {"rounds": 1, "ended": True}
        player.refuse(shot(player, "work/loop/look"))
        player.do("work/last")
        assert player.state["status"] == "open"
        player.supply(crew(), "work/loop/look")
        player.in_step("step.confirmed", crew(), "work/loop/look")
        player.store_all()
        assert (player.state["status"], player.state["repeats"]["work/loop"]["rounds"]) == ("ended", 1)

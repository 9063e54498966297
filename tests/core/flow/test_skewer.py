from tanghulu.core.flow import haws
from tests.support.flow_templates import ask, photo, reading, stage, step, template
from tests.support.play import Player, ref

CREW, LEAD, GUARDIAN = ref("crew-0"), ref("lead-0"), ref("guardian-0")


def started(*stages, **keys):
    player = Player(template(*stages), **keys)
    player.open()
    return player


def states(player):
    return {haw["path"].rpartition("/")[2]: haw["state"] for haw in haws(player.template, player.state)}


class TestHaws:
    def test_go_from_waiting_to_done(self):
        player = started(stage("work", step("one", photo=photo(provisional=True)), step("two")), stores_at_once=False)
        assert states(player) == {"one": "now", "two": "waiting"}
        player.do("work/one")
        assert states(player) == {"one": "held", "two": "now"}
        player.store_all()
        assert states(player) == {"one": "done", "two": "now"}

    def test_leave_out_branches_that_are_not_taken(self):
        fork = {"choice": "c", "when": {"answer": "q.q", "is": "yes"}, "do": [step("yes")], "otherwise": [step("no")]}
        player = started(stage("work", step("q", ask={"q": ask()}), fork))
        assert states(player) == {"q": "now", "yes": "maybe", "no": "maybe"}
        player.do("work/q")
        assert states(player) == {"q": "done", "no": "now"}

    def test_skip_what_leaving_cut_off(self):
        enter = step("enter", "guardian", register={"people": "in"})
        clear = step("clear", "guardian", register={"people": "out"}, must={"people": "empty"})
        player = started(stage("work", enter, step("weld"), step("grind")), stage("after", clear, leaves=True))
        player.do("work/enter")
        player.act("run.abandoned", LEAD, commitments={"reason": "1" * 64})
        assert states(player) == {"enter": "done", "weld": "skipped", "grind": "skipped", "clear": "now"}

    def test_show_the_rounds_of_a_repeat(self):
        patrol = {
            "repeat": "patrol",
            "every": "1 h",
            "until": {"ended_by": "guardian"},
            "do": [step("look", "guardian", photo=photo()), step("note", "guardian")],
        }
        player = started(stage("work", patrol))
        for _ in range(2):
            for path in ("work/patrol/look", "work/patrol/note"):
                player.supply(GUARDIAN, path)
                player.close_task(GUARDIAN, path)
        look, note = haws(player.template, player.state)
        assert (look["state"], look["n"], look["rounds"], look["photos"]) == ("now", 3, 2, [])
        assert (note["state"], note["n"], note["rounds"]) == ("waiting", 2, 2)
        player.act("repeat.ended", GUARDIAN, {"repeat": "work/patrol"})
        look, note = haws(player.template, player.state)
        assert (look["state"], look["n"], look["rounds"], len(look["photos"])) == ("done", 2, 2, 1)
        assert look["by"] == [GUARDIAN]

    def test_say_what_was_returned(self):
        review = step("review", "lead", decision={"verdicts": ["ok", "back"], "back_to": ["one"]})
        player = started(stage("work", step("one"), step("two"), review))
        player.finish(until="work/review")
        data = {"verdict": "back", "saw": ["1" * 64], "to": "work/one"}
        player.in_step("decision.made", LEAD, "work/review", data, commitments={"reason": "1" * 64})
        assert states(player) == {"one": "now", "two": "returned", "review": "returned"}

    def test_are_overdue_only_while_they_are_open(self):
        player = started(stage("work", step("one", due="1 h"), step("two")))
        player.server("timer.fired", {"timer": "due:work/one:1"})
        assert [haw["overdue"] for haw in haws(player.template, player.state)] == [True, False]
        player.do("work/one")
        assert [haw["overdue"] for haw in haws(player.template, player.state)] == [False, False]

    def test_are_marked_where_something_was_found(self):
        player = started(stage("work", step("one", photo=photo(), reading=reading(at_most=1)), step("two")))
        assert not haws(player.template, player.state)[0]["found"]
        player.photo(CREW, "work/one", "shot")
        about = player.current("work/one")["photos"][0]["event"]
        player.server("check.recorded", {"check": "reuse", "verdict": "unsure", "about": about})
        assert [haw["found"] for haw in haws(player.template, player.state)] == [True, False]

    def test_are_marked_where_a_reading_was_out_of_limit(self):
        player = started(stage("work", step("one", reading=reading(at_most=1))))
        data = {"reading": "gas", "value": "2", "unit": "% vol", "sampled_at": player.now}
        player.in_step("reading.taken", CREW, "work/one", data)
        assert haws(player.template, player.state)[0]["found"]

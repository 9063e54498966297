from tanghulu.core.flow import tasks
from tests.support.flow_templates import photo, stage, step, template
from tests.support.play import Player, ref

CREW, GUARDIAN = ref("crew-0"), ref("guardian-0")


def started(*nodes):
    player = Player(template(stage("work", *nodes)))
    player.open()
    return player


class TestTasks:
    def test_say_whose_turn_it_is_and_what_is_missing(self):
        player = started({"par": [step("one", photo=photo()), step("two", "guardian")]})
        assert tasks(player.template, player.state, CREW, player.now) == [
            {"path": "work/one", "n": 1, "mine": True, "missing": ["photo_missing"]},
            {"path": "work/two", "n": 1, "mine": False, "missing": []},
        ]

    def test_are_no_longer_mine_once_done(self):
        player = started(step("both", ["crew", "guardian"]))
        player.in_step("step.confirmed", CREW, "work/both")
        assert [task["mine"] for task in tasks(player.template, player.state, CREW, player.now)] == [False]
        assert [task["mine"] for task in tasks(player.template, player.state, GUARDIAN, player.now)] == [True]

    def test_say_until_when_to_wait(self):
        player = started(step("one", not_before="10 min"))
        (task,) = tasks(player.template, player.state, CREW, player.now)
        assert task["waits_until"] == player.current("work/one")["not_before"]
        player.server("timer.fired", {"timer": "not_before:work/one:1"})
        assert "waits_until" not in tasks(player.template, player.state, CREW, player.now)[0]

    def test_are_not_mine_without_the_certificate(self):
        player = started(step("each", {"each_of": "electrician"}))
        electrician = player.cast["electrician"][0]
        player.server("people.resolved", {"member": electrician, "roles": ["worker"], "certificates": {}})
        assert [task["mine"] for task in tasks(player.template, player.state, electrician, player.now)] == [False]

    def test_end_with_the_run(self):
        player = started(step("one"))
        player.finish()
        assert tasks(player.template, player.state, CREW, player.now) == []

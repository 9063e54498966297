from tanghulu.core.flow import timers
from tests.support.flow_templates import stage, step, template
from tests.support.play import Player, ref

GUARDIAN = ref("guardian-0")
START = "2026-05-19T00:55:00.000Z"


def started(*nodes, **top):
    player = Player(template(stage("work", *nodes), **top), start=START)
    assert timers(player.template, player.state) == []
    player.open()
    return player


class TestTimers:
    def test_are_sorted_by_time_and_id(self):
        player = started(step("one", due="1 h", not_before="1 h"), expires_after="90 min")
        assert [(timer["id"], timer["at"][11:19]) for timer in timers(player.template, player.state)] == [
            ("due:work/one:1", "01:55:00"),
            ("not_before:work/one:1", "01:55:00"),
            ("expiry", "02:25:00"),
        ]

    def test_leave_out_what_has_fired(self):
        player = started(step("one", due="1 h"))
        player.server("timer.fired", {"timer": "due:work/one:1"})
        assert timers(player.template, player.state) == []

    def test_remind_of_the_next_round(self):
        patrol = {
            "repeat": "patrol",
            "every": "2 h",
            "until": {"ended_by": "guardian"},
            "do": [step("look", "guardian")],
        }
        player = started(patrol, step("last"))
        assert timers(player.template, player.state) == []
        player.close_task(GUARDIAN, "work/patrol/look")
        (timer,) = timers(player.template, player.state)
        assert (timer["id"], timer["kind"], timer["path"]) == ("every:work/patrol:2", "every", "work/patrol")
        player.act("repeat.ended", GUARDIAN, {"repeat": "work/patrol"})
        assert timers(player.template, player.state) == []

    def test_wait_from_the_end_of_another_step(self):
        player = started(step("one"), step("two"), step("watch", not_before={"wait": "30 min", "after": "one"}))
        player.do("work/one")
        ended = player.state["steps"]["work/one"][0]["passed_at"]
        player.tick(600)
        player.do("work/two")
        (timer,) = timers(player.template, player.state)
        assert timer["at"] == ended.replace("T00:55", "T01:25")

import pytest

from tests.support.flow_templates import photo, reading, stage, step, template
from tests.support.play import Player, ref

CREW, SECOND, THIRD = ref("crew-0"), ref("crew-1"), ref("crew-2")
LEAD, GUARDIAN, ELECTRICIAN = ref("lead-0"), ref("guardian-0"), ref("electrician-0")
REASON = {"reason": "1" * 64}


def started(*stages, size=1):
    cast = {"lead": [LEAD], "crew": [CREW, SECOND, THIRD][:size], "electrician": [ELECTRICIAN], "guardian": [GUARDIAN]}
    player = Player(template(*stages), cast)
    player.open()
    return player


class TestPeopleAssigned:
    def test_moves_the_tasks_of_those_who_left_to_those_who_came(self):
        player = started(stage("work", step("each", {"each_of": "crew"})), size=2)
        player.in_step("step.confirmed", CREW, "work/each")
        player.act("people.assigned", LEAD, {"part": "crew", "members": [THIRD]})
        tasks = player.current("work/each")["tasks"]
        assert [(task["member"], "done_by" in task) for task in tasks] == [(CREW, True), (THIRD, False)]

    def test_passes_a_step_in_which_nobody_is_left(self):
        player = started(stage("work", step("each", {"each_of": "crew"})), size=2)
        player.in_step("step.confirmed", CREW, "work/each")
        player.act("people.assigned", LEAD, {"part": "crew", "members": [CREW]})
        assert player.state["status"] == "ended"

    def test_leaves_steps_of_one_for_all_alone(self):
        player = started(stage("work", step("one")))
        player.act("people.assigned", LEAD, {"part": "crew", "members": [SECOND]})
        assert player.current("work/one")["tasks"] == [{"parts": ["crew"]}]


class TestReadingTaken:
    @pytest.mark.parametrize(
        ("value", "ok"), [("19.5", True), ("23.50", True), ("19.49", False), ("23.500000001", False)]
    )
    def test_notes_whether_it_keeps_the_limits(self, value, ok):
        player = started(stage("work", step("test", reading=reading(at_least="19.5", at_most="23.5"))))
        data = {"reading": "gas", "value": value, "unit": "% vol", "sampled_at": player.now}
        assert player.in_step("reading.taken", CREW, "work/test", data) == []
        (measured,) = player.current("work/test")["readings"]
        assert (measured["value"], measured["ok"]) == (value, ok)


class TestRegisters:
    def test_keep_who_put_what_in_and_took_it_out(self):
        player = started(stage("work", step("carry", register={"tools": "both"})))
        bar = {"register": "tools", "item": "bar"}
        player.in_step("register.entered", CREW, "work/carry", {**bar, "count": 2})
        player.in_step("register.left", CREW, "work/carry", bar)
        player.in_step("register.entered", CREW, "work/carry", bar)
        first, second = player.state["registers"]["tools"]
        assert (first["count"], first["in_by"], first["out_by"]) == (2, CREW, CREW)
        assert "out_at" not in second
        assert player.current("work/carry")["moved"] is True


class TestDecisionMade:
    FLOW = (
        stage("work", step("early"), step("late", photo=photo())),
        stage(
            "end",
            step(
                "review", ["lead", "electrician"], decision={"verdicts": ["ok", "no", "back"], "back_to": ["work/late"]}
            ),
            step("last"),
            leaves=True,
        ),
    )

    def decide(self, player, actor, **data):
        return player.in_step("decision.made", actor, "end/review", {"saw": ["2" * 64], **data}, commitments=REASON)

    @pytest.fixture
    def player(self):
        player = started(*self.FLOW)
        player.finish(until="end/review")
        return player

    def test_needs_everybody_for_ok(self, player):
        self.decide(player, LEAD, verdict="ok")
        assert player.current("end/review")["state"] == "open"
        self.decide(player, ELECTRICIAN, verdict="ok")
        assert player.current("end/last")["state"] == "open"

    def test_ends_the_run_with_one_no(self, player):
        self.decide(player, LEAD, verdict="no")
        assert (player.state["status"], player.state["outcome"]) == ("ended", "refused")

    def test_goes_back_and_voids_what_lies_between(self, player):
        self.decide(player, ELECTRICIAN, verdict="back", to="work/late")
        states = {path: [activation["state"] for activation in made] for path, made in player.state["steps"].items()}
        assert states == {"work/early": ["closed"], "work/late": ["void", "open"], "end/review": ["void"]}
        assert player.state["steps"]["end/review"][0]["decision"]["to"] == "work/late"
        assert player.finish()["outcome"] == "completed"


class TestPeopleResolved:
    def test_stops_a_run_that_was_opened_by_somebody_who_may_not(self):
        player = Player(template(stage("work", step("one"))))
        data = {"template": "small", "version": player.template.version, "subject": {}, "people": player.cast}
        opening = player.event("run.opened", CREW, data)
        player.send(opening)
        player.server("people.resolved", {"member": CREW, "roles": ["worker"], "certificates": {}})
        assert player.state["status"] == "stopped"
        assert player.state["contradictions"] == [{"event": opening["hash"], "codes": ["role_missing"]}]

    def test_looks_at_the_opener_only_the_first_time(self):
        player = started(stage("work", step("one")))
        player.server("people.resolved", {"member": LEAD, "roles": ["auditor"], "certificates": {}})
        assert player.state["status"] == "open"


class TestTimerFired:
    def test_changes_nothing_when_nobody_waits_for_it(self):
        player = started(stage("work", step("one", due="1 h")))
        player.server("timer.fired", {"timer": "due:work/one:2"})
        assert player.state["fired"] == []
        player.server("timer.fired", {"timer": "due:work/one:1"})
        player.server("timer.fired", {"timer": "due:work/one:1"})
        assert player.state["fired"] == ["due:work/one:1"]
        assert player.state["contradictions"] == []


class TestCheckRecorded:
    def test_keeps_what_did_not_pass(self):
        player = started(stage("work", step("one", photo=photo())))
        player.photo(CREW, "work/one", "shot")
        about = player.current("work/one")["photos"][0]["event"]
        for verdict in ("pass", "fail", "unsure"):
            player.server("check.recorded", {"check": "dark", "verdict": verdict, "about": about})
        assert [finding["verdict"] for finding in player.state["findings"]] == ["fail", "unsure"]

import pytest

from tanghulu.core.flow import decide, new_state
from tests.support.flow_templates import stage, step, template
from tests.support.play import Player, cast_of, directory_of, ref

LEAD, CREW = ref("lead-0"), ref("crew-0")


@pytest.fixture(scope="module")
def flow():
    return template(stage("work", step("one")))


@pytest.fixture
def player(flow):
    player = Player(flow)
    player.open()
    return player


def opening(flow, cast, **changes):
    data = {"template": flow.slug, "version": flow.version, "subject": {}, "people": cast, **changes}
    return {"type": "run.opened", "actor": LEAD, "data": data}


class TestDecide:
    def test_opens_a_run_and_then_states_who_everybody_is(self, flow):
        cast = cast_of(flow)
        decided = decide(flow, new_state(), opening(flow, cast), "2026-05-19T00:55:00.000Z", directory_of(flow, cast))
        assert [event["type"] for event in decided.events] == ["run.opened", *["people.resolved"] * 4]
        members = [event["data"]["member"] for event in decided.events[1:]]
        assert members == sorted(members)
        assert {event["actor"] for event in decided.events[1:]} == {"server"}

    def test_refuses_with_codes_and_no_events(self, flow):
        decided = decide(flow, new_state(), opening(flow, {}), "2026-05-19T00:55:00.000Z", {})
        assert (decided.events, decided.codes) == ((), ("part_count",))

    def test_states_who_acts_before_the_act_when_that_is_news(self, player):
        new = ref("crew-1")
        player.act("people.assigned", LEAD, {"part": "crew", "members": [new]})
        directory = {new: {"roles": ["worker"], "certificates": {}}}
        command = {"type": "step.confirmed", "actor": new, "data": {}, "step": "work/one", "activation": 1}
        decided = decide(player.template, player.state, command, player.now, directory)
        assert [event["type"] for event in decided.events] == ["people.resolved", "step.confirmed"]

    def test_states_who_was_newly_assigned_after_the_act(self, player):
        new = ref("crew-1")
        command = {"type": "people.assigned", "actor": LEAD, "data": {"part": "crew", "members": [new]}}
        directory = {new: {"roles": ["worker"], "certificates": {}}}
        decided = decide(player.template, player.state, command, player.now, directory)
        assert [event["type"] for event in decided.events] == ["people.assigned", "people.resolved"]

    def test_leaves_somebody_unknown_to_the_company_to_the_rules(self, player):
        command = {"type": "run.stopped", "actor": ref("stranger"), "data": {}}
        assert decide(player.template, player.state, command, player.now, {}).codes == ("person_unknown",)

    def test_changes_nothing_by_itself(self, player):
        facts = dict(player.state["facts"])
        command = {"type": "run.stopped", "actor": ref("x"), "data": {}}
        decide(player.template, player.state, command, player.now, {ref("x"): {"roles": [], "certificates": {}}})
        assert player.state["facts"] == facts

    def test_takes_any_form_of_command(self, player):
        for data in ([], {"people": 3}, {"people": {"crew": [4]}}, {"members": "x"}):
            for kind in ("run.opened", "people.assigned", "step.confirmed"):
                command = {"type": kind, "actor": CREW, "data": data}
                assert decide(player.template, player.state, command, player.now, {}).codes

import pytest

from tanghulu.core.flow import current, refusal
from tests.support.flow_stories.removals import SAID, at_unlocking, removal, site
from tests.support.flow_stories.telling import GUARDIAN, LEAD, REASON, crew, opened


@pytest.fixture
def player():
    return at_unlocking()


def codes(player, *given, **changes):
    return refusal(player.template, player.state, removal(player, *given, **changes))


class TestRemovalCodes:
    def test_lets_somebody_decide_whom_the_template_names(self, player):
        assert codes(player) == []
        assert codes(player, crew()) == []
        assert codes(player, LEAD) == ["not_your_part"]

    def test_never_lets_the_owner_decide(self, player):
        assert codes(player, crew(1)) == ["own_lock"]

    def test_needs_the_part_to_be_held_now(self, player):
        player.server("people.resolved", {"member": GUARDIAN, "roles": ["worker"], "certificates": {}})
        assert codes(player) == ["certificate_missing", "role_missing"]

    @pytest.mark.parametrize("left_out", SAID)
    def test_asks_all_three_statements(self, player, left_out):
        assert codes(player, confirmed=[word for word in SAID if word != left_out]) == ["statement_missing"]

    def test_asks_what_was_seen_and_why(self, player):
        assert codes(player, saw=[]) == ["saw_missing"]
        assert codes(player, reason=False) == ["reason_missing"]

    def test_means_one_lock_of_one_owner(self, player):
        assert codes(player, item="another") == ["not_in"]
        assert codes(player, holder=crew()) == ["not_in"]

    def test_waits_until_the_owner_is_counted_out(self):
        player = opened(site(), 2)
        player.finish(until="before/enter")
        person = {"register": "people", "item": crew(1)}
        player.in_step("register.entered", GUARDIAN, "before/enter", person)
        assert codes(player) == ["owner_inside"]
        player.in_step("step.confirmed", GUARDIAN, "before/enter")
        assert player.act("register.left", GUARDIAN, person) == []
        assert codes(player) == []

    def test_is_not_offered_by_templates_that_do_not_say_so(self):
        assert codes(at_unlocking(site(offered=False))) == ["removal_not_offered"]

    def test_is_possible_while_the_job_is_stopped_and_while_it_is_left(self, player):
        player.act("run.stopped", LEAD)
        assert codes(player) == []
        player.act("run.abandoned", LEAD, commitments=REASON)
        assert codes(player) == []


class TestRemoved:
    def test_marks_the_lock_with_the_event_for_ever(self, player):
        event = removal(player)
        player.send(event)
        entry = next(one for one in player.state["registers"]["isolation"] if one["holder"] == crew(1))
        assert (entry["out_by"], entry["exception"]) == (GUARDIAN, event["hash"])

    def test_lets_the_leader_take_the_owner_out_so_that_the_job_ends(self, player):
        people = {"part": "crew", "members": [crew()]}
        assert player.act("people.assigned", LEAD, people) == ["lock_still_on"]
        player.send(removal(player))
        unlock = current(player.state, "after/unlock")
        assert unlock is not None
        assert unlock["state"] == "open"
        assert player.act("people.assigned", LEAD, people) == []
        assert player.finish()["outcome"] == "completed"
        assert player.state["contradictions"] == []

    def test_of_the_only_one_of_a_crew_needs_a_stand_in(self):
        player = opened(site())
        player.finish(until="after/unlock")
        (entry,) = player.state["registers"]["isolation"]
        said = player.removal("isolation", entry)
        assert player.act("lock.removed", GUARDIAN, said, commitments=REASON) == []
        stand_in = {"part": "crew", "members": [player.newcomer("crew")]}
        assert player.act("people.assigned", LEAD, stand_in) == []
        assert player.finish()["outcome"] == "completed"

import pytest

from tanghulu.core.flow.people import assigning, holds, holds_one_of, tasks_of
from tests.support.flow_templates import stage, step, template
from tests.support.play import Player, ref

CREW, ELECTRICIAN, GUARDIAN, LEAD = ref("crew-0"), ref("electrician-0"), ref("guardian-0"), ref("lead-0")
NOW = "2026-05-19T00:55:00.000Z"


@pytest.fixture
def player():
    player = Player(
        template(stage("work", step("one"), step("all", ["crew", "guardian"]), step("each", {"each_of": "crew"})))
    )
    player.open()
    return player


def resolve(player, member, roles, certificates):
    player.server("people.resolved", {"member": member, "roles": roles, "certificates": certificates})


class TestHolds:
    def test_gives_nothing_for_a_holder_with_role_and_certificate(self, player):
        assert holds(player.template, player.state, "electrician", ELECTRICIAN, NOW) == []

    def test_asks_to_be_in_the_part(self, player):
        assert holds(player.template, player.state, "electrician", CREW, NOW) == ["not_your_part"]

    def test_asks_to_be_known(self, player):
        del player.state["facts"][ELECTRICIAN]
        assert holds(player.template, player.state, "electrician", ELECTRICIAN, NOW) == ["person_unknown"]

    def test_asks_for_role_and_certificate_together(self, player):
        resolve(player, ELECTRICIAN, ["guardian"], {})
        codes = holds(player.template, player.state, "electrician", ELECTRICIAN, NOW)
        assert sorted(codes) == ["certificate_missing", "role_missing"]

    @pytest.mark.parametrize(("until", "codes"), [("2026-05-19", []), ("2026-05-18", ["certificate_expired"])])
    def test_lets_a_certificate_count_on_its_last_day(self, player, until, codes):
        resolve(player, ELECTRICIAN, ["worker"], {"electrical": until})
        assert holds(player.template, player.state, "electrician", ELECTRICIAN, NOW) == codes

    @pytest.mark.parametrize(("part", "member"), [("guardian", CREW), ("crew", GUARDIAN)])
    def test_keeps_duties_apart_from_both_sides(self, player, part, member):
        resolve(player, member, ["worker", "guardian"], {"guardian": "2030-01-01"})
        player.state["people"][part].append(member)
        assert holds(player.template, player.state, part, member, NOW) == ["same_person"]


class TestHoldsOneOf:
    def test_is_content_with_one(self, player):
        assert holds_one_of(player.template, player.state, ["lead", "crew"], CREW, NOW) == []

    def test_gives_the_codes_of_the_first_part_that_lists_the_person(self, player):
        resolve(player, CREW, ["auditor"], {})
        assert holds_one_of(player.template, player.state, ["lead", "crew"], CREW, NOW) == ["role_missing"]

    def test_says_not_your_part_to_the_rest(self, player):
        assert holds_one_of(player.template, player.state, ["lead"], CREW, NOW) == ["not_your_part"]


class TestAssigning:
    def test_takes_people_within_the_count(self, player):
        assert assigning(player.template, player.state["people"], ["crew"]) == []

    @pytest.mark.parametrize("members", [[], [CREW, CREW], [ref(str(number)) for number in range(4)]])
    def test_counts_people_once_and_within_bounds(self, player, members):
        assert assigning(player.template, {**player.state["people"], "crew": members}, ["crew"]) == ["part_count"]

    def test_knows_the_parts(self, player):
        assert assigning(player.template, player.state["people"], ["cook"]) == ["part_unknown"]

    def test_sees_a_person_in_two_parts_that_must_differ(self, player):
        people = {**player.state["people"], "crew": [GUARDIAN]}
        assert assigning(player.template, people, ["crew"]) == ["same_person"]


class TestTasksOf:
    def test_gives_one_task_for_a_part(self, player):
        assert tasks_of(player.template.steps["work/one"], player.state["people"]) == [{"parts": ["crew"]}]

    def test_gives_one_task_per_part_when_all_act(self, player):
        tasks = tasks_of(player.template.steps["work/all"], player.state["people"])
        assert tasks == [{"parts": ["crew"]}, {"parts": ["guardian"]}]

    def test_gives_everybody_a_task_of_their_own(self, player):
        people = {"crew": [CREW, ref("crew-1")]}
        tasks = tasks_of(player.template.steps["work/each"], people)
        assert tasks == [{"parts": ["crew"], "member": CREW}, {"parts": ["crew"], "member": ref("crew-1")}]

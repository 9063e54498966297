"""Confined-space entry (T02): the good way, and every gate violated once."""

import pytest

from tanghulu.core.flow import haws
from tests.support.flow_templates import shipped
from tests.support.play import Player

ENTER = "during/spell/enter"
RECORD = "during/spell/gas_watch/record"


@pytest.fixture(scope="module")
def confined():
    return shipped("confined-space-entry")


def player_of(template, **answers):
    given = {"before/apply.lel": ["four_or_more"], "during/spell/come_out.next": ["finished"], **answers}
    player = Player(template, answers=given, in_turn=True)
    player.open()
    return player


def measure(player, path, reading, value, point=None, *, sampled_at=None):
    """One value by the gas tester; the codes."""
    data = {
        "reading": reading,
        "value": value,
        "unit": player.template.steps[path].readings[reading].unit,
        "sampled_at": sampled_at or player.now,
        "instrument": "G-4",
    }
    return player.in_step("reading.taken", player.cast["gas"][0], path, data | ({"point": point} if point else {}))


def measure_all(player, path):
    for name, reading in player.template.steps[path].readings.items():
        for point in reading.points or (None,):
            assert measure(player, path, name, "20.9" if name == "oxygen" else "0", point) == []


def let_in(player, path=ENTER):
    guardian, entrant = player.cast["guardian"][0], player.cast["crew"][0]
    return player.in_step("register.entered", guardian, path, {"register": "people", "item": entrant})


def record(player):
    """One round of the gas watch."""
    guardian = player.cast["guardian"][0]
    player.supply(guardian, RECORD)
    player.close_task(guardian, RECORD)


def confirm(player, part, path, **answers):
    data = {"answers": answers} if answers else {}
    return player.in_step("step.confirmed", player.cast[part][0], path, data)


class TestConfinedSpaceEntry:
    def test_is_played_to_its_end(self, confined):
        player = player_of(confined)
        assert player.finish()["outcome"] == "completed"
        assert player.state["contradictions"] == []
        assert all("out_at" in entry for entries in player.state["registers"].values() for entry in entries)

    def test_is_played_to_its_end_where_the_explosive_limit_is_low(self, confined):
        player = player_of(confined, **{"before/apply.lel": ["below_four"], "before/apply.wet": [True]})
        assert player.finish()["outcome"] == "completed"
        done = {haw["path"] for haw in haws(confined, player.state) if haw["state"] == "done"}
        assert {"before/gas_test_low", "before/lamp_wet", "during/spell/enter_low"} <= done
        assert not done & {"before/gas_test", "before/lamp_dry", ENTER}

    def test_goes_on_after_a_break(self, confined):
        player = player_of(confined, **{"during/spell/come_out.next": ["pause", "finished"]})
        player.finish()
        assert player.state["outcome"] == "completed"
        assert {haw["path"]: haw["n"] for haw in haws(confined, player.state)}[ENTER] == 2

    @pytest.mark.parametrize(
        ("reading", "value"),
        [
            ("oxygen", "19.4"),
            ("oxygen", "21.1"),
            ("combustible", "0.51"),
            ("hydrogen_sulphide", "10.1"),
            ("carbon_monoxide", "20.5"),
        ],
    )
    def test_lets_no_bad_air_pass(self, confined, reading, value):
        player = player_of(confined)
        player.finish(until="before/gas_test")
        measure_all(player, "before/gas_test")
        assert measure(player, "before/gas_test", reading, value, "bottom") == []
        for slot in ("top", "middle", "bottom"):
            player.photo(player.cast["gas"][0], "before/gas_test", slot)
        codes = confirm(player, "gas", "before/gas_test", calibrated=True, representative=True)
        assert codes == ["reading_out_of_limit"]
        assert player.current("before/gas_test")["state"] == "open"

    def test_asks_for_every_level_and_every_photo(self, confined):
        player = player_of(confined)
        player.finish(until="before/gas_test")
        measure(player, "before/gas_test", "oxygen", "20.9", "top")
        codes = confirm(player, "gas", "before/gas_test", calibrated=True, representative=True)
        assert codes == ["photo_missing", "reading_missing"]

    def test_counts_from_sampling_and_not_from_writing_down(self, confined):
        player = player_of(confined)
        player.finish(until="before/gas_test")
        early = player.now
        player.tick(1801)
        measure_all(player, "before/gas_test")
        measure(player, "before/gas_test", "oxygen", "20.9", "top")
        player.supply(player.cast["gas"][0], "before/gas_test")
        assert measure(player, "before/gas_test", "oxygen", "20.9", "top", sampled_at=early) == []
        codes = confirm(player, "gas", "before/gas_test", calibrated=True, representative=True)
        assert codes == ["reading_stale"]

    def test_lets_nobody_in_on_a_stale_sample(self, confined):
        player = player_of(confined)
        player.finish(until=ENTER)
        player.tick(1801)
        assert let_in(player) == ["reading_stale"]
        assert player.state["registers"]["people"] == []
        measure_all(player, ENTER)
        assert let_in(player) == []

    def test_lets_nobody_in_when_the_newest_value_is_bad(self, confined):
        player = player_of(confined)
        player.finish(until=ENTER)
        assert measure(player, ENTER, "oxygen", "18.9", "bottom") == []
        assert let_in(player) == ["reading_out_of_limit"]
        assert measure(player, ENTER, "oxygen", "20.1", "bottom") == []
        assert let_in(player) == []

    @pytest.mark.parametrize(("lel", "low"), [("four_or_more", ""), ("below_four", "_low")])
    def test_asks_for_a_new_test_after_every_break(self, confined, lel, low):
        player = player_of(confined, **{"before/apply.lel": [lel], "during/spell/come_out.next": ["pause"]})
        player.finish(until="during/spell/barrier")
        player.do("during/spell/barrier")
        retest, gas = f"during/spell/retest{low}", player.cast["gas"][0]
        assert let_in(player, ENTER + low) == ["step_closed"]
        assert measure(player, retest, "carbon_monoxide", "20.5", "top") == []
        assert "reading_out_of_limit" in confirm(player, "gas", retest, calibrated=True, representative=True)
        player.supply(gas, retest)
        measure_all(player, retest)
        assert confirm(player, "gas", retest, calibrated=True, representative=True) == []
        assert let_in(player, ENTER + low) == []

    def test_lets_nobody_in_on_a_test_after_the_break_that_has_grown_old(self, confined):
        player = player_of(confined, **{"during/spell/come_out.next": ["pause"]})
        player.finish(until="during/spell/barrier")
        player.do("during/spell/barrier")
        player.do("during/spell/retest")
        player.tick(1801)
        assert let_in(player) == ["reading_stale"]

    def test_is_not_cleaned_before_it_was_tried_to_start(self, confined):
        player = player_of(confined)
        player.finish(until="before/verify_off")
        player.photo(player.cast["electrician"][0], "before/verify_off", "local_box")
        codes = confirm(player, "electrician", "before/verify_off", still=False, back_to_off=True)
        assert codes == ["answer_not_allowed"]
        assert "before/clean_and_open" not in player.state["steps"]

    def test_goes_on_measuring_while_anybody_is_inside(self, confined):
        player = player_of(confined)
        player.finish(until="during/spell/on_post")
        before = len(player.state["steps"][RECORD])
        for _ in range(2):
            record(player)
            player.tick(7200)
        assert len(player.state["steps"][RECORD]) == before + 2
        player.do("during/spell/on_post")
        player.do("during/spell/come_out")
        record(player)
        assert player.state["repeats"]["during/spell/gas_watch"]["ended"]

    def test_is_not_over_while_somebody_is_inside(self, confined):
        player = player_of(confined)
        player.finish(until="during/spell/on_post")
        player.do("during/spell/on_post")
        assert confirm(player, "guardian", "during/spell/come_out", next="finished") == ["register_not_empty"]

    def test_is_not_closed_while_a_tool_is_inside(self, confined):
        player = player_of(confined)
        player.finish(until="after/clear")
        player.photo(player.cast["guardian"][0], "after/clear", "outside")
        assert confirm(player, "guardian", "after/clear") == ["register_not_empty"]

    def test_is_the_gas_testers_to_measure(self, confined):
        player = player_of(confined)
        player.finish(until="before/gas_test")
        data = {"reading": "oxygen", "value": "20.9", "unit": "% vol", "sampled_at": player.now, "point": "top"}
        codes = player.in_step("reading.taken", player.lead, "before/gas_test", data | {"instrument": "G-4"})
        assert codes == ["not_your_task"]

    def test_keeps_the_guardian_free_of_other_duties(self, confined):
        assert set(confined.people["guardian"].not_same_as) == {"crew", "electrician", "gas", "lead"}
        assert set(confined.people["area"].not_same_as) == {"lead", "crew", "guardian"}

    def test_is_over_after_a_day(self, confined):
        assert confined.expires_after == 24 * 3600

    def test_gets_everybody_out_when_it_is_given_up(self, confined):
        player = player_of(confined)
        player.finish(until="during/spell/on_post")
        player.act("run.abandoned", player.lead, commitments={"reason": "1" * 64})
        assert player.finish()["outcome"] == "abandoned"
        assert all("out_at" in entry for entries in player.state["registers"].values() for entry in entries)

"""High-voltage maintenance (T12): the good way, and every gate violated once."""

import pytest

from tanghulu.core.flow import haws
from tests.support.flow_templates import shipped
from tests.support.play import Player

DEAD = "before/test_dead"
LINE = "before/switching_off/line"


@pytest.fixture(scope="module")
def high_voltage():
    return shipped("high-voltage-maintenance")


def player_of(template, **answers):
    given = {f"{LINE}.last": [False, False, False, False, True, True], "after/switching_on/line.last": [True, True]}
    player = Player(template, answers={**given, **answers}, in_turn=True)
    player.open()
    return player


def confirm(player, part, path, **answers):
    data = {"answers": answers} if answers else {}
    return player.in_step("step.confirmed", player.cast[part][0], path, data)


def measure(player, path, reading, value, point=None):
    spec = player.template.steps[path].readings[reading]
    data = {"reading": reading, "value": value, "unit": spec.unit, "sampled_at": player.now, "instrument": "YD-6"}
    data |= {"point": point} if point else {}
    return player.in_step("reading.taken", player.cast["operator"][0], path, data)


class TestHighVoltageMaintenance:
    def test_is_played_to_its_end(self, high_voltage):
        player = player_of(high_voltage, **{"after/end_ticket.supply": [True, True]})
        assert player.finish()["outcome"] == "completed"
        assert player.state["contradictions"] == []
        assert all("out_at" in entry for entries in player.state["registers"].values() for entry in entries)
        done = {haw["path"]: haw for haw in haws(high_voltage, player.state)}
        assert done[LINE]["n"] == 3
        assert done["after/switching_on/line"]["state"] == "done"

    def test_may_be_left_off(self, high_voltage):
        player = player_of(high_voltage)
        assert player.finish()["outcome"] == "completed"
        assert "after/switching_on/line" not in player.state["steps"]

    @pytest.mark.parametrize("point", ["L1", "L2", "L3"])
    @pytest.mark.parametrize("side", ["line_side", "load_side"])
    def test_earths_nothing_while_a_phase_is_live(self, high_voltage, side, point):
        player = player_of(high_voltage)
        player.finish(until=DEAD)
        player.supply(player.cast["operator"][0], DEAD)
        assert measure(player, DEAD, side, "6", point) == []
        assert confirm(player, "operator", DEAD) == ["reading_out_of_limit"]
        assert player.in_step(
            "register.entered", player.cast["operator"][0], "before/earth", {"register": "earths", "item": "1"}
        ) == ["step_not_open"]

    def test_asks_for_each_phase_and_its_photo(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until=DEAD)
        measure(player, DEAD, "line_side", "0", "L1")
        assert confirm(player, "operator", DEAD) == ["photo_missing", "reading_missing"]

    def test_takes_two(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until=DEAD)
        player.supply(player.cast["operator"][0], DEAD)
        assert confirm(player, "operator", DEAD) == []
        assert confirm(player, "operator", DEAD) == ["task_done"]
        assert player.current(DEAD)["state"] == "open"
        assert confirm(player, "guardian", DEAD) == []
        assert set(high_voltage.people["guardian"].not_same_as) == {"crew", "operator", "lead"}
        assert {"operator", "guardian"} <= set(high_voltage.people["issuer"].not_same_as)

    def test_does_nothing_that_was_not_read_back(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until=LINE)
        codes = confirm(player, "operator", LINE, number="1", read_back=False, done=True, last=False)
        assert codes == ["answer_not_allowed"]

    def test_is_not_earthed_with_a_thin_wire(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until="before/earth")
        player.supply(player.cast["operator"][0], "before/earth")
        assert measure(player, "before/earth", "section", "16") == []
        codes = confirm(player, "operator", "before/earth", earth_end_first=True, every_side=True)
        assert codes == ["reading_out_of_limit"]

    def test_is_not_earthed_without_a_number(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until="before/earth")
        codes = confirm(player, "operator", "before/earth", earth_end_first=True, every_side=True)
        assert codes == ["photo_missing", "reading_missing", "register_incomplete"]

    def test_is_not_earthed_at_one_side_alone(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until="before/earth")
        operator = player.cast["operator"][0]
        player.photo(operator, "before/earth", "line_side")
        player.photo(operator, "before/earth", "load_side")
        assert measure(player, "before/earth", "section", "25") == []
        for number, codes in (("E-1", ["register_incomplete"]), ("E-2", [])):
            player.in_step("register.entered", operator, "before/earth", {"register": "earths", "item": number})
            assert confirm(player, "operator", "before/earth", earth_end_first=True, every_side=True) == codes

    def test_lets_nobody_in_before_the_lock_is_on(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until="before/lock_and_tag")
        assert confirm(player, "crew", "before/lock_and_tag") == ["photo_missing", "register_incomplete"]
        assert confirm(player, "lead", "before/lock_and_tag") == ["not_your_task"]

    def test_does_not_go_on_while_an_earth_is_on(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until="before/earth")
        operator = player.cast["operator"][0]
        for number in ("E-1", "E-2"):
            entered = {"register": "earths", "item": number}
            assert player.in_step("register.entered", operator, "before/earth", entered) == []
        player.finish(until="after/earths_off")
        player.photo(operator, "after/earths_off", "laid_out")
        left = {"register": "earths", "item": "E-1"}
        assert player.in_step("register.left", operator, "after/earths_off", left) == []
        assert confirm(player, "operator", "after/earths_off", conductor_end_first=True) == ["register_not_empty"]
        assert player.current("after/earths_off")["state"] == "open"

    def test_keeps_the_earths_on_while_somebody_is_inside(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until="after/clear")
        player.photo(player.cast["guardian"][0], "after/clear", "outside")
        assert confirm(player, "guardian", "after/clear") == ["register_not_empty"]

    def test_takes_everything_off_when_it_is_given_up(self, high_voltage):
        player = player_of(high_voltage)
        player.finish(until="during/watch/on_post")
        player.act("run.abandoned", player.lead, commitments={"reason": "1" * 64})
        assert player.finish()["outcome"] == "abandoned"
        assert all("out_at" in entry for entries in player.state["registers"].values() for entry in entries)

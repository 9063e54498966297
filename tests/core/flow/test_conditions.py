import pytest

from tanghulu.core.flow import explain, is_true, judge
from tests.support.flow_templates import ask, reading, stage, step, template
from tests.support.play import Player, ref


@pytest.fixture(scope="module")
def player():
    first = step(
        "first", ask={"hot": ask(), "wind": ask("number"), "side": ask("choice", options={"a": "a", "b": "b"})}
    )
    measure = step("measure", reading=reading(points=["top", "low"]), register={"people": {"act": "in", "at_least": 0}})
    player = Player(template(stage("work", measure, first, step("each", {"each_of": "crew"}, ask={"own": ask()}))))
    player.open()
    crew = ref("crew-0")
    for point, value in (("top", "0.20"), ("low", "3")):
        data = {"reading": "gas", "value": value, "unit": "% vol", "sampled_at": player.now, "point": point}
        player.in_step("reading.taken", crew, "work/measure", data)
    player.in_step("register.entered", crew, "work/measure", {"register": "people", "item": crew})
    player.in_step("step.confirmed", crew, "work/measure")
    player.in_step("step.confirmed", crew, "work/first", {"answers": {"hot": True, "wind": "5.50", "side": "b"}})
    player.in_step("step.confirmed", crew, "work/each", {"answers": {"own": True}})
    return player


def term(value, op, to):
    return {"value": value, "op": op, "to": to}


def condition(*groups):
    return {"any": [{"all": list(group)} for group in groups]}


HOT = term("answer:work/first.hot", "is", True)
COLD = term("answer:work/first.hot", "is", False)
UNKNOWN = term("answer:work/first.nothing", "is", True)


class TestJudge:
    @pytest.mark.parametrize(
        ("value", "op", "to", "truth"),
        [
            ("answer:work/first.hot", "is", True, True),
            ("answer:work/first.hot", "is_not", True, False),
            ("answer:work/first.wind", "is", "5.5", True),
            ("answer:work/first.wind", "less_than", "5.5", False),
            ("answer:work/first.wind", "at_most", "5.5", True),
            ("answer:work/first.wind", "more_than", "5.4999", True),
            ("answer:work/first.side", "is", "b", True),
            ("answer:work/first.side", "at_least", "1", None),
            ("answer:work/first.hot", "is", "true", None),
            ("answer:work/first.hot", "at_least", "1", None),
            ("answer:work/each.own", "is", True, None),
            ("answer:work/nowhere.hot", "is", True, None),
            ("reading:work/measure.gas.top", "at_most", "0.2", True),
            ("reading:work/measure.gas", "at_least", "3", True),
            ("reading:work/measure.noise", "at_least", "3", None),
            ("count:people", "is", "1", True),
            ("count:nothing", "is", "0", None),
            ("part:crew", "more_than", "1", False),
            ("part:nobody", "is", "0", None),
        ],
    )
    def test_compares_values_of_one_kind(self, player, value, op, to, truth):
        assert judge(player.template, player.state, condition([term(value, op, to)])) is truth

    @pytest.mark.parametrize(
        ("groups", "truth"),
        [
            ([[HOT, HOT]], True),
            ([[HOT, COLD]], False),
            ([[HOT, UNKNOWN]], None),
            ([[COLD, UNKNOWN]], False),
            ([[UNKNOWN], [HOT]], True),
            ([[UNKNOWN], [COLD]], None),
            ([[COLD], [COLD]], False),
            ([[]], True),
            ([], False),
        ],
    )
    def test_follows_kleene(self, player, groups, truth):
        assert judge(player.template, player.state, condition(*groups)) is truth


class TestIsTrue:
    def test_takes_unknown_for_false(self, player):
        assert not is_true(player.template, player.state, condition([UNKNOWN]))


class TestExplain:
    def test_says_which_value_was_found_and_which_was_missing(self, player):
        ((hot, unknown),) = explain(player.template, player.state, condition([HOT, UNKNOWN]))
        assert (hot.found, hot.truth) == (True, True)
        assert (unknown.value, unknown.found, unknown.truth) == ("answer:work/first.nothing", None, None)

    def test_gives_numbers_as_they_were_written(self, player):
        wind = condition([term("answer:work/first.wind", "less_than", "9")])
        assert explain(player.template, player.state, wind)[0][0].found == "5.50"

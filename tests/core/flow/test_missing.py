import pytest

from tanghulu.core.flow.missing import answered, missing
from tests.support.flow_templates import ask, photo, reading, stage, step, template
from tests.support.play import Player, ref

CREW, SECOND, GUARDIAN = ref("crew-0"), ref("crew-1"), ref("guardian-0")


def started(one, *, size=2):
    cast = {"lead": [ref("lead-0")], "crew": [CREW, SECOND][:size], "electrician": [ref("e")], "guardian": [GUARDIAN]}
    off = step("off", {"each_of": "crew"}, register={"isolation": "out"})
    player = Player(template(stage("work", one), stage("after", off, leaves=True)), cast)
    player.open()
    return player


def lacks(player, member=CREW, seconds=0, **answers):
    player.tick(seconds)
    step_ = player.template.steps["work/one"]
    return missing(step_, player.state, player.current("work/one"), member, player.now, answers)


class TestMissing:
    def test_counts_photos_of_everybody_in_a_shared_step(self):
        player = started(step("one", photo=photo(count=2)))
        player.photo(CREW, "work/one", "shot")
        player.photo(SECOND, "work/one", "shot")
        assert lacks(player) == []

    def test_counts_only_ones_own_where_each_is_asked(self):
        player = started(step("one", {"each_of": "crew"}, photo=photo(), ask={"q": ask()}))
        player.photo(CREW, "work/one", "shot")
        assert lacks(player, CREW) == ["answer_missing"]
        assert lacks(player, SECOND, q=True) == ["photo_missing"]

    def test_wants_fresh_photos_and_readings(self):
        fresh = reading(fresh="10 min")
        player = started(step("one", photo=photo(fresh="5 min"), reading=fresh))
        player.supply(CREW, "work/one")
        assert lacks(player) == []
        assert lacks(player, seconds=301) == ["photo_stale"]
        assert lacks(player, seconds=300) == ["photo_stale", "reading_stale"]

    def test_looks_at_the_latest_reading_of_each_point(self):
        player = started(step("one", reading=reading(at_most=1, points=["top", "low"])))
        for value, point in (("5", "top"), ("0", "low"), ("1", "top"), ("2", "low")):
            data = {"reading": "gas", "value": value, "unit": "% vol", "sampled_at": player.now, "point": point}
            player.in_step("reading.taken", CREW, "work/one", data)
        assert lacks(player) == ["reading_out_of_limit"]

    def test_wants_everyones_own_lock(self):
        player = started(step("one", {"each_of": "crew"}, register={"isolation": "in"}))
        player.in_step("register.entered", CREW, "work/one", {"register": "isolation", "item": "L", "holder": CREW})
        assert lacks(player, CREW) == []
        assert lacks(player, SECOND) == ["register_incomplete"]

    def test_wants_one_of_each_person(self):
        player = started(step("one", "guardian", register={"people": "in"}, must={"people": "one each of crew"}))
        player.in_step("register.entered", GUARDIAN, "work/one", {"register": "people", "item": CREW})
        assert lacks(player, GUARDIAN) == ["register_incomplete"]
        player.in_step("register.entered", GUARDIAN, "work/one", {"register": "people", "item": SECOND})
        assert lacks(player, GUARDIAN) == []

    def test_wants_nothing_inside(self):
        player = started(step("one", register={"tools": "both"}, must={"tools": "empty"}))
        player.in_step("register.entered", CREW, "work/one", {"register": "tools", "item": "bar"})
        assert lacks(player) == ["register_not_empty"]
        player.in_step("register.left", CREW, "work/one", {"register": "tools", "item": "bar"})
        assert lacks(player) == []

    @pytest.mark.parametrize(
        ("answers", "codes"),
        [
            ({}, ["answer_missing"]),
            ({"yes": True, "side": "a", "count": "3.0"}, []),
            ({"yes": False, "side": "a", "count": "3"}, ["answer_not_allowed"]),
            ({"yes": "yes", "side": "a", "count": "3"}, ["answer_not_allowed"]),
            ({"yes": True, "side": "c", "count": "3"}, ["answer_not_allowed"]),
            ({"yes": True, "side": "a", "count": "4"}, ["answer_not_allowed"]),
            ({"yes": True, "side": "a", "count": 3}, ["answer_not_allowed"]),
            ({"yes": True, "side": "a", "count": "3", "more": True}, ["answer_not_allowed"]),
            ({"yes": True, "side": True}, ["answer_missing", "answer_not_allowed"]),
        ],
    )
    def test_judges_answers(self, answers, codes):
        questions = {
            "yes": ask(must="yes"),
            "side": ask("choice", options={"a": "a", "b": "b"}),
            "count": ask("number", must="3"),
        }
        assert lacks(started(step("one", ask=questions)), **answers) == codes


class TestAnswered:
    def test_counts_what_was_answered_before(self):
        player = started(step("one", ["crew", "guardian"], ask={"q": ask()}))
        assert player.in_step("step.confirmed", CREW, "work/one", {"answers": {"q": True}}) == []
        assert answered(player.template.steps["work/one"], player.current("work/one"), GUARDIAN) == {"q": True}
        assert lacks(player, GUARDIAN) == []

from datetime import timedelta

import pytest
from django.utils import translation

from tanghulu.web.components.pair import build_pair, in_one_order
from tests.support import example_job as example

NOW = example.OPENED + timedelta(hours=2)
OTHER = "1f" * 16


def passed(path, minutes, **more):
    """The state of a job in which a step was passed so many minutes after it was opened."""
    opening = example.STATE["steps"][path][0]
    return {**opening, "state": "closed", "opened_at": example.said(1), "passed_at": example.said(1 + minutes), **more}


def job(minutes, *, run=OTHER, **more):
    steps = {**example.STATE["steps"], example.OFF: [passed(example.OFF, minutes, **more)]}
    return example.job(run=run, state=example.state(steps=steps))


def pair(left, right, *, path=""):
    with translation.override("en"):
        return build_pair(left, right, language="en", path=path, now=NOW)


def readings(value, *, ok):
    return [{**example.STATE["steps"][example.OFF][0]["readings"][0], "value": value, "ok": ok}]


class TestInOneOrder:
    @pytest.mark.parametrize(
        ("left", "right", "order"),
        [
            ("abc", "abc", "abc"),
            ("abc", "axbc", "axbc"),
            ("abc", "xy", "xyabc"),
            ("", "xy", "xy"),
            ("abc", "cb", "abc"),
            ("ab", "abxy", "abxy"),
        ],
    )
    def test_has_every_step_once_in_its_place(self, left, right, order):
        assert "".join(in_one_order(left, right)) == order


class TestBuildPair:
    def test_marks_what_took_more_than_twice_as_long(self):
        line = pair(job(10), job(4)).lines[0]
        assert (line.left.text, line.right.text) == ("10 min 0 s", "4 min 0 s")
        assert (line.left.much_longer, line.right.much_longer) == (True, False)
        assert (line.left.share, line.right.share) == ("8.4%", "3.4%")

    def test_leaves_small_differences_alone(self):
        assert not pair(job(10), job(6)).lines[0].left.much_longer
        assert not pair(job(0.8), job(0.1)).lines[0].left.much_longer

    def test_shows_what_only_one_of_them_has_done(self):
        steps = {path: [] for path in example.STATE["steps"]}
        line = pair(example.job(state=example.state(steps=steps)), job(4)).lines[0]
        assert line.left is None
        assert line.right is not None
        assert line.differs

    def test_gives_a_round_that_nobody_began_no_length(self):
        haws = tuple({**haw, "state": "done"} for haw in example.HAWS)
        assert pair(example.job(haws=haws), job(4)).lines[2].left is None

    def test_begins_with_a_step_that_both_have_come_to(self):
        assert pair(job(1), job(2)).focus.path == example.OFF

    def test_goes_where_the_reader_asks(self):
        found = pair(job(1), job(2), path=example.LOCK)
        assert found.focus.path == example.LOCK
        assert found.previous.endswith(f"with={OTHER}&step={example.OFF}")
        assert found.following.endswith(f"&step={example.SIGN}")
        assert (found.stage_before, found.stage_after) == (found.previous, found.following)

    def test_says_how_far_readings_are_apart(self):
        left, right = job(1, readings=readings("0.5", ok=True)), job(1, readings=readings("2", ok=True))
        value = pair(left, right).values[0]
        assert (value.title, value.difference, value.differs) == ("Voltage L1", "+1.5 V", False)

    def test_marks_a_reading_that_is_good_in_one_of_them_only(self):
        left, right = job(1, readings=readings("0", ok=True)), job(1, readings=readings("9", ok=False))
        found = pair(left, right)
        assert found.values[0].differs
        assert found.lines[0].readings_differ

    def test_puts_photos_beside_each_other(self):
        found = pair(job(1), job(1, photos=[]))
        assert [(ours is not None, theirs is not None) for ours, theirs in found.shots] == [(True, False)]

    def test_knows_when_the_processes_are_not_the_same(self):
        assert pair(job(1), job(1)).same_process
        assert not pair(job(1), example.job(version="2")).same_process

    def test_is_empty_where_no_process_is_known(self):
        bare = example.job(haws=(), steps={}, titles={}, stages={}, document={})
        found = pair(bare, bare)
        assert found.focus is None
        assert found.lines == ()

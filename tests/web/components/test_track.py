from dataclasses import replace
from datetime import timedelta

from django.utils import translation

from tanghulu.web.components.steps import Telling
from tanghulu.web.components.track import build_track
from tests.support import example_job as example


def track(job=example.JOB, language="en"):
    with translation.override(language):
        return build_track(Telling(job, language))


class TestBuildTrack:
    def test_runs_from_end_to_end_as_the_log_does(self):
        places = [mark.x for mark in track().marks]
        assert places == sorted(places)
        assert (places[0], places[-1]) == (0, 1000)

    def test_gives_two_events_of_one_second_room(self):
        places = [mark.x for mark in track().marks]
        assert len(set(places)) == len(places)

    def test_tells_kinds_apart_and_says_what_they_are(self):
        marks = track().marks
        looks = ["act", "photo", "reading", "reading", "act", "photo", "act"]
        assert [mark.look for mark in marks] == looks
        assert marks[1].title == "Photo · Power off"
        assert track(language="zh-hans").marks[1].title == "照片 · 断电"

    def test_says_how_long_a_pause_is_that_it_draws_shorter(self):
        # 5 minutes before the photo of the isolator; 2 minutes exactly are drawn as they are.
        assert [pause.length for pause in track().pauses] == ["5 min"]
        assert track().marks[0].milliseconds == 120_000

    def test_marks_what_came_late_and_what_was_against_the_rules(self):
        marks = track().marks
        assert [mark.number for mark in marks if mark.is_late] == [6]
        assert [mark.number for mark in marks if mark.is_odd] == [7]

    def test_puts_an_event_no_later_than_it_came(self):
        ahead = replace(example.HAPPENINGS[1], received_at=example.at(5) - timedelta(minutes=4))
        marks = track(example.job(happenings=[example.HAPPENINGS[0], ahead, *example.HAPPENINGS[2:]])).marks
        assert marks[0].milliseconds == 60_000

    def test_puts_a_late_event_no_earlier_than_the_one_before_it(self):
        # The last confirmation says minute 8, its predecessor in the log says 9.
        assert track().marks[5].milliseconds == 0

    def test_is_coloured_by_stages(self):
        signed = replace(
            example.HAPPENINGS[4],
            index=17,
            payload={**example.HAPPENINGS[4].payload, "step": example.SIGN, "claimed_at": example.said(12)},
            received_at=example.at(12),
        )
        found = track(example.job(happenings=[*example.HAPPENINGS, signed]))
        assert [(band.title, band.tone) for band in found.bands] == [("Before", 0), ("After", 1)]
        assert [mark.part for mark in found.marks] == [0] * 7 + [1]

    def test_is_empty_without_events(self):
        assert track(example.job(happenings=[])).marks == ()

from dataclasses import replace
from datetime import timedelta

from django.utils import translation

from tanghulu.apps.jobs.queries import Filters
from tanghulu.apps.jobs.queries.stops import StoppedJob
from tanghulu.web.components.board import build_board
from tanghulu.web.components.cards import draw
from tests.support import example_job as example

NOW = example.OPENED + timedelta(hours=2, minutes=6)


def view(*rows, language="en", filters=None, first=True, **counts):
    with translation.override(language):
        drawn = {example.CARD.run: draw(example.CARD, language)}
        board = example.board(*rows, **counts)
        return build_board(board, drawn, filters=filters or Filters(), language=language, now=NOW, first=first)


class TestBuildBoard:
    def test_counts_what_goes_on(self):
        figures = {figure.name: figure for figure in view(going_on=7, stopped=1, overdue=0, inside=3).figures}
        assert (figures["At work"].value, figures["At work"].note) == ("7", "1 stopped")
        assert figures["Overdue"].kind == ""
        assert figures["People inside"].value == "3"

    def test_raises_its_voice_only_when_something_is_wrong(self):
        assert {figure.kind for figure in view().figures} == {""}
        assert [figure.kind for figure in view(overdue=1).figures].count("alarm") == 1

    def test_tells_a_job_in_a_line(self):
        line = view(example.ROW).lines[0]
        assert line.title == "C3 Belt-conveyor maintenance"
        assert line.people == "王维, 李强"
        assert line.elapsed == "2 h 06 min"
        assert line.href.endswith(f"{example.JOB.run}/")
        assert line.skewer.count('class="haw ') == 3

    def test_shows_the_photos_of_steps_that_are_done_and_of_no_other(self):
        skewer = view(example.ROW).lines[0].skewer
        assert skewer.count("<img") == 1
        assert f"/api/v1/photos/{example.HERE}/320.jpg" in skewer

    def test_measures_an_ended_job_to_its_end(self):
        row = replace(example.ROW, status="ended", outcome="completed", ended_at=example.at(30))
        assert view(row).lines[0].elapsed == "30 min"

    def test_says_in_words_what_is_shown(self):
        assert view(example.ROW).count == "1 job, the most urgent first."
        assert view(example.ROW, matching=3000).count.startswith("The 1 most urgent of 3000 jobs")
        assert view(example.ROW, filters=Filters(template="belt")).count == "1 job fits."
        assert view(example.ROW, first=False).count == "1 more job."
        assert view().count == ""

    def test_names_every_stopped_job_with_who_and_why(self):
        stop = StoppedJob(
            run=example.JOB.run,
            title={"en": "Belt-conveyor maintenance"},
            equipment="C3",
            by="魏娜",
            at=NOW,
            why="smoke",
        )
        with translation.override("en"):
            board = replace(example.board(stopped=1), stops=[stop])
            [line] = build_board(board, {}, filters=Filters(), language="en", now=NOW, first=True).stops
        assert (line.title, line.by, line.why) == ("C3 Belt-conveyor maintenance", "魏娜", "smoke")
        assert line.href.endswith(f"{example.JOB.run}/")

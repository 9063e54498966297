import json

from django.utils import translation

from tanghulu.web.components.job import build_job
from tanghulu.web.components.sheet import build_sheet, file_of
from tanghulu.web.components.steps import Telling, build_steps, photo_url
from tests.support import example_job as example

LARGE = file_of(photo_url(example.HERE, 1600))


def sheet(job=example.JOB, *, files=None):
    with translation.override("en"):
        view = build_job(job, language="en", now=example.at(60), step="", photo=1, reader="")
        steps = build_steps(Telling(job, "en"))
        return build_sheet(job, view, steps, language="en", fonts=["A"], files=files or {})


class TestFileOf:
    def test_is_a_plain_name(self):
        assert f"{example.HERE}-1600.jpg" == LARGE

    def test_is_nothing_without_a_picture(self):
        assert file_of("") == ""


class TestBuildSheet:
    def test_is_nothing_but_words_and_numbers(self):
        assert json.loads(json.dumps(sheet())) == sheet()

    def test_says_as_of_which_event_it_is(self):
        assert sheet()["stood"] == "The job as it stood at 2 Mar 2026, 04:08:00"

    def test_has_the_photo_whose_bytes_are_here(self):
        photo = sheet(files={LARGE: b""})["steps"][0]["photos"][0]
        assert (photo["file"], photo["title"], photo["entry"]) == (LARGE, "Isolator", "#11")

    def test_says_of_a_photo_that_its_bytes_have_not_come(self):
        photo = sheet()["steps"][1]["photos"][0]
        assert photo["file"] == ""
        assert "still on the phone" in photo["missing"]

    def test_marks_a_reading_out_of_its_limits(self):
        readings = sheet()["steps"][0]["readings"]
        assert [(one["title"], one["value"], one["kind"]) for one in readings] == [
            ("Voltage L1", "0 V", "done"),
            ("Voltage L2", "0.4 V", "alarm"),
        ]

    def test_tells_what_was_against_the_rules(self):
        assert "not this person's task" in sheet()["steps"][1]["oddities"][0]

    def test_has_people_registers_and_the_skewer(self):
        found = sheet()
        assert ["Crew", "王维"] in found["people"]
        assert [register["title"] for register in found["registers"]] == ["People", "Locks"]
        assert [len(stage["haws"]) for stage in found["stages"]] == [2, 1]

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from tanghulu.web.components.job import build_job
from tests.support import example_job as example

NOW = example.OPENED + timedelta(hours=2)


def view(job=example.JOB, *, language="en", **asked):
    with translation.override(language):
        return build_job(job, language=language, now=NOW, **{"step": "", "photo": 1, "reader": "wen", **asked})


def stopped(kind, **changes):
    happening = example.HAPPENINGS[6]
    payload = {**happening.payload, "type": kind, "actor": "vera"}
    last = replace(happening, payload=payload, opened={"reason": "smoke"})
    return example.job(state=example.state(**changes), happenings=[*example.HAPPENINGS, last])


class TestFocus:
    def test_begins_with_the_newest_picture(self):
        assert view().focus.step.path == example.LOCK

    def test_goes_where_the_reader_asks(self):
        focus = view(step=example.OFF).focus
        assert (focus.step.path, focus.place, focus.places) == (example.OFF, 1, 3)
        assert focus.previous == ""
        assert focus.following.endswith(f"?step={example.LOCK}")

    def test_ends_at_the_last_step(self):
        focus = view(step=example.SIGN).focus
        assert focus.picture is None
        assert focus.following == ""

    @pytest.mark.parametrize("asked", [{"step": "no/such"}, {"step": example.LOCK, "photo": 9}])
    def test_does_not_mind_an_address_that_leads_nowhere(self, asked):
        assert view(**asked).focus.step.path == example.LOCK

    def test_is_nothing_without_a_skewer(self):
        assert view(example.job(haws=(), steps={}, titles={}, stages={}, document={})).focus is None

    def test_is_marked_on_the_skewer(self):
        assert [haw.path for haw in view(step=example.OFF).skewer.haws if haw.selected] == [example.OFF]


class TestStop:
    def test_is_said_with_who_and_why(self):
        stop = view(stopped("run.stopped", status="stopped")).stop
        assert (stop.act.who, stop.reason) == ("魏娜", "smoke")

    def test_is_said_of_an_abandoned_job(self):
        assert view(stopped("run.abandoned", leaving="abandoned")).stop.title == "This job was abandoned."

    def test_is_said_of_a_job_that_ran_out_of_time(self):
        assert view(example.job(state=example.state(leaving="expired"))).stop.title == "This job ran out of time."

    def test_is_not_said_of_a_job_that_goes_on(self):
        assert view().stop is None


class TestEvidence:
    def test_says_where_the_job_lies_and_what_is_missing(self):
        evidence = view().evidence
        assert (evidence.events, evidence.first, evidence.last) == (7, 10, 16)
        assert evidence.is_published
        assert (evidence.late, evidence.missing_photos) == (1, 1)

    def test_is_not_published_while_the_last_entry_lies_beyond_the_checkpoint(self):
        assert not view(example.job(published_size=16)).evidence.is_published


class TestReview:
    def test_is_offered_to_whoever_has_the_part(self):
        review = view(reader="chen").review
        assert review.is_mine
        assert (review.step, review.activation, review.reason) == (example.SIGN, 1, "always")
        assert [option.value for option in review.verdicts] == ["ok", "back"]
        assert [option.title for option in review.back_to] == ["Lock"]

    def test_says_to_others_for_whom_it_waits(self):
        review = view(reader="wen").review
        assert not review.is_mine
        assert review.waits_for == ("陈静",)

    def test_is_not_offered_while_the_job_is_stopped(self):
        assert view(example.job(status="stopped"), reader="chen").review is None


class TestPeopleAndRegisters:
    def test_leaves_out_parts_that_nobody_has(self):
        assert [(part.title, part.names) for part in view().parts] == [("Crew", ("王维",)), ("Quality", ("陈静",))]

    def test_stand_in_the_order_of_the_templates_author(self):
        backwards = {key: dict(reversed(table.items())) for key, table in example.JOB.document.items()}
        shown = view(example.job(document=backwards))
        assert [part.title for part in shown.parts] == ["Quality", "Crew"]
        assert [register.title for register in shown.registers] == ["Locks", "People"]

    def test_counts_who_and_what_is_still_in(self):
        people, locks = view().registers
        assert (people.title, people.inside, [entry.item for entry in people.entries]) == (
            "People",
            1,
            ["王维", "李强"],
        )
        assert (people.is_locks, locks.is_locks) == (False, True)
        assert (locks.entries[0].item, locks.entries[0].detail) == ("0231", "王维 · Q3")
        assert not locks.entries[0].is_exception

    def test_mark_a_lock_that_was_removed_without_its_owner(self):
        (lock,) = example.STATE["registers"]["isolation"]
        gone = {**lock, "out_at": example.said(40), "out_by": "chen", "exception": "ee" * 32}
        shown = view(example.job(state=example.state(registers={"isolation": [gone]})))
        assert shown.registers[0].entries[0].is_exception
        assert [(removal.owner, removal.statements) for removal in shown.removals] == [("王维", ())]

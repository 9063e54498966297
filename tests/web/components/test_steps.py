from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from tanghulu.web.components.steps import Telling, act_of, build_steps, event_word, limit_words, loose_oddities
from tests.support import example_job as example


def steps(job=example.JOB, language="en"):
    with translation.override(language):
        return build_steps(Telling(job, language))


class TestBuildSteps:
    def test_follows_the_skewer(self):
        assert [(step.number, step.path) for step in steps()] == [
            (1, example.OFF),
            (2, example.LOCK),
            (3, example.SIGN),
        ]

    def test_has_a_stop_for_each_picture_and_one_where_there_is_none(self):
        assert [step.frames for step in steps()] == [1, 1, 1]

    def test_shows_a_picture_whose_bytes_are_here(self):
        picture = steps()[0].pictures[0]
        assert picture.large == f"/api/v1/photos/{example.HERE}/1600.jpg"
        assert (picture.title, picture.show) == ("Isolator", ("isolator open",))
        assert (picture.act.who, picture.act.index, picture.act.late) == ("王维", 11, "")

    def test_keeps_the_place_of_a_picture_that_is_still_on_a_phone(self):
        picture = steps()[1].pictures[0]
        assert picture.large == ""
        assert picture.act.late == "+6 h 12 min"

    def test_marks_what_says_that_it_was_made_after_it_came(self):
        happening = example.HAPPENINGS[0]
        early = replace(happening, received_at=happening.received_at - timedelta(hours=25))
        telling = Telling(example.job(happenings=[early]), "en")
        with translation.override("en"):
            act = act_of(telling, early.hash, who="wen", at=early.payload["claimed_at"])
        assert (act.ahead, act.late) == ("+1 d 1 h", "")

    def test_shows_once_what_a_retake_took_over_and_says_why_the_other_photo_does_not_count(self):
        (passed,) = example.STATE["steps"][example.OFF]
        (good,) = passed["photos"]
        bad = {**good, "commitment": "b" * 64, "event": "b" * 64, "refused": ["size_differs", "later_code"]}
        voided = {**passed, "state": "void", "photos": [bad, good]}
        again = {**passed, "n": 2, "state": "open", "retake": True, "photos": [good]}
        changed = example.state(steps={**example.STATE["steps"], example.OFF: [voided, again]})
        step, *_ = steps(example.job(state=changed))
        assert [picture.refused for picture in step.pictures] == [
            ("The file that arrived has another size than was recorded.", "later_code"),
            (),
        ]
        assert [picture.void for picture in step.pictures] == [False, False]
        assert [len(step.readings), len(step.answers)] == [2, 1]

    def test_tells_readings_with_their_limits(self):
        good, bad = steps()[0].readings
        assert (good.point, good.value, good.limit, good.ok) == ("L1", "0", "≤ 0 V", True)
        assert (bad.point, bad.value, bad.ok, bad.instrument) == ("L2", "0.4", False, "VT-07")

    @pytest.mark.parametrize(
        ("asked", "limit"),
        [
            ({"at_least": "19.5", "at_most": "21", "unit": "%"}, "≥ 19.5, ≤ 21 %"),
            ({"at_least": "0", "at_most": "0", "unit": "V"}, "= 0 V"),
            ({"unit": "V"}, ""),
        ],
    )
    def test_tells_limits_in_signs(self, asked, limit):
        assert limit_words(asked) == limit

    def test_tells_answers_in_words(self):
        answer = steps()[0].answers[0]
        assert (answer.title, answer.value) == ("Hot work?", "No")

    def test_tells_answers_in_the_order_in_which_the_author_asks(self):
        asked = {"why": {"title": {"en": "Why?"}}, "hot": {"title": {"en": "Hot work?"}}}
        off = {**example.STATE["steps"][example.OFF][0], "answers": {"hot": False, "why": "1"}}
        state = example.state(steps={**example.STATE["steps"], example.OFF: [off]})
        told = steps(example.job(state=state, steps={**example.STEPS, example.OFF: {"ask": asked}}))
        assert [answer.title for answer in told[0].answers] == ["Why?", "Hot work?"]

    def test_says_who_confirmed(self):
        assert [act.who for act in steps()[0].done_by] == ["王维"]

    def test_says_in_words_what_was_against_the_rules(self):
        oddity = steps()[1].oddities[0]
        assert oddity.sentences == ("The step was not this person's task.",)
        assert (oddity.type, oddity.act.who) == ("Confirmed", "魏娜")

    def test_tells_a_decision_with_its_reason(self):
        happening = example.HAPPENINGS[6]
        told = type(happening)(**{slot: getattr(happening, slot) for slot in happening.__slots__})
        activation = {
            **example.STATE["steps"][example.SIGN][0],
            "decision": {
                "verdict": "back",
                "by": "chen",
                "at": example.said(8),
                "event": told.hash,
                "to": example.LOCK,
            },
        }
        changed = example.state(steps={**example.STATE["steps"], example.SIGN: [activation]})
        decision = steps(example.job(state=changed))[2].decisions[0]
        assert (decision.verdict, decision.to, decision.kind, decision.act.who) == (
            "Sent back",
            "Lock",
            "alarm",
            "陈静",
        )

    def test_marks_a_picture_of_a_step_that_was_sent_back(self):
        activation = {**example.STATE["steps"][example.OFF][0], "state": "void"}
        changed = example.state(steps={**example.STATE["steps"], example.OFF: [activation]})
        told = steps(example.job(state=changed))[0]
        assert told.pictures[0].void
        assert told.done_by == ()

    def test_speaks_the_readers_language(self):
        assert steps(language="zh-hans")[0].title == "断电"


class TestLooseOddities:
    def test_are_those_of_no_step_that_is_shown(self):
        telling = Telling(example.job(haws=example.HAWS[:1]), "en")
        assert len(loose_oddities(telling)) == 1
        assert loose_oddities(Telling(example.JOB, "en")) == ()


class TestEventWord:
    def test_of_an_unknown_type_is_the_type(self):
        assert event_word("from.the.future") == "from.the.future"

from datetime import timedelta

import pytest
from django.utils import translation

from tanghulu.web.components.words import CONTRADICTIONS, contradiction, duration, run_pill


class TestDuration:
    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (0, "0 min"),
            (59, "0 min"),
            (-5, "0 min"),
            (3540, "59 min"),
            (7560, "2 h 06 min"),
            (90000, "1 d 1 h"),
        ],
    )
    def test_says_the_two_units_that_matter(self, seconds, text):
        with translation.override("en"):
            assert duration(timedelta(seconds=seconds)) == text

    def test_speaks_chinese(self):
        with translation.override("zh-hans"):
            assert duration(timedelta(seconds=7560)) == "2 小时 06 分"


class TestRunPill:
    @pytest.mark.parametrize(
        ("given", "kind"),
        [
            ({"status": "stopped", "overdue": True}, "stop"),
            ({"status": "open", "overdue": True}, "alarm"),
            ({"status": "open"}, "run"),
            ({"status": "ended", "outcome": "completed", "sealed": True}, "done"),
            ({"status": "ended", "outcome": "completed"}, "held"),
            ({"status": "ended", "outcome": "abandoned", "sealed": True}, "alarm"),
            ({"status": "ended", "outcome": "expired"}, "alarm"),
            ({"status": "ended", "outcome": "refused"}, "alarm"),
            ({"status": "new"}, "wait"),
        ],
    )
    def test_names_the_most_urgent(self, given, kind):
        assert run_pill(**given).kind == kind


class TestContradiction:
    def test_is_a_sentence_in_every_language(self):
        for language in ("en", "zh-hans", "zh-hant"):
            with translation.override(language):
                for code in CONTRADICTIONS:
                    assert contradiction(code)[-1] in ".。", code

    def test_of_an_unknown_code_is_the_code(self):
        assert contradiction("from_the_future") == "from_the_future"

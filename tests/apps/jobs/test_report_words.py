import pytest

from tanghulu.apps.jobs.report_words import STATEMENTS, STATES, WORDS, every, texts


class TestEvery:
    @pytest.mark.parametrize("words", [WORDS, STATES, STATEMENTS])
    def test_leaves_no_language_out(self, words):
        for wordings in words.values():
            assert [tag for tag, _ in wordings] == ["zh-Hans", "zh-Hant", "en"]
            assert all(wording for _, wording in wordings)

    def test_keeps_the_order_of_the_languages(self):
        assert every("一", "二", "three") == (("zh-Hans", "一"), ("zh-Hant", "二"), ("en", "three"))


class TestTexts:
    def test_takes_the_wordings_that_a_template_has(self):
        assert texts({"en": "Power off", "zh-Hant": "斷電", "zh-Hans": "断电"}) == every("断电", "斷電", "Power off")

    def test_takes_the_other_script_before_another_language(self):
        assert texts({"en": "Power off", "zh-Hans": "断电"}) == every("断电", "断电", "Power off")

    def test_takes_what_there_is(self):
        assert texts({"fr": "Couper"}) == every("Couper", "Couper", "Couper")
        assert texts({}, "cut") == every("cut", "cut", "cut")

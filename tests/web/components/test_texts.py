import pytest

from tanghulu.web.components.texts import in_language

BOTH = {"zh-Hans": "断电", "en": "Power off"}


class TestInLanguage:
    @pytest.mark.parametrize(
        ("language", "wording"),
        [("zh-hans", "断电"), ("en", "Power off"), ("en-gb", "Power off"), ("zh-hant", "断电"), ("ar", "断电")],
    )
    def test_takes_the_closest(self, language, wording):
        assert in_language(BOTH, language) == wording

    def test_takes_english_where_there_is_no_chinese(self):
        assert in_language({"de": "Aus", "en": "Off"}, "fr") == "Off"

    def test_takes_what_there_is(self):
        assert in_language({"de": "Aus"}, "fr") == "Aus"
        assert in_language({}, "fr") == ""

import gettext
import io

import pytest

from tools import translations

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
COMPLETE = (
    HEADER + 'msgid "Stop the job"\nmsgstr "停止作业"\n\n'
    'msgid "%(n)s photo"\nmsgid_plural "%(n)s photos"\nmsgstr[0] "%(n)s 张照片"\n'
)
PLURAL = "{% blocktranslate count n=n %}{{ n }} photo{% plural %}{{ n }} photos{% endblocktranslate %}"


@pytest.fixture
def package(tmp_path):
    """A package with two sentences, complete in every language."""
    (tmp_path / "page.py").write_text('text = _("Stop the job")\n')
    (tmp_path / "page.html").write_text(PLURAL)
    for name in translations.LANGUAGES:
        folder = tmp_path / "locale" / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text(COMPLETE)
    translations.compile_all(tmp_path)
    return tmp_path


def rewrite(package, old, new, *, compiled=True):
    po = package / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    po.write_text(po.read_text().replace(old, new))
    if compiled:
        translations.compile_all(package)


class TestProblems:
    def test_are_none_when_all_is_translated_and_compiled(self, package):
        assert translations.problems(package) == []

    def test_do_not_look_for_sentences_in_what_the_front_end_is_built_into(self, package):
        built = package / translations.BUILT / "verify.html"
        built.parent.mkdir(parents=True)
        built.write_text('_("pack_unreadable")')
        assert translations.problems(package) == []

    def test_name_a_sentence_that_is_in_no_catalogue(self, package):
        (package / "more.py").write_text('gettext_lazy("Go on")')
        assert translations.problems(package) == [
            "zh_Hans: more.py: 'Go on' is not in the catalogue",
            "zh_Hant: more.py: 'Go on' is not in the catalogue",
            "en: more.py: 'Go on' is not in the catalogue",
        ]

    def test_name_an_empty_translation(self, package):
        rewrite(package, "停止作业", "")
        assert translations.problems(package) == ["zh_Hans: 'Stop the job' is not translated"]

    def test_count_a_fuzzy_translation_as_none(self, package):
        rewrite(package, 'msgid "Stop', '#, fuzzy\nmsgid "Stop')
        assert translations.problems(package) == ["zh_Hans: 'Stop the job' is not translated"]

    def test_name_a_placeholder_that_the_sentence_does_not_have(self, package):
        rewrite(package, "%(n)s 张", "%(m)s 张")
        assert len(translations.problems(package)) == 1

    def test_name_a_placeholder_that_is_left_out(self, package):
        rewrite(package, "%(n)s 张", "一张")
        assert len(translations.problems(package)) == 1

    def test_let_a_plural_have_what_one_of_its_forms_has(self, package):
        rewrite(package, 'msgid "%(n)s photo"', 'msgid "One photo"')
        assert [each for each in translations.problems(package) if "placeholder" in each] == []

    def test_name_a_compiled_file_that_is_older(self, package):
        rewrite(package, "停止作业", "停工", compiled=False)
        assert "was not compiled" in translations.problems(package)[0]

    def test_name_a_language_that_is_missing(self, package):
        (package / "locale" / "en" / "LC_MESSAGES" / "django.mo").unlink()
        assert translations.problems(package) == ["en: django.po and django.mo must both be there"]

    def test_name_a_sentence_that_stands_twice(self, package):
        rewrite(package, HEADER, HEADER + 'msgid "Stop the job"\nmsgstr "停"\n\n', compiled=False)
        assert "stands twice" in translations.problems(package)[0]


class TestInTemplate:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('{% trans "Go on" %}', ("", "Go on")),
            ("{% translate 'Go on' context 'job' as text %}", ("job", "Go on")),
            ("{% blocktranslate trimmed %}\n  Go\n  on\n{% endblocktranslate %}", ("", "Go on")),
            ("{% blocktranslate with a=b %}Hello {{ a }}{% endblocktranslate %}", ("", "Hello %(a)s")),
            ('{{ _("Go on") }}', ("", "Go on")),
        ],
    )
    def test_finds(self, text, message):
        assert list(translations.in_template(text)) == [message]


class TestInPython:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("_('Go on')", ("", "Go on")),
            ("gettext_lazy('Go ' 'on')", ("", "Go on")),
            ("ngettext('a job', '%d jobs', n)", ("", "a job")),
            ("pgettext('verb', 'Go')", ("verb", "Go")),
        ],
    )
    def test_finds(self, text, message):
        assert list(translations.in_python(text)) == [message]

    def test_leaves_what_is_not_written_out(self):
        assert list(translations.in_python("_(name)")) == []


class TestCompiled:
    def test_is_read_by_the_standard_library(self, package):
        po = package / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        read = gettext.GNUTranslations(io.BytesIO(translations.compiled(translations.read_po(po))))
        assert read.gettext("Stop the job") == "停止作业"
        assert read.ngettext("%(n)s photo", "%(n)s photos", 3) == "%(n)s 张照片"

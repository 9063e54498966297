"""Styles name the sides of a thing by the way in which its reader reads, and pages tell time in one way."""

import re

import pytest

from tests.architecture.source import PACKAGE, ROOT

STYLES = ROOT / "frontend" / "styles"
# A style sheet that stands inside a page.
INSIDE = ("src/tanghulu/apps/jobs/templates/jobs_report/report.html",)

_SIDE = "(?:left|right|top|bottom)"
# Sizes of pictures in a drawing's own co-ordinates and conditions on the screen are no properties of a box.
PHYSICAL = re.compile(
    rf"""(?<![\w-])(?:
        (?:margin|padding|border|scroll-margin|scroll-padding)-{_SIDE}(?:-[a-z]+)?
        | border-(?:top|bottom)-(?:left|right)-radius
        | {_SIDE} | (?:min-|max-)?(?:width|height)
    )\s*:(?!:)
    | (?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)\b""",
    re.VERBOSE,
)
SHORT = re.compile(r"(?<![\w-])(margin|padding|inset|border-width|border-radius)\s*:\s*([^;{}]+)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CONDITION = re.compile(r"@(?:media|container|supports)[^{]*\{")

# Where a page may use Django's own way to tell time, each with the reason.
DATED = {"src/tanghulu/web/templates/jobs/filters.html": "what a field for days holds is for machines"}
DATE = re.compile(r"""\|(?:date|time)(?!:"c")\b""")


def values_of(text):
    """The parts of a value, with what stands in brackets kept together."""
    return re.findall(r"(?:[^\s(]+(?:\((?:[^()]|\([^()]*\))*\))?)", text.split("!")[0])


def physical(css):
    """What in a style sheet is said for one direction of reading only."""
    text = CONDITION.sub("{", COMMENT.sub("", css))
    found = [match[0] for match in PHYSICAL.finditer(text)]
    for match in SHORT.finditer(text):
        values = values_of(match[2])
        if len(values) == 4 and "/" not in values:
            radius = match[1] == "border-radius"
            uneven = (values[0], values[3]) != (values[1], values[2]) if radius else values[1] != values[3]
            found += [match[0]] if uneven else []
    return found


def told_otherwise(template):
    return DATE.findall(template)


class TestPhysical:
    def test_is_nothing_in_our_style_sheets(self):
        found = {
            str(path.relative_to(ROOT)): physical(path.read_text(encoding="utf-8"))
            for path in [*STYLES.rglob("*.css"), *(ROOT / name for name in INSIDE)]
        }
        assert {name: lines for name, lines in found.items() if lines} == {}

    @pytest.mark.parametrize(
        "css",
        [
            "a { margin-left: 1px }",
            "a { padding-right: 1px }",
            "a { border-left-color: red }",
            "a { border-top-left-radius: 1px }",
            "a { left: 0 }",
            "a{width:100%}",
            "a { max-height: 2rem }",
            "a { text-align: right }",
            "a { float: left }",
            "a { padding: 1px 2px 3px calc(1px + (2px)) }",
            "a { border-radius: 1px 0 0 1px }",
        ],
    )
    def test_is_a_side_of_the_screen(self, css):
        assert len(physical(css)) == 1

    @pytest.mark.parametrize(
        "css",
        [
            "a { margin-inline-start: 1px; inline-size: 2px; inset-block-end: 0; text-align: end }",
            "a { padding: 1px 2px 3px 2px; stroke-width: 2; line-height: 1.5; border-radius: 1px 1px 0 0 }",
            "@media (max-width: 30rem) { a { color: red } }",
            "/* left: 0 */",
        ],
    )
    def test_is_not_a_side_of_the_reader(self, css):
        assert physical(css) == []


class TestToldOtherwise:
    def test_is_no_time_on_our_pages(self):
        pages = {path.relative_to(ROOT).as_posix(): path for path in PACKAGE.rglob("*.html")}
        found = [name for name, path in pages.items() if told_otherwise(path.read_text(encoding="utf-8"))]
        assert found == list(DATED)

    def test_is_a_form_of_one_s_own(self):
        assert told_otherwise('{{ at|date:"Y-m-d" }} {{ at|time }}') != []
        assert told_otherwise('{{ at|date:"c" }} {{ at|moment }}') == []

"""The colours of both themes: what is read on them can be read."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "frontend" / "styles" / "tokens.css"

# Text on its ground: WCAG 2.2 AA asks for 4.5 : 1.
TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-2", "ink-3", "haw", "done", "alarm", "held")
    for ground in ("paper", "card", "sunken")
] + [
    ("haw", "haw-soft"),
    ("done", "done-soft"),
    ("alarm", "alarm-soft"),
    ("held", "held-soft"),
    ("ink", "haw-soft"),
    ("ink", "done-soft"),
    ("ink", "alarm-soft"),
    ("ink", "held-soft"),
    ("on-fill", "haw-fill"),
    ("on-fill", "haw-deep"),
    ("on-fill", "done-fill"),
    ("on-fill", "alarm-fill"),
    ("on-fill", "held-fill"),
    ("paper", "ink"),
]
# Marks, borders of fields and the focus: 3 : 1.
MARKS = [
    (mark, ground) for mark in ("wait", "line-strong", "focus", "bamboo-deep") for ground in ("paper", "card", "sunken")
]


def themes():
    """The tokens of each block of the style sheet, by the selector that stands before it."""
    text = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", text)
    found = {}
    for selector, body in blocks:
        values = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", body))
        found[selector.strip()] = values
    return found


def luminance(colour):
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LIGHT, DARK = ":root", ':root[data-theme="dark"]'


class TestContrast:
    @pytest.mark.parametrize("theme", [LIGHT, DARK])
    @pytest.mark.parametrize(("ink", "ground"), TEXT)
    def test_text_can_be_read(self, theme, ink, ground):
        tokens = themes()[theme]
        assert contrast(tokens[ink], tokens[ground]) >= 4.5

    @pytest.mark.parametrize("theme", [LIGHT, DARK])
    @pytest.mark.parametrize(("mark", "ground"), MARKS)
    def test_marks_can_be_seen(self, theme, mark, ground):
        tokens = themes()[theme]
        assert contrast(tokens[mark], tokens[ground]) >= 3


class TestThemes:
    def test_both_ways_to_darkness_give_the_same(self):
        found = themes()
        assert found[':root:not([data-theme="light"])'] == found[DARK]

    def test_the_dark_theme_leaves_no_colour_light(self):
        assert themes()[LIGHT].keys() == themes()[DARK].keys()

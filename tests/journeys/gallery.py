"""A look at every page: light and dark, on a desk and on a phone. `TANGHULU_PAGES` names the folder for the pictures.

Without the folder the pages are looked at all the same: none may be wider than its screen, none that is shown in
Chinese may hold a sentence that nobody translated, and none may shut anybody out, as far as axe can tell.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys import axe
from tests.journeys.waiting import until_pictures_are_there

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
LANGUAGES = ("zh-Hans", "zh-Hant", "en")

# Three words in Latin letters, one after the other, outside of what is the same in every language.
_UNTRANSLATED = r"""() => {
    const same = "code, kbd, .hash, .fact-code, [lang=en], textarea, script, style, .say + .quiet";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const seen = node.parentElement.closest(same) === null;
        if (seen && /[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/.test(node.data)) found.push(node.data.trim());
    }
    return found;
}"""
# What a gloved finger cannot hit: in CSS pixels, of what can be pressed now.
_GLOVE = 56
_TOO_SMALL = """least => {
    const pressed = "button, a[href], summary, select, textarea, input:not(.unseen), label.big, label.side";
    return [...document.querySelectorAll(pressed)].flatMap((one) => {
        const { width, height } = one.getBoundingClientRect();
        const seen = one.checkVisibility() && width > 0 && height > 0;
        const small = Math.round(width) < least || Math.round(height) < least;
        const name = `${one.tagName.toLowerCase()}.${one.className}`;
        return seen && small ? [`${name} is ${Math.round(width)} x ${Math.round(height)}`] : [];
    });
}"""
_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _folder() -> Path | None:
    given = os.environ.get("TANGHULU_PAGES")
    if not given:
        return None
    folder = Path(given)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass
class Gallery:
    """The pictures of one walk, and what was wrong on the pages."""

    folder: Path | None = field(default_factory=_folder)
    languages: tuple[str, ...] = LANGUAGES
    mark: str = ""  # before the name of each picture
    axe: str = field(default_factory=axe.script)
    shown: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def show(self, page: Page, name: str, *, language: str, sizes: tuple[str, ...] = ("desk", "phone")) -> None:
        """Look at a page as it is now, in every size and theme."""
        self.shown.add(name)
        for size in sizes:
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            # A picture of the whole page shows what nobody has scrolled to.
            page.evaluate("() => { for (const image of document.images) image.loading = 'eager'; }")
            for theme in self._themes(language):
                page.emulate_media(color_scheme=theme)
                until_pictures_are_there(page)
                self._keep(page, f"{name}.{size}.{language}.{theme}", whole=True)
                self._examine(page, f"{name}, {size}", language, theme)
            self._look(page, f"{name}, {size}, {language}", language)

    def show_phone(self, page: Page, name: str, *, language: str) -> None:
        """Look at a screen of the phone, as high as the phone is."""
        self.shown.add(name)
        for theme in self._themes(language):
            page.emulate_media(color_scheme=theme)
            until_pictures_are_there(page)
            self._keep(page, f"{name}.phone.{language}.{theme}", whole=False)
            self._examine(page, name, language, theme)
        self._look(page, f"{name}, {language}", language)
        self.wrong += [f"{name}, {language}: {small}" for small in page.evaluate(_TOO_SMALL, _GLOVE)]

    def show_print(self, page: Page, name: str, *, language: str) -> None:
        """Look at a page as it is printed."""
        page.emulate_media(media="print", color_scheme="light")
        self._keep(page, f"{name}.print.{language}.light", whole=True)
        page.emulate_media(media="screen")

    def _themes(self, language: str) -> Iterator[str]:
        """Dark is as wide as light, and as dark in every language: without a folder it is examined in one of them."""
        yield from THEMES if self.folder or language == LANGUAGES[0] else THEMES[:1]

    def _examine(self, page: Page, where: str, language: str, theme: str) -> None:
        """Ask axe: in one language, since every language has the same page."""
        if language == LANGUAGES[0]:
            found = axe.found(page, self.axe, colours_only=theme != THEMES[0])
            self.wrong += [f"{where}, {theme}: {one}" for one in found]

    def _keep(self, page: Page, name: str, *, whole: bool) -> None:
        if self.folder is not None:
            page.screenshot(path=str(self.folder / f"{self.mark}{name}.png"), full_page=whole, animations="disabled")

    def _look(self, page: Page, where: str, language: str) -> None:
        over = page.evaluate(_TOO_WIDE)
        if over > 0:
            self.wrong.append(f"{where}: {over} px wider than the screen")
        if language != "en":
            self.wrong += [f"{where}: not translated: {text}" for text in page.evaluate(_UNTRANSLATED)]

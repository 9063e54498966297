"""Waiting for what a page must come to show. Journeys wait for conditions, never for time."""

from __future__ import annotations

import re

from playwright.sync_api import Page

_FUNCTION = re.compile(r"\(?[\w, ]*\)?\s*=>")


def until(page: Page, holds: str, arg: object = None, *, patience: float | None = None) -> None:
    """Wait until a JavaScript function, called with `arg` on the page, gives something true. Raises TimeoutError.

    `patience` is in seconds, for what waits its turn behind other things.

    It must be a function: the browser's driver would put a bare expression through `eval` again at every look, which
    the content policy of our pages refuses at any look but the first; so such a wait fails exactly when there is
    something to wait for. Nor may it give a promise, which counts as true at once.
    """
    if not _FUNCTION.match(holds):
        message = f"not a function: {holds}"
        raise ValueError(message)
    page.wait_for_function(holds, arg=arg, timeout=None if patience is None else 1000 * patience)


def until_pictures_are_there(page: Page) -> None:
    """Wait until every picture that is in sight, or is fetched before it is, has been drawn."""
    until(
        page,
        """() => [...document.images].every((image) => {
            const { top, bottom } = image.getBoundingClientRect();
            const awaited = image.loading !== "lazy" || (bottom > 0 && top < innerHeight);
            return !awaited || (image.complete && image.naturalWidth > 0);
        })""",
    )

"""The watch hears what a page tries and the content policy forbids."""

from __future__ import annotations

import pytest

from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey

FORBIDDEN = {
    "style-src-attr": "document.body.setAttribute('style', 'color: red')",
    "script-src-attr": "document.body.setAttribute('onclick', 'alert(1)'); document.body.click()",
    "img-src": "document.body.append(Object.assign(new Image(), {src: 'https://evil.example/x.png'}))",
}


class TestWatch:
    def test_hears_each_violation(self, stage: Stage) -> None:
        page = stage.office()
        page.goto(f"{stage.address}/sign-in/")
        assert stage.watch.troubles == []
        for directive, deed in FORBIDDEN.items():
            with page.expect_console_message(lambda said, named=directive: f"policy violated: {named}" in said.text):
                page.evaluate(deed)
        assert len([line for line in stage.watch.troubles if "policy violated" in line]) == len(FORBIDDEN)
        stage.watch.expect("policy violated", "Content Security Policy")

"""The watch hears what a page tries and the content policy forbids."""

from __future__ import annotations

import pytest

from tests.journeys.stage import Stage
from tests.support.installation import wait_for

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
            page.evaluate(deed)
            wait_for(
                directive,
                lambda named=directive: any(f"policy violated: {named}" in line for line in stage.watch.troubles),
            )
        stage.watch.expect("policy violated", "Content Security Policy")

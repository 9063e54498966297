"""What axe finds on a page: https://github.com/dequelabs/axe-core, the checker of WCAG that browsers' tools use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

FILE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# The levels A and AA of WCAG 2.0 to 2.2, and what is good practice: landmarks, the order of headings.
_EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# In the dark a page is built as in the light; only its colours are others.
_COLOURS = {"type": "rule", "values": ["color-contrast"]}
_GRAVE = frozenset({"serious", "critical"})
# What fades in is looked at when it is there; what moves for ever cannot be brought to its end.
_SETTLE = """() => {
    for (const one of document.getAnimations()) {
        if (Number.isFinite(one.effect.getComputedTiming().endTime)) one.finish();
    }
}"""
_RUN = """rules => axe.run(document, { runOnly: rules, resultTypes: ["violations"], preload: false })
    .then(({ violations }) => violations.map(({ id, impact, nodes }) => ({
        id, impact, nodes: nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
    })))"""


def script() -> str:
    """The checker itself. Where it is not installed the test is skipped, or fails where nothing may be left out."""
    if not FILE.is_file():
        leave = pytest.fail if os.environ.get("TANGHULU_ALL") == "1" else pytest.skip
        leave("axe is not here: run npm ci in frontend")
    return FILE.read_text(encoding="utf-8")


def found(page: Page, axe: str, *, colours_only: bool = False) -> list[str]:
    """The rules that the page breaks gravely, each with the first elements that do."""
    # Evaluated by the browser's own tools, which the page's content policy does not bind.
    page.evaluate(f"() => {{ if (!window.axe) {{ {axe} }} }}")
    page.evaluate(_SETTLE)
    broken: list[dict[str, Any]] = page.evaluate(_RUN, _COLOURS if colours_only else _EVERYTHING)
    return [f"{rule['id']}: {node}" for rule in broken if rule["impact"] in _GRAVE for node in rule["nodes"]]

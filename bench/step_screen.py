"""How soon a step screen of the phone reacts to a tap on a slow processor, and how soon what was asked for is there.

An installation of the demo is served; one phone in Chromium, whose processor is slowed down four times (`--slow`), does
the first step of a job over and over. Each tap is measured inside of the page, from the browser's time of the input to

    reacts     the first paint in which the page has changed, as Chromium has laid it out
    done       the paint that shows what was asked for: the step, the kept photo, the next question, the next step

for

    open       a tap on a job in the list
    shutter    the photo: taken, encoded, hashed and written to the phone's disk
    use        the kept photo taken into use: signed and written
    answer     yes or no
    confirm    the step: signed and written, the job worked out anew

The peer, measured in the same browser at the same speed: a page of one button that changes one word. It says what the
machine and the browser take of the limit.

    python -m bench.step_screen [--rounds 6] [--slow 4]

Prints median and p95 in milliseconds, the limit of `reacts` (100 ms at p95) and p95 over the limit; the last column is
the median over the peer's median.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tests.journeys.conftest import draw
from tests.journeys.phone import Phone, film
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage
from tests.journeys.waiting import until
from tests.support.installation import installation

LIMIT_MS = 100.0
WATCH = """() => {
    const where = () => [
        document.querySelector("main.screen")?.className,
        document.querySelector(".review") !== null,
        ...[".step-title", ".question", "#word"].map((one) => document.querySelector(one)?.textContent),
    ].join("|");
    const before = where();
    const tap = { reacts: undefined, done: undefined };
    window.tap = tap;
    addEventListener("click", (event) => {
        const painted = (name) => requestAnimationFrame(() => {
            const after = new MessageChannel();
            after.port1.onmessage = () => { tap[name] ??= performance.now() - event.timeStamp; };
            after.port2.postMessage(0);
        });
        const seen = new MutationObserver(() => {
            painted("reacts");
            if (where() === before) return;
            painted("done");
            seen.disconnect();
        });
        seen.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    }, { capture: true, once: true });
}"""
BARE = """<!doctype html><meta name=viewport content="width=device-width"><button id=go>go</button><p id=word>0</p>"""
COUNT = """() => {
    const word = document.querySelector("#word");
    const count = () => { word.textContent = String(+word.textContent + 1); };
    document.querySelector("#go").addEventListener("click", count);
}"""


class Taps:
    """What was measured, by the name of the tap."""

    def __init__(self) -> None:
        self.reacts: dict[str, list[float]] = defaultdict(list)
        self.done: dict[str, list[float]] = defaultdict(list)

    def tap(self, name: str, page: Page, target: Locator) -> None:
        """Tap and measure."""
        target.wait_for()
        page.evaluate(WATCH)
        target.click()
        until(page, "() => window.tap.reacts !== undefined && window.tap.done !== undefined")
        self.reacts[name].append(page.evaluate("() => window.tap.reacts"))
        self.done[name].append(page.evaluate("() => window.tap.done"))


def slow_down(page: Page, times: float) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def play(phone: Phone, taps: Taps) -> None:
    """The first step of a new job."""
    page = phone.page
    phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
    first = phone.title()
    phone.home()
    taps.tap("open", page, page.locator(".job-card").first)
    taps.tap("shutter", page, page.locator(".shutter:enabled"))
    taps.tap("use", page, page.locator(".action .big:enabled").first)
    while page.locator(".screen-ask").count():
        question = page.locator(".question").inner_text()
        wanted = 1 if page.locator(".answers-two").count() and any(text in question for text in NO) else 0
        taps.tap("answer", page, page.locator(".action .answer").nth(wanted))
    if phone.title() == first:
        taps.tap("confirm", page, page.locator(".action .big-done:enabled"))


def measure(rounds: int, slow: float) -> Taps:
    taps = Taps()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with installation(folder / "data") as house:
            camera = film(folder / "camera.y4m", draw(folder, first=1), frames=2)
            stage = Stage(house=house, playwright=playwright, folder=folder, camera=camera)
            stage.serve()
            try:
                phone = stage.phone("zhao")
                stage.let_in(phone, "zhao")
                bare = phone.context.new_page()
                bare.set_content(BARE)
                bare.evaluate(COUNT)
                bare.bring_to_front()
                slow_down(bare, slow)
                for _ in range(5 * rounds):
                    taps.tap("(peer)", bare, bare.locator("#go"))
                bare.close()
                phone.page.bring_to_front()
                slow_down(phone.page, slow)
                for _ in range(rounds):
                    play(phone, taps)
            finally:
                stage.close()
    return taps


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=6)
    arguments.add_argument("--slow", type=float, default=4.0)
    given = arguments.parse_args()
    taps = measure(given.rounds, given.slow)
    peer = statistics.median(taps.reacts["(peer)"])
    print(
        f"{'tap':<10}{'n':>4}{'median':>9}{'p95':>8}{'limit':>8}{'ratio':>8}{'to peer':>9}{'done median':>13}{'p95':>8}"
    )
    for name, values in taps.reacts.items():
        high, done = p95(values), taps.done[name]
        print(
            f"{name:<10}{len(values):>4}{statistics.median(values):>9.0f}{high:>8.0f}{LIMIT_MS:>8.0f}"
            f"{high / LIMIT_MS:>8.2f}{statistics.median(values) / peer:>9.1f}"
            f"{statistics.median(done):>13.0f}{p95(done):>8.0f}"
        )


if __name__ == "__main__":
    main()

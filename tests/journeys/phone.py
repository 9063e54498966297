"""A phone for journeys: Chromium of its size, with a profile on disk and a camera that shows given photos."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.journeys.waiting import until
from tests.journeys.watch import Watch

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
# Milliseconds that a journey waits for what must come; a machine that is busy with other things may be given more.
PATIENCE = float(os.environ.get("TANGHULU_PATIENCE", "15000"))
# For what waits its turn behind other things: a photo that is sent again, a file of many megabytes, a shift of jobs.
LONG = 180.0
# Where the harbour of the stories lies.
ZONE = "Asia/Shanghai"
# Where a person is in a job, as one text: it changes with everything that is done.
_WHERE = """() => [
    location.hash,
    document.querySelector("main.screen")?.className,
    ...[".step-title", ".aim-title", ".question", ".tally"].map((one) => document.querySelector(one)?.textContent),
    document.querySelectorAll(".bead-done").length,
    [...document.querySelectorAll(".bead")].findIndex((bead) => bead.ariaCurrent === "step"),
    document.querySelectorAll(".ends .big").length,
].join("|")"""


def film(path: Path, photos: list[Path], *, size: tuple[int, int] = (960, 720), frames: int = 10) -> Path:
    """Write photos as a film that the camera shows over and over, each for `frames` frames (ten a second)."""
    width, height = size
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode())
        for photo in photos:
            with Image.open(photo) as opened:
                picture = opened.convert("RGB").resize(size).convert("YCbCr")
            luma, blue, red = picture.split()
            half = (width // 2, height // 2)
            planes = luma.tobytes() + blue.resize(half).tobytes() + red.resize(half).tobytes()
            out.write((b"FRAME\n" + planes) * frames)
    return path


def looks_of(page: Page) -> list[str]:
    """How each haw of the large skewer looks, on the phone as in the office: done, now, held, waiting ..."""
    looks: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".skewer-large .haw")].map((haw) =>
            [...haw.classList].find((one) => /^haw-(?!bare|selected|link)/.test(one))?.slice(4))"""
    )
    return looks


class Phone:
    """One person's phone. `close` is leaving the app; `kill` is the battery coming out."""

    def __init__(
        self,
        playwright: Playwright,
        profile: Path,
        address: str,
        *,
        camera: Path | None = None,
        language: str = "zh-CN",
        viewport: tuple[int, int] = (390, 844),
        scale: float = 2,
        dark: bool = False,
        lock: str = "0231",
        watch: Watch | None = None,
        home: Path | None = None,
        arguments: tuple[str, ...] = (),
        careless: bool = False,
        live: bool = True,
    ) -> None:
        # Without a live camera in the page there is only the phone's own, behind a file input.
        self._live = live
        self._playwright = playwright
        self._profile = profile
        self.camera = camera
        self._options: dict[str, Any] = {
            "viewport": {"width": viewport[0], "height": viewport[1]},
            "device_scale_factor": scale,
            "is_mobile": True,
            "has_touch": True,
            "locale": language,
            "timezone_id": ZONE,
            "color_scheme": "dark" if dark else "light",
            # Somebody who taps every warning away.
            "ignore_https_errors": careless,
        }
        if home is not None:
            # What a browser on this machine trusts lies in the home of its user.
            self._options["env"] = {**os.environ, "HOME": str(home)}
        self._arguments = arguments
        self.address = address
        self.lock = lock
        self._watch = watch
        self.context: BrowserContext
        self.page: Page
        self.start()

    def start(self) -> None:
        """Open the browser with this phone's profile."""
        args = [*QUIET, *(CAMERA if self._live else ()), *self._arguments]
        if self.camera is not None and self._live:
            args.append(f"--use-file-for-fake-video-capture={self.camera}")
        self.context = self._playwright.chromium.launch_persistent_context(
            str(self._profile),
            executable_path=os.environ.get("TANGHULU_CHROMIUM", CHROMIUM),
            headless=True,
            args=args,
            permissions=["camera"] if self._live else [],
            **self._options,
        )
        self.context.set_default_timeout(PATIENCE)
        if self._watch is not None:
            self._watch.over(self.context, self._profile.name)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def close(self) -> None:
        """Leave the app."""
        self.context.close()

    def kill(self) -> None:
        """End the browser's processes at once, as a phone whose battery is taken out."""
        marker = f"--user-data-dir={self._profile}"
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if marker in (entry / "cmdline").read_text(errors="replace").split("\0"):
                        os.kill(int(entry.name), signal.SIGKILL)
        with contextlib.suppress(Exception):
            self.context.close()
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self._profile / name).unlink(missing_ok=True)

    # --- enrolment ----------------------------------------------------------------------------------------------------

    def enrol(self, url: str, *, look: Callable[[str], None] = lambda _name: None) -> str:
        """Open the address from the office's QR code, say "it is me", and give the six digits shown."""
        self.page.goto(url)
        anew = self.page.locator(".big-primary", has_text="重新登记")
        # A phone that was locked out begins anew only when its person says so.
        if anew.count() > 0:
            anew.click()
        self.page.locator(".door-name").wait_for()
        look("door-who")
        self.page.locator(".big-primary").click()
        # A founder's first device is let in at once and shows its jobs.
        self.page.locator(".door-number, .job-list").first.wait_for(state="attached")
        number = self.page.locator(".door-number")
        look("door-number")
        return number.inner_text().replace("\n", "").replace(" ", "") if number.count() else ""

    def wait_enrolled(self) -> None:
        """Wait until the second person's confirmation has come, and the page would open without a network too."""
        self.page.locator(".job-list").first.wait_for(state="attached")
        until(self.page, "() => navigator.serviceWorker.controller !== null")

    def home(self) -> None:
        """Show the list of jobs."""
        self.page.goto(f"{self.address}/capture/#/jobs")
        self.page.locator(".job-list").first.wait_for(state="attached")

    def open_job(self, run: str) -> None:
        """Show a job."""
        self.page.goto(f"{self.address}/capture/#/job/{run}")
        self.page.locator(".bar-title").wait_for()

    # --- a job --------------------------------------------------------------------------------------------------------

    def begin(self, *, template: str, equipment: str, people: dict[str, list[str]]) -> str:
        """Begin a job; titles and names as shown. Gives the run."""
        page = self.page
        self.home()
        page.locator(".action .big").click()
        page.locator(".row", has_text=template).click()
        page.locator(".row", has_text=equipment).click()
        return self.appoint(people)

    def appoint(self, people: dict[str, list[str]]) -> str:
        """Choose who does what, and begin the job. Gives the run."""
        page = self.page
        for part, names in people.items():
            section = page.get_by_role("region", name=part, exact=True)
            for name in names:
                person = section.locator(".person", has_text=name)
                if person.get_attribute("aria-pressed") == "false":
                    person.click()
        page.locator(".action .big-primary").click()
        page.wait_for_url("**#/job/*")
        return page.url.rsplit("/", 1)[-1]

    def photograph(self) -> None:
        """Take the photo that is asked for and use it."""
        self.page.locator(".shutter:enabled").click()
        self.page.locator(".review").wait_for()
        self.page.locator(".action .big").first.click()
        self.page.locator(".review").wait_for(state="detached")

    def do_steps(self, *titles: str, no: tuple[str, ...] = (), values: dict[str, str] | None = None) -> None:
        """Do the steps of these titles to their end, one after the other, as each has its turn."""
        for title in titles:
            expect(self.page.locator(".step-title")).to_have_text(title)
            while self.title() == title:
                before = self.page.evaluate(_WHERE)
                if not self.go_on(no=no, values=values):
                    break
                until(self.page, f"before => ({_WHERE})() !== before", before)

    def wait_sent(self) -> None:
        """Wait until the office has everything that this phone holds."""
        # What has failed once waits before it is tried again.
        self.page.locator(".foot-done").wait_for(timeout=1000 * LONG / 2)

    def waiting(self) -> list[str]:
        """What has not been sent, oldest last, as the list of what is sent says; the screen is left as it was."""
        before = self.page.evaluate("location.hash")
        self.page.goto(f"{self.address}/capture/#/outbox")
        self.page.locator(".tiles").wait_for()
        lines = self.page.locator(".outs").first.locator(".row-title").all_inner_texts()
        self.page.goto(f"{self.address}/capture/{before}")
        self.page.locator(".tiles").wait_for(state="detached")
        return lines

    def skewer(self, run: str) -> list[str]:
        """How the haws of a job look, in their order; the screen is left as it was."""
        before = self.page.evaluate("location.hash")
        self.page.goto(f"{self.address}/capture/#/skewer/{run}")
        self.page.locator(".skewer-large .haw").first.wait_for()
        looks = looks_of(self.page)
        self.page.goto(f"{self.address}/capture/{before}")
        return looks

    def title(self) -> str:
        """What the open step is called; empty when nothing is to be done here."""
        # Asked at one blow: between two questions the step may be over.
        found: str = self.page.evaluate("() => document.querySelector('.step-title')?.innerText ?? ''")
        return found

    def counts(self) -> tuple[int, int, int]:
        """Photos kept, sent and accepted, as the foot says once the page is drawn."""
        self.page.locator(".foot-count b").nth(2).wait_for()
        numbers = self.page.locator(".foot-count b").all_inner_texts()
        kept, sent, accepted = (int(number) for number in numbers)
        return kept, sent, accepted

    def go_on(self, *, no: tuple[str, ...] = (), values: dict[str, str] | None = None, ends: bool = True) -> str:
        """Do the next thing that the open step asks, and give its kind; empty when nothing is to be done here.

        Questions are answered yes, or no when a text of `no` is in the question; numbers are 0 unless `values` names
        a text of the reading; registers take everybody in or out. What may end after a round does, unless not `ends`.
        """
        screen = self.page.locator("main.screen").get_attribute("class") or ""
        kind = next((word.removeprefix("screen-") for word in screen.split() if word.startswith("screen-")), "")
        end = self.page.locator(".ends .big")
        if ends and end.count():
            # One round is enough for a story.
            end.first.click()
            end.first.wait_for(state="detached")
            return "end"
        if kind == "photo":
            self.photograph()
        elif kind == "ask":
            self._answer(no)
        elif kind == "reading":
            self._measure(values or {})
        elif kind == "register":
            self._register()
        elif kind == "confirm":
            self.confirm()
        elif kind == "decide":
            self._decide()
        else:
            return ""
        return kind

    def _answer(self, no: tuple[str, ...]) -> None:
        question = self.page.locator(".question").inner_text()
        answers = self.page.locator(".action .answer")
        wanted = 1 if self.page.locator(".answers-two").count() and any(text in question for text in no) else 0
        # Somebody else may answer the same question meanwhile: then there is nothing left to press.
        with contextlib.suppress(TooLate):
            answers.nth(wanted).click(timeout=3000)

    def _measure(self, values: dict[str, str]) -> None:
        title = self.page.locator(".aim-title").inner_text()
        value = next((value for text, value in values.items() if text in title), "0")
        instrument = self.page.locator(".todo .words-field input")
        if instrument.count() and not instrument.input_value():
            instrument.fill("VT-07")
        for digit in value:
            self.page.locator(".pad-key", has_text=digit).first.click()
        self.page.locator(".action .big:enabled").click()
        until(
            self.page,
            "title => document.querySelector('.aim-title')?.innerText !== title || !document.querySelector('.pad')",
            title,
        )

    def _register(self) -> None:
        page = self.page
        form = page.locator("form.add")
        if page.locator(".lock-mine button").count():
            page.locator(".lock-mine button").first.click()
            page.locator(".lock-mine").first.wait_for(state="detached")
        elif form.count():
            if not page.locator(".lock-mine, .toggle-in").count():
                locks = form.locator("input").count() > 1
                form.locator("input").first.fill(self.lock if locks else "扳手")
                form.locator("button[type=submit]").click()
                # A lock is all that is asked: the screen goes on by itself then.
                page.locator(".lock-mine, .toggle-in, .finder, .big-done").first.wait_for()
        else:
            self._toggle()
        go_on = page.locator(".screen-register ~ .action .big:enabled")
        if go_on.count():
            go_on.click()

    def _toggle(self) -> None:
        while True:
            before = self.page.locator(".tally").inner_text()
            open_ones = self.page.locator(".toggle:enabled")
            coming = self.page.locator(".toggle:enabled:not(.toggle-in)")
            chosen = coming if coming.count() else open_ones
            if not chosen.count():
                return
            chosen.first.click()
            until(self.page, "was => document.querySelector('.tally')?.innerText !== was", before)
            if self.page.locator(".screen-register ~ .action .big-primary:enabled").count():
                return
            if chosen is open_ones and not self.page.locator(".toggle-in:enabled").count():
                return

    def _decide(self) -> None:
        self.page.locator(".answer-ok").click()
        reason = self.page.locator(".todo textarea")
        if reason.count():
            reason.fill("逐张看过，照片与要求相符。")
        self.page.locator(".action .big:enabled").click()

    def confirm(self) -> None:
        """Confirm the step."""
        self.page.locator(".action .big-done:enabled").click()

    def speak(self, language: str) -> None:
        """Have the phone speak another language, and come back to where it was."""
        before = self.page.evaluate("location.hash")
        self.page.goto(f"{self.address}/capture/#/settings")
        self.page.locator(f".choose[lang='{language}']").click()
        self.page.locator(f"html[lang='{language}']").wait_for(state="attached")
        self.page.goto(f"{self.address}/capture/{before}")

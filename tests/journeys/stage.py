"""The stage of a journey: an installation that is served for real, phones, and browsers in the office."""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect

from tanghulu.cli.simulator import story
from tanghulu.cli.simulator.device import Device
from tests.journeys.phone import PATIENCE, ZONE, Phone
from tests.journeys.watch import AWAY, Watch
from tests.support import mirrored
from tests.support.installation import Installation, accepts, free_port, wait_for

DESK = {"width": 1440, "height": 900}

# The job that journeys play, as its words stand on the phone, and the questions that are answered with no.
JOB = "带式输送机检修"
CONVEYOR = "3号皮带机"
PARTS = {
    "作业负责人": ["赵刚"],
    "中控": ["赵刚"],
    "作业人": ["李强"],
    "停送电电工": ["李强"],
    "监护人": ["魏娜"],
    "属地验收人": ["周涛"],
    "流程质量监督员": ["陈静"],
}
NO = ("动火", "登高", "试车")


class Stage:
    """Everything that a journey plays with; what it opened is closed in the end."""

    def __init__(
        self, *, house: Installation, playwright: Playwright, browser: Browser, folder: Path, camera: Path
    ) -> None:
        self.house = house
        self.folder = folder
        self.phones = ""  # the address that phones open, where it is another than the office's
        self.script = ""  # what is run first on each page of a phone
        self.watch = Watch()
        self._playwright = playwright
        self._camera = camera
        self._phones: list[Phone] = []
        self._offices: list[BrowserContext] = []
        self._browser = browser
        self._officer: Device | None = None
        self._clerk: Page | None = None
        self._port: story.Port | None = None

    @property
    def address(self) -> str:
        return self.house.address

    # --- the server ---------------------------------------------------------------------------------------------------

    def serve(self) -> None:
        """Start the two halves of the server again on the same data."""
        self.house.start("web")
        self.house.start("worker")

    def serve_lan(self, host: str) -> str:
        """Serve the office as before and phones by HTTPS at this host; the address of the page that leads them in."""
        self.house.kill("web")
        self.house.kill("worker")
        phones, welcome = free_port(), free_port()
        ports = ("--lan-port", str(phones), "--welcome-port", str(welcome))
        self.house.start("up", "--lan", "--name", host, "--listen", "127.0.0.1", *ports)
        for port in (phones, welcome):
            wait_for("phones are served", partial(accepts, port))
        self.phones = f"https://{host}:{phones}"
        return f"http://{host}:{welcome}"

    def mirror(self) -> None:
        """Serve the office in a language from right to left, and turn each phone from now on around."""
        self.house.kill("web")
        self.house.beside = self.folder / "mirrored"
        self.house.more |= mirrored.write(self.house.beside)
        self.house.start("web")
        self.script = "addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl'; });"

    def cut(self) -> None:
        """End the server as a power cut would; requests that fail from now on are no trouble."""
        self.watch.expect(*AWAY)
        self.house.kill("web")
        self.house.kill("worker")

    def port(self) -> story.Port:
        """The demo's port: a device for everybody, without a screen, to play jobs with drawn photos."""
        if self._port is None:
            self._port = story.open_port(self.address, self.house.seeds, photos=None)
            self._officer = self._port.devices[self._port.people["chen"]["ref"]]
        return self._port

    # --- browsers -----------------------------------------------------------------------------------------------------

    def phone(self, name: str, **options: Any) -> Phone:
        """Somebody's phone; the same name gives the same profile."""
        phone = Phone(
            self._playwright,
            self.folder / f"phone-{name}",
            self.phones or self.address,
            camera=self._camera,
            watch=self.watch,
            **options,
        )
        if self.script:
            phone.context.add_init_script(self.script)
        self._phones.append(phone)
        return phone

    def office(self, username: str = "", *, language: str = "zh-CN", dark: bool = False, size: Any = None) -> Page:
        """A page of a browser in the office, signed in by one click when a username is given."""
        context = self._browser.new_context(
            viewport=size or DESK,
            locale=language,
            timezone_id=ZONE,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        self.watch.over(context, f"office-{username or 'nobody'}")
        self._offices.append(context)
        page = context.new_page()
        if username:
            self.sign_in(page, username)
        return page

    def sign_in(self, page: Page, username: str) -> None:
        """Sign in by one click."""
        page.goto(f"{self.address}/demo/")
        page.locator(f"button[name=username][value={username}]").click()
        page.wait_for_url(self._at("jobs", "devices", "capture", "people", "companies"))

    def choose_password(self, username: str, password: str) -> Page:
        """Have the administrator make a link for somebody, who chooses a password with it in a browser of their own."""
        office = self.office("zheng")
        office.goto(f"{self.address}/people/{self.person(username)['ref']}/")
        office.locator("form[action$='/link/'] button").click()
        address = office.locator("p.hash a").get_attribute("href") or ""
        page = self.office()
        page.goto(address)
        for name in ("password", "again"):
            page.locator(f"input[name={name}]").fill(password)
        page.locator("form button.button-primary").click()
        page.wait_for_url(self._at("jobs", "capture"))
        return page

    def _at(self, *pages: str) -> re.Pattern[str]:
        """The addresses of these pages, and of the front page; no other address ends like them."""
        return re.compile(rf"^{re.escape(self.address)}/(({'|'.join(pages)})/)?(#.*)?$")

    # --- enrolment ----------------------------------------------------------------------------------------------------

    def found(self, desk: Page) -> None:
        """Enrol the founder's browser, which then lets phones in."""
        desk.goto(f"{self.address}/devices/")
        desk.locator("[data-enrol-target=browser]").click()
        expect(desk.locator("[data-enrol-target=browser]")).to_be_hidden()

    def enrol(self, desk: Page, phone: Phone, username: str) -> None:
        """Have a phone invited by a colleague in the office, scan the code, compare the digits and let it in."""
        # Who made the code cannot also confirm the phone.
        if self._clerk is None:
            self._clerk = self.office("gao")
        clerk = self._clerk
        clerk.goto(f"{self.address}/devices/")
        clerk.locator("#invite-member").select_option(self.person(username)["ref"])
        clerk.locator("form[action='/devices/invite/'] button").click()
        address = clerk.locator("details p.hash a").get_attribute("href") or ""
        digits = phone.enrol(address)
        desk.goto(f"{self.address}/devices/")
        row = desk.locator(".waiting-row", has=desk.locator(f".check-number:text-is('{digits[:3]} {digits[3:]}')"))
        row.locator("[data-action='enrol#countersign']").click()
        phone.wait_enrolled()

    def let_in(self, phone: Phone, username: str, *, look: Callable[[str], None] = lambda _name: None) -> None:
        """Enrol somebody's phone without the office's pages: a device of the founder countersigns."""
        people = self.house.seeds["harbour"]["people"]
        # Nobody vouches for themselves.
        officer = self.house.device("gao", officer=self._founder()) if username == "chen" else self._founder()
        wire = self.house.wire(username)
        asked = {"member": people[username]["ref"]}
        digits = phone.enrol(wire.send("POST", "/api/v1/enrolments/codes", asked).good().json["url"], look=look)
        waiting = officer.wire.get("/api/v1/enrolments").good().json["enrolments"]
        officer.countersign(next(row["device"] for row in waiting if row["check"] == digits))
        phone.wait_enrolled()

    def appoint(self, username: str) -> None:
        """Have this founder let phones in, where it is not the first one."""
        self._officer = self.house.device(username)

    def device(self, username: str) -> Device:
        """Somebody's phone without a screen, let in."""
        return self.house.device(username, officer=self._founder())

    def _founder(self) -> Device:
        if self._officer is None:
            self._officer = self.house.device("chen")
        return self._officer

    def events(self, run: str) -> list[Any]:
        """A run's events as the server has them."""
        found: list[Any] = self.house.wire("chen").get(f"/api/v1/runs/{run}").good().json["events"]
        return found

    def person(self, username: str) -> Any:
        """What the seeds say of somebody: ref, name, token."""
        tenant = next(slug for slug, seed in self.house.seeds.items() if username in seed["people"])
        return self.house.seeds[tenant]["people"][username]

    # --- the end ------------------------------------------------------------------------------------------------------

    def keep(self, artifacts: Path) -> None:
        """Keep a picture of every open page, and everything the browsers said."""
        artifacts.mkdir(parents=True, exist_ok=True)
        contexts = [*(phone.context for phone in self._phones), *self._offices]
        pages = [page for context in contexts for page in context.pages]
        for number, page in enumerate(pages):
            with contextlib.suppress(Error):
                page.screenshot(path=str(artifacts / f"page-{number}.png"), timeout=5000)
                (artifacts / f"page-{number}.html").write_text(page.content(), encoding="utf-8")
        (artifacts / "console.txt").write_text("\n".join(self.watch.said), encoding="utf-8")

    def close(self) -> None:
        """Close every browser and every connection, so that none is found open in another journey."""
        if self._port is not None:
            self._port.close()
        for phone in self._phones:
            with contextlib.suppress(Error):
                phone.close()
        for context in self._offices:
            with contextlib.suppress(Error):
                context.close()


def unpacked(folder: Path, pack: bytes, policy: str) -> Path:
    """The pack, its policy and the verifier out of it, side by side; gives the verifier."""
    (folder / "job.zip").write_bytes(pack)
    (folder / "job.zip.policy").write_text(policy, encoding="utf-8")
    with zipfile.ZipFile(folder / "job.zip") as opened:
        inside = next(name for name in opened.namelist() if name.endswith("verify.html"))
        (folder / "verify.html").write_bytes(opened.read(inside))
    return folder / "verify.html"

"""Every page there is, in the office and on the phone, is looked at; a new one cannot be forgotten.

The pages are those of the access matrix, the screens and the things to do those that the phone's source names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tanghulu.cli.simulator import story
from tests.journeys import lists, outside_accounts, phones
from tests.journeys.gallery import LANGUAGES, Gallery
from tests.journeys.stage import Stage, unpacked
from tests.support.codes import code_now

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]
MATRIX = tomllib.loads((ROOT / "tests" / "architecture" / "access_matrix.toml").read_text(encoding="utf-8"))

# Addresses that answer with something else than a page of their own.
NO_PAGES = {
    "/": "leads on to the jobs",
    "/capture/manifest.webmanifest": "read by the browser",
    "/capture/sw.js": "read by the browser",
    "/healthz": "read by programs",
    "/begin/<str:code>/": "is there only before the first company: test_first_run",
    "/equipment/import/blank/": "a file",
    "/jobs/<str:run>/paper.pdf": "a file",
    "/mentionable/": "read by the browser",
    "/people/import/blank/": "a file",
    "/second-factor/passkeys/": "leads back to the second factors",
    "/second-factor/codes/new/": "asks one question, with one button",
    "/second-factor/passkeys/<int:pk>/remove/": "asks one question, with one button",
    "/sign-in/again/code/": "is /sign-in/again/ with another question",
    "/sign-in/again/passkey/": "is /sign-in/again/ with another question",
    "/sign-in/passkey/": "read by the browser",
    "/sign-in/dingtalk/": "leads to DingTalk",
    "/sign-in/dingtalk/back/": "leads on from DingTalk",
    "/sign-in/company/<str:provider_id>/": "leads to the issuer",
    "/sign-in/company/<str:provider_id>/back/": "leads on from the issuer",
}
# Whoever has a password signs in with it, and no more by one click.
HAS_PASSWORD = "wu"
PASSWORD = "three in, three out"


@dataclass(frozen=True)
class View:
    """One look at a page: who looks, at which address, and what they have done there before."""

    name: str
    path: str
    who: str = "chen"
    before: Callable[[Page], None] | None = None
    prints: bool = False


def fill_in_wrongly(page: Page) -> None:
    page.locator("input[name=login]").fill("gao")
    page.locator("input[name=password]").fill("two in, two out")
    page.locator("form button.button-primary").click()
    expect(page.locator("[role=alert]")).to_be_visible()


def send_empty(page: Page) -> None:
    page.locator("main form.form button").first.click()
    expect(page.locator("[role=alert]").first).to_be_visible()


def show_code(page: Page) -> None:
    page.locator("form[action='/devices/invite/'] button").click()
    expect(page.locator(".qr svg").first).to_be_visible()


def show_setup_code(page: Page) -> None:
    page.locator("form[action='/setup/phone/'] button").click()
    expect(page.locator(".qr svg").first).to_be_visible()


def make_link(page: Page) -> None:
    page.locator("form[action$='/link/'] button").click()
    expect(page.locator(".qr svg").first).to_be_visible()


def make_token(page: Page) -> None:
    page.locator("input[name=purpose]").fill("ERP")
    page.locator("main form.form button").click()
    expect(page.locator(".token-text")).to_contain_text("tgh_harbour_")


def open_link(page: Page) -> None:
    make_link(page)
    page.goto(page.locator("p.hash a").get_attribute("href") or "")
    expect(page.locator("input[name=again]")).to_be_visible()


def set_up(page: Page) -> None:
    """Set up an app with codes, and come back to the list."""
    page.locator("a[href='/second-factor/app/']").click()
    secret = page.locator("p.hash").text_content() or ""
    page.locator("input[name=code]").fill(code_now(secret))
    page.locator("form.form button").click()
    expect(page.locator(".codes")).to_be_visible()
    page.locator("main a[href='/second-factor/']").click()
    expect(page.locator(".pill-done")).to_be_visible()


def take_away(page: Page) -> None:
    page.locator("main form button").click()
    expect(page.locator("a[href='/second-factor/app/']")).to_be_visible()


def give_password(page: Page) -> None:
    page.locator("input[name=login]").fill(HAS_PASSWORD)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button.button-primary").click()
    expect(page.locator("input[name=code]")).to_be_visible()


def open_unit(page: Page) -> None:
    page.locator(".tree a", has_text="维修部").first.click()
    expect(page.locator("h1")).to_have_text("维修部")


def open_menu(page: Page) -> None:
    page.locator(".menu summary").click()


def unfold(page: Page) -> None:
    page.locator("main details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")


def send_back(page: Page) -> None:
    page.locator("input[name=verdict][value=back]").check()


def mention(page: Page) -> None:
    """Say something to Zhao, and begin to say more."""
    page.locator("textarea").fill("@赵刚 锁的照片看不清名字，请补一张。")
    page.locator("form.form button").click()
    expect(page.locator(".remark").last).to_be_visible()
    page.locator("textarea").fill("@")
    expect(page.locator("[role=option]").first).to_be_visible()


# `{name}` in a path is what the stage knows by that name.
VIEWS: Mapping[str, tuple[View, ...]] = {
    "/companies/": (View("companies", "/companies/"),),
    "/demo/": (View("demo", "/demo/", who=""),),
    "/password/set/": (View("password-set", "/password/set/", who="sun", before=send_empty),),
    "/password/link/<str:code>/": (View("password-link", "/people/{li}/", who="zheng", before=open_link),),
    "/second-factor/app/": (View("second-factor-app", "/second-factor/app/", who="sun"),),
    "/second-factor/passkeys/add/": (View("second-factor-passkey", "/second-factor/passkeys/add/", who="sun"),),
    "/sign-ins/": (View("sign-ins", "/sign-ins/", who="zheng"),),
    "/sign-in/": (
        View("sign-in", "/sign-in/", who=""),
        View("sign-in-wrong", "/sign-in/", who="", before=fill_in_wrongly),
    ),
    "/sign-in/inactive/": (View("sign-in-inactive", "/sign-in/inactive/", who=""),),
    "/sign-out/": (View("sign-out", "/sign-out/"),),
    "/certificates/": (View("certificates", "/certificates/"),),
    "/equipment/": (
        View("equipment", "/equipment/", who="zheng"),
        View("equipment-wrong", "/equipment/", who="zheng", before=send_empty),
    ),
    "/equipment/codes/": (View("equipment-codes", "/equipment/codes/", prints=True),),
    "/equipment/import/": (
        View("equipment-import", "/equipment/import/", who="zheng"),
        View("equipment-import-shown", "/equipment/import/", who="zheng", before=lists.choose_machines),
    ),
    "/people/": (View("people", "/people/", who="zheng"), View("people-none", "/people/?search=nobody")),
    "/people/add/": (View("people-add", "/people/add/", who="zheng"),),
    "/people/import/": (
        View("people-import", "/people/import/", who="zheng"),
        View("people-import-shown", "/people/import/", who="zheng", before=lists.choose_people),
    ),
    "/people/<str:ref>/": (
        View("person", "/people/{li}/", who="zheng", before=unfold),
        View("person-linked", "/people/{zhao}/", who="zheng", before=outside_accounts.link),
        View("person-link", "/people/{li}/", who="zheng", before=make_link),
        View("person-seen", "/people/{he}/", who="chen"),
    ),
    "/places/": (View("places", "/places/", who="zheng"), View("places-seen", "/places/", who="sun")),
    "/units/": (View("units", "/units/", who="zheng", before=unfold),),
    "/units/<int:unit>/": (
        View("unit", "/units/", who="zheng", before=open_unit),
        View("unit-seen", "/units/", who="chen", before=open_unit),
    ),
    "/devices/": (
        View("devices", "/devices/"),
        View("devices-worker", "/devices/", who="wen"),
        View("devices-invitation", "/devices/", before=show_code),
    ),
    "/devices/this/": (View("devices-this", "/devices/this/", who="wen"),),
    "/devices/network/": (View("devices-network", "/devices/network/"),),
    "/setup/": (
        View("setup-people", "/setup/?step=people", who="zheng"),
        View("setup-people-wrong", "/setup/?step=people", who="zheng", before=send_empty),
        View("setup-machine", "/setup/?step=machine", who="zheng"),
        View("setup-templates", "/setup/?step=templates", who="qiu"),
        View("setup-phone", "/setup/?step=phone", who="zheng", before=show_setup_code),
        View("setup-job", "/setup/?step=job", who="qiu"),
        View("setup-company", "/setup/?step=company", who="qiu"),
    ),
    "/status/": (View("status", "/status/", who="zheng"),),
    "/devices/<str:device>/": (
        View("device", "/devices/{kept}/"),
        View("device-locked-out", "/devices/{lost}/"),
        View("device-seen", "/devices/{lost}/", who="zhou"),
    ),
    "/tokens/": (
        View("tokens", "/tokens/", who="zheng"),
        View("tokens-wrong", "/tokens/", who="zheng", before=send_empty),
        View("tokens-new", "/tokens/", who="zheng", before=make_token),
    ),
    "/jobs/": (
        View("jobs", "/jobs/"),
        View("jobs-menu", "/jobs/", before=open_menu),
        View("jobs-all", "/jobs/?show=all"),
        View("jobs-ended", "/jobs/?show=ended", who="wen"),
        View("jobs-empty", "/jobs/", who="quentin"),
    ),
    "/jobs/inside/": (View("inside", "/jobs/inside/"), View("inside-nobody", "/jobs/inside/", who="quentin")),
    "/jobs/wall/": (View("wall", "/jobs/wall/"), View("wall-empty", "/jobs/wall/", who="quentin")),
    "/search/": (
        View("search", "/search/?q=皮带"),
        View("search-nothing", "/search/?q=nobody"),
        View("search-begin", "/search/"),
    ),
    "/jobs/<str:run>/": (
        View("job", "/jobs/{running}/"),
        View("job-reading", "/jobs/{whole}/?step=before/three_in/verify_zero", before=unfold),
        View("job-whole", "/jobs/{whole}/"),
        View("job-review", "/jobs/{reviewed}/"),
        View("job-review-other", "/jobs/{reviewed}/", who="zhou"),
        View("job-begun", "/jobs/{locked}/"),
        View("job-stopped", "/jobs/{stopped}/"),
    ),
    "/jobs/<str:run>/paper/": (
        View("paper", "/jobs/{whole}/paper/", prints=True),
        View("paper-stopped", "/jobs/{stopped}/paper/", prints=True),
    ),
    "/jobs/<str:run>/review/": (
        View("review", "/jobs/{reviewed}/review/", before=send_back),
        View("review-other", "/jobs/{reviewed}/review/", who="zhou"),
        View("review-none", "/jobs/{whole}/review/"),
    ),
    "/jobs/<str:run>/comments/": (
        View("comments", "/jobs/{whole}/comments/", before=mention),
        View("comments-none", "/jobs/{stopped}/comments/", who="wu"),
    ),
    "/for-me/": (View("for-me", "/for-me/", who="zhao"), View("for-me-none", "/for-me/")),
    "/reviews/": (View("reviews", "/reviews/"), View("reviews-none", "/reviews/", who="zhou")),
    "/jobs/<str:run>/replay/": (
        View("replay", "/jobs/{whole}/replay/"),
        View("replay-photo", "/jobs/{whole}/replay/?event=12", before=unfold),
        View("replay-stop", "/jobs/{stopped}/replay/?event=999"),
        View("pair-choice", "/jobs/{whole}/replay/?with="),
        View("pair", "/jobs/{whole}/replay/?with={measured}&step=before/three_in/verify_zero", before=unfold),
    ),
    "/capture/": (View("capture-desk", "/capture/", who=""),),
    # The last ones: who has just signed in with a password is not asked for it again.
    "/password/": (View("password", "/password/", who=HAS_PASSWORD),),
    "/second-factor/": (
        View("second-factor", "/second-factor/?needed=1", who=HAS_PASSWORD),
        View("second-factor-set-up", "/second-factor/", who=HAS_PASSWORD, before=set_up),
    ),
    "/second-factor/codes/": (View("second-factor-codes", "/second-factor/codes/", who=HAS_PASSWORD),),
    "/sign-in/again/": (View("sign-in-again", "/sign-in/again/", who=HAS_PASSWORD),),
    "/sessions/": (View("sessions", "/sessions/", who=HAS_PASSWORD),),
    # From the first of these on a code is asked for, after the second no more.
    "/sign-in/code/": (View("sign-in-code", "/sign-in/", who="", before=give_password),),
    "/second-factor/app/remove/": (
        View("second-factor-app-remove", "/second-factor/app/remove/", who=HAS_PASSWORD),
        View("second-factor-app-removed", "/second-factor/app/remove/", who=HAS_PASSWORD, before=take_away),
    ),
}
# What is shown instead of a page.
REFUSALS = (
    View("refusal-403", "/people/add/", who="wen"),
    View("refusal-404", "/jobs/00000000000000000000000000000000/"),
)


@pytest.fixture
def camera(drawn: Path) -> Path:
    return drawn


class TestTheList:
    def test_has_every_page_of_the_access_matrix(self) -> None:
        pages = {
            address for address, row in MATRIX.items() if "GET" in row and not address.startswith(("/api/", "/log/"))
        }
        assert sorted(pages - set(VIEWS) - set(NO_PAGES)) == []
        assert sorted((set(VIEWS) | set(NO_PAGES)) - pages) == []


class TestEveryPage:
    def test_fits_its_screen_in_every_language(self, stage: Stage, tmp_path: Path) -> None:
        gallery = Gallery()
        outside_accounts.serve(stage)
        port = stage.port()
        pack, policy = story.tell(port)
        runs = phones.begin_jobs(port)
        runs["stopped"] = phones.tour(stage, gallery, runs)
        stage.found(stage.office("chen"))
        stage.choose_password(HAS_PASSWORD, PASSWORD)
        stage.watch.expect("status of 403", "status of 404", "status of 422")
        for language in LANGUAGES:
            walk_office(stage, gallery, runs, language)
            walk_verifier(stage, gallery, unpacked(tmp_path, pack, policy), language)
        assert gallery.wrong == []
        names = {tuple(name.split("-")) for name in gallery.shown}
        assert phones.screens() - {name[1] for name in names if name[0] == "phone"} == set()
        assert phones.things_to_do() - {name[2] for name in names if name[:2] == ("phone", "job")} == set()


def desk_of(stage: Stage, username: str, language: str) -> Page:
    """A browser in the office, signed in as somebody or as nobody."""
    if username != HAS_PASSWORD:
        return stage.office(username, language=language)
    page = stage.office(language=language)
    page.goto(f"{stage.address}/sign-in/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button.button-primary").click()
    page.locator(".menu").wait_for()
    return page


def walk_office(stage: Stage, gallery: Gallery, runs: dict[str, str], language: str) -> None:
    """Every page of the office in one language."""
    places = {username: person["ref"] for username, person in stage.house.seeds["harbour"]["people"].items()} | runs
    desks: dict[str, Page] = {}
    for view in (*(view for views in VIEWS.values() for view in views), *REFUSALS):
        if view.who not in desks:
            desks[view.who] = desk_of(stage, view.who, language)
        page = desks[view.who]
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{stage.address}{view.path.format_map(places)}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        if view.before is not None:
            view.before(page)
        gallery.show(page, view.name, language=language)
        if view.prints:
            gallery.show_print(page, view.name, language=language)


def walk_verifier(stage: Stage, gallery: Gallery, verifier: Path, language: str) -> None:
    """The page that travels in the pack: before, without a policy, and with it."""
    page = stage.office(language=language)
    page.goto(verifier.as_uri())
    gallery.show(page, "verify", language=language)
    page.locator("#pack-file").set_input_files(verifier.with_name("job.zip"))
    expect(page.locator(".claim")).to_have_count(6)
    expect(page.locator(".film-frame img").last).to_be_attached()
    expect(page.locator(".film-missing")).to_have_count(0)
    gallery.show(page, "verify-unknown", language=language)
    page.locator("#policy-file").set_input_files(verifier.with_name("job.zip.policy"))
    expect(page.locator(".banner-done")).to_be_visible()
    expect(page.locator(".film-missing")).to_have_count(0)
    gallery.show(page, "verify-proven", language=language)

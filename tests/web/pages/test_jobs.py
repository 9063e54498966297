import re
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from tanghulu.apps.evidence.models import Log, RunChain
from tanghulu.apps.flows import actions as flows
from tanghulu.apps.flows import queries as versions
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.standing import standing
from tanghulu.apps.tenancy import scope
from tests.support.cast import NOON, Cast
from tests.support.play import Player

SLUG = "belt-conveyor-maintenance"
REF = "0f" * 16
PAGE = f"/jobs/{REF}/"
REVIEW = "after/review"
EQUIPMENT = "e" * 32


def play(cast: Cast, until: str | None) -> Run:
    """A belt job at Harbour, carried on until a step has its turn, with Chen as its supervisor of quality."""
    with scope.within("harbour"):
        version = flows.publish_library(cast["sun"], at=NOON)[SLUG]
        template = versions.compiled(version).template
        crew = Player(template).cast | {"quality": [cast["chen"].member]}
        player = Player(template, crew)
        player.open()
        player.finish(until=until)
        state: dict[str, Any] = dict(player.state)
        found = standing(template.registers, player.state, is_overdue=False)
        # Whatever happens to a job is an entry of the log; by its length pages know that there is something new.
        Log.objects.create(origin="test/log/harbour", server_device="0" * 64, next_index=len(player.events))
        RunChain.objects.create(run=REF, count=len(player.events))
        return Run.objects.create(
            ref=REF,
            template=SLUG,
            version=version,
            status=state["status"],
            outcome=state.get("outcome", ""),
            state=state,
            equipment=EQUIPMENT,
            opened_at=NOON,
            changed_at=NOON + timedelta(hours=1),
            ended_at=NOON + timedelta(hours=1) if state["status"] == "ended" else None,
            **asdict(found),
        )


@pytest.fixture
def run(cast: Cast) -> Run:
    return play(cast, "during/work/patrol/look")


def asked_by_itself(browser: Client, address: str, stamp: str = "") -> Any:
    """What the page gets when it asks whether there is something new."""
    return browser.get(address, headers={"hx-request": "true", "if-none-match": f'"{stamp}"'})


def stamp_of(answer: Any) -> str:
    return answer["ETag"].strip('"')


class TestJobs:
    def test_shows_a_job_as_a_small_skewer(self, cast: Cast, run: Run) -> None:
        page = cast.browser("vera").get("/jobs/").content.decode()
        assert "Belt-conveyor maintenance" in page
        assert "skewer-small" in page
        assert PAGE in page

    def test_says_where_there_is_nothing_how_a_job_begins(self, cast: Cast) -> None:
        page = cast.browser("vera").get("/jobs/").content.decode()
        assert "No job is going on." in page
        assert "A job begins on a phone" in page

    @pytest.mark.parametrize("query", ["since=0001-01-01", "until=9999-12-31", "since=9999-12-31", "until=0001-01-01"])
    def test_takes_a_day_that_nobody_means_for_none(self, cast: Cast, run: Run, query: str) -> None:
        answer = cast.browser("vera").get(f"/jobs/?show=all&{query}")
        assert (answer.status_code, PAGE in answer.content.decode()) == (200, True)

    def test_keeps_ended_jobs_apart(self, cast: Cast) -> None:
        play(cast, None)
        browser = cast.browser("vera")
        assert PAGE not in browser.get("/jobs/").content.decode()
        assert PAGE in browser.get("/jobs/?show=ended").content.decode()
        assert PAGE in browser.get("/jobs/?show=all").content.decode()

    def test_takes_a_strange_choice_for_the_usual_one(self, cast: Cast, run: Run) -> None:
        assert PAGE in cast.browser("vera").get("/jobs/?show=nonsense").content.decode()

    def test_knows_nothing_of_another_company(self, cast: Cast, run: Run) -> None:
        assert PAGE not in cast.browser("quentin").get("/jobs/?show=all").content.decode()

    def test_sends_a_stranger_to_sign_in(self, client: Client, db: None) -> None:
        assert client.get("/jobs/")["Location"].startswith("/sign-in/")

    def test_speaks_chinese(self, cast: Cast, run: Run) -> None:
        page = cast.browser("vera").get("/jobs/", headers={"accept-language": "zh-hans"}).content.decode()
        assert "进行中的作业" in page
        assert "带式输送机检修" in page


class TestRenewal:
    @pytest.mark.parametrize("address", ["/jobs/", PAGE])
    def test_is_only_the_part_that_lives(self, cast: Cast, run: Run, address: str) -> None:
        answer = asked_by_itself(cast.browser("vera"), address)
        assert "<html" not in answer.content.decode()
        assert stamp_of(answer) in answer.content.decode()

    @pytest.mark.parametrize("address", ["/jobs/", PAGE])
    def test_is_nothing_while_nothing_is_new(self, cast: Cast, run: Run, address: str) -> None:
        browser = cast.browser("vera")
        for _ in range(3):  # the minute, which is told too, may just have ended
            again = asked_by_itself(browser, address, stamp_of(browser.get(address)))
            if again.status_code == 304:
                break
        assert again.status_code == 304
        assert again.content == b""

    @pytest.mark.parametrize("address", ["/jobs/", PAGE])
    def test_is_there_when_the_job_has_changed(self, cast: Cast, run: Run, address: str) -> None:
        browser = cast.browser("vera")
        stamp = stamp_of(browser.get(address))
        with scope.within("harbour"):
            Run.objects.filter(ref=REF).update(changed_at=NOON + timedelta(hours=2))
            Log.objects.update(next_index=F("next_index") + 1)
            RunChain.objects.update(count=F("count") + 1)
        assert asked_by_itself(browser, address, stamp).status_code == 200

    def test_differs_between_languages_and_choices(self, cast: Cast, run: Run) -> None:
        browser = cast.browser("vera")
        stamps = {
            stamp_of(browser.get("/jobs/")),
            stamp_of(browser.get("/jobs/?show=all")),
            stamp_of(browser.get("/jobs/", headers={"accept-language": "zh-hans"})),
        }
        assert len(stamps) == 3

    def test_is_never_answered_from_a_cache(self, cast: Cast, run: Run) -> None:
        assert cast.browser("vera").get(PAGE)["Cache-Control"] == "private, no-store"


class TestJob:
    def test_shows_the_large_skewer_with_the_step_that_is_going_on(self, cast: Cast, run: Run) -> None:
        page = cast.browser("vera").get(PAGE).content.decode()
        assert "skewer-large" in page
        assert page.count('aria-current="step"') == 1

    def test_goes_to_the_step_that_is_asked_for(self, cast: Cast, run: Run) -> None:
        page = cast.browser("vera").get(f"{PAGE}?step=before/work_order").content.decode()
        assert '<h2 id="replay-title">Check the work order</h2>' in page

    @pytest.mark.parametrize("query", ["step=no/such", "photo=-1", "photo=99999999", "photo=x", "step=%2500&photo=²"])
    def test_does_not_stumble_over_its_address(self, cast: Cast, run: Run, query: str) -> None:
        assert cast.browser("vera").get(f"{PAGE}?{query}").status_code == 200

    def test_walks_through_the_whole_job_and_comes_to_an_end(self, cast: Cast, run: Run) -> None:
        browser, address, seen = cast.browser("vera"), f"{PAGE}?step=before/work_order", 0
        while address:
            page = browser.get(address).content.decode()
            found = re.search(r'rel="next" href="([^"]+)"', page)
            address, seen = (found[1].replace("&amp;", "&") if found else ""), seen + 1
            assert seen < 200
        assert seen > 20

    def test_offers_the_pack_to_those_who_may_take_it(self, cast: Cast, run: Run) -> None:
        assert f"/api/v1/runs/{REF}/pack" in cast.browser("wu").get(PAGE).content.decode()
        assert f"/api/v1/runs/{REF}/pack" not in cast.browser("wen").get(PAGE).content.decode()

    def test_does_not_exist_for_another_company(self, cast: Cast, run: Run) -> None:
        assert cast.browser("quentin").get(PAGE).status_code == 404

    def test_that_does_not_exist_is_not_found(self, cast: Cast) -> None:
        assert cast.browser("vera").get(PAGE).status_code == 404

    def test_of_a_process_that_is_not_known_is_shown_without_a_skewer(self, cast: Cast, run: Run) -> None:
        with scope.within("harbour"):
            Run.objects.filter(ref=REF).update(version="", template="from-elsewhere")
        page = cast.browser("vera").get(PAGE).content.decode()
        assert "The process of this job is not known here." in page


class TestReview:
    def test_leads_the_one_who_decides_to_the_photos(self, cast: Cast) -> None:
        play(cast, REVIEW)
        assert f'href="{PAGE}review/"' in cast.browser("chen").get(PAGE).content.decode()

    def test_tells_others_for_whom_it_waits(self, cast: Cast) -> None:
        play(cast, REVIEW)
        page = cast.browser("vera").get(PAGE).content.decode()
        assert "Waiting for a decision of 陈静." in page
        assert f'href="{PAGE}review/"' not in page

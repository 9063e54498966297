from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tanghulu.apps.evidence import queries as evidence
from tanghulu.apps.evidence.models import Checkpoint, Entry, Log
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.tenancy import actions as tenancy
from tanghulu.apps.tenancy import scope
from tanghulu.core.vitals import Beat, Line
from tanghulu.gateways import backups
from tanghulu.gateways.authority import Authority
from tanghulu.gateways.disk import Disk, MemoryDisk
from tanghulu.web.components import status
from tanghulu.worker import handlers
from tests.support.cast import Cast
from tests.support.yard import Yard, picture

ROOMY = MemoryDisk(free=500_000_000_000, total=1_000_000_000_000)


def lines(cast: Cast, *, disk: Disk = ROOMY, **later: float) -> dict[str, Line]:
    """What the administrator of Harbour is told, by name, this much later than now."""
    at = timezone.now() + timedelta(**later)
    with scope.within("harbour"):
        return {line.name: line for line in status.measured(cast["zheng"], at=at, disk=disk)}


def findings(cast: Cast, **more: float) -> set[str]:
    return {line.finding for line in lines(cast, **more).values()}


def saved(age: timedelta, *, missing: int = 0, with_keys: bool = True) -> None:
    backups.record(backups.LastBackup(timezone.now() - age, 1, 1.0, 1, missing, with_keys))


class TestStatus:
    def test_is_good_where_everything_is(self, yard: Yard, settings: Settings, tmp_path: Path) -> None:
        yard.finish()
        handlers.publish(timezone.now())
        handlers.beat(timezone.now())
        settings.DATA = tmp_path
        saved(timedelta(hours=1))
        found = lines(yard.cast)
        assert {name: line.state.value for name, line in found.items()} == dict.fromkeys(
            ("worker", "queue", "log", "disk", "clock", "backup"), "good"
        )
        page = yard.cast.browser("zheng").get("/status/").content.decode()
        assert "with the keys" in page
        assert "Tanghulu 0" in page

    def test_says_what_to_do_about_what_is_not(self, cast: Cast) -> None:
        page = cast.browser("zheng").get("/status/").content.decode()
        assert "Something needs you now." in page
        assert "The worker has never been there." in page
        assert "Start tanghulu up" in page

    def test_speaks_chinese(self, cast: Cast) -> None:
        page = cast.browser("zheng").get("/status/", headers={"accept-language": "zh-hans"}).content.decode()
        assert "后台程序从未运行过。" in page

    def test_finds_a_worker_that_has_stopped(self, cast: Cast) -> None:
        handlers.beat(timezone.now())
        assert "worker_there" in findings(cast)
        assert "worker_silent" in findings(cast, minutes=2)
        assert lines(cast, minutes=6)["worker"].state == "act"

    def test_finds_entries_that_are_not_published(self, yard: Yard) -> None:
        yard.finish()
        with scope.within("harbour"):
            Entry.objects.update(received_at=timezone.now())
        assert lines(yard.cast)["log"].finding == "log_begins"
        behind = lines(yard.cast, minutes=11)["log"]
        assert (behind.finding, behind.state.value) == ("log_behind", "act")
        handlers.publish(timezone.now())
        published = lines(yard.cast, minutes=11)["log"]
        with scope.within("harbour"):
            assert published.values["count"] == Log.objects.get().next_index == Checkpoint.objects.get().size
        assert (published.finding, published.values["waiting"]) == ("log_published", 0)

    def test_finds_a_timer_that_nobody_fires(self, yard: Yard) -> None:
        yard.open()
        with scope.within("harbour"):
            Run.objects.update(next_timer_at=timezone.now() + timedelta(minutes=1))
        assert lines(yard.cast)["queue"].finding == "queue_empty"
        assert lines(yard.cast, minutes=2)["queue"].finding == "queue_moves"
        assert lines(yard.cast, minutes=12)["queue"].state == "act"

    def test_finds_a_photo_that_is_here_and_was_not_stated(self, yard: Yard) -> None:
        yard.open()
        photo = yard.sign_photo(picture())
        yard.put(picture())
        yard.send(photo)
        with scope.within("harbour"):
            assert status.measured(yard.cast["zheng"], at=timezone.now(), disk=ROOMY)[1].finding == "queue_empty"
            yard.row().photos.update(stated_at=None)
        assert lines(yard.cast, minutes=3)["queue"].finding == "queue_stuck"

    def test_counts_nothing_of_another_company(self, yard: Yard) -> None:
        yard.finish()
        with scope.within("quarry"):
            at = timezone.now() + timedelta(hours=1)
            found = {line.name: line for line in status.measured(yard.cast["qiu"], at=at, disk=ROOMY)}
            assert found["log"].values["count"] == 1
            assert evidence.phones_ahead(yard.cast["qiu"], at=timezone.now()) == []

    def test_finds_a_disk_that_is_nearly_full(self, cast: Cast) -> None:
        full = lines(cast, disk=MemoryDisk(free=900_000_000, total=1_000_000_000_000))["disk"]
        assert (full.state.value, full.finding) == ("act", "disk_low")
        assert "900" in status.told(full).fact or "858" in status.told(full).fact

    @pytest.mark.parametrize(
        ("age", "missing", "with_keys", "finding"),
        [
            (timedelta(hours=1), 0, True, "backup_new"),
            (timedelta(hours=1), 0, False, "backup_without_keys"),
            (timedelta(hours=1), 1, True, "backup_incomplete"),
            (timedelta(days=10), 0, True, "backup_old"),
        ],
    )
    def test_finds_the_mark_of_the_backup(
        self,
        cast: Cast,
        settings: Settings,
        tmp_path: Path,
        age: timedelta,
        missing: int,
        with_keys: bool,
        finding: str,
    ) -> None:
        settings.DATA = tmp_path
        assert "backup_never" in findings(cast)
        saved(age, missing=missing, with_keys=with_keys)
        assert finding in findings(cast)

    def test_finds_phones_that_are_ahead_of_the_server(self, yard: Yard) -> None:
        yard.open()
        assert lines(yard.cast)["clock"].finding == "clock_right"
        with scope.within("harbour"):
            for entry in Entry.objects.exclude(device=Log.objects.get().server_device):
                entry.received_at = timezone.now() - timedelta(minutes=10)
                entry.save()
        assert lines(yard.cast)["clock"].finding == "clock_behind_phones"

    def test_finds_a_clock_that_was_set(self, cast: Cast) -> None:
        now = timezone.now()
        tenancy.note_beat(Beat(now - timedelta(hours=1), "a", 0))
        tenancy.note_beat(Beat(now, "a", 10_000))
        line = lines(cast)["clock"]
        assert (line.finding, line.values["seconds"]) == ("clock_jumped", 3590)

    def test_counts_the_days_of_the_certificate_that_phones_are_shown(
        self, cast: Cast, settings: Settings, tmp_path: Path
    ) -> None:
        assert "certificate" not in lines(cast)
        own = Authority(tmp_path)
        own.open(host="port.example", at=timezone.now())
        own.renew(at=timezone.now())
        settings.PHONES_CERTIFICATE = str(own.certificate)
        assert lines(cast)["certificate"].finding == "certificate_good"
        assert lines(cast, days=392)["certificate"].state == "act"
        assert lines(cast, days=400)["certificate"].finding == "certificate_ended"
        settings.PHONES_CERTIFICATE = str(tmp_path / "nothing.crt")
        assert "certificate" not in lines(cast)

    def test_is_for_administrators(self, cast: Cast) -> None:
        for username in ("wen", "chen", "zhou", "wu"):
            assert cast.browser(username).get("/status/").status_code == 403
            assert "/status/" not in cast.browser(username).get("/jobs/").content.decode()
        assert "/status/" in cast.browser("zheng").get("/jobs/").content.decode()


class TestEveryFinding:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_has_its_sentence(self, cast: Cast, language: str) -> None:
        measures = {
            "seconds": 5,
            "age": 5,
            "free": 5,
            "share": 5,
            "count": 5,
            "waiting": 5,
            "phones": 5,
            "all": 5,
            "days": 5,
        }
        for finding in status.FACTS:
            for state in status.State:
                line = status.told(Line("log", state, finding, measures))
                assert line.fact
                assert line.pill.text


class TestHealthz:
    @pytest.mark.django_db
    def test_asks_the_database_one_thing_and_knows_nobody(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(1):
            answer = client.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
        assert client.head("/healthz").status_code == 200
        assert client.post("/healthz").status_code == 405

    @pytest.mark.django_db
    def test_is_503_without_a_database(self, client: Client) -> None:
        def broken(*_given: object) -> None:
            raise DatabaseError

        with connection.execute_wrapper(broken):
            answer = client.get("/healthz")
        assert (answer.status_code, answer.json()) == (503, {"status": "database_unreachable"})

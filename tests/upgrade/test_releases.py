"""Today's code goes on with the data that an earlier release left: tests/vectors/releases."""

from __future__ import annotations

import base64
import http.cookiejar
import json
import os
import re
import tarfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tanghulu.cli.simulator import pictures
from tanghulu.cli.simulator.device import Device
from tanghulu.core.chain import keys
from tests.support.installation import Installation, bare_installation, free_port, wait_for

RELEASES = sorted(path.parent for path in (Path(__file__).parents[1] / "vectors" / "releases").glob("*/data.tar.xz"))

pytestmark = [
    pytest.mark.loopback,
    # A release's data is a SQLite file, and data is never carried from one kind of database to the other.
    pytest.mark.skipif(bool(os.environ.get("TANGHULU_DATABASE")), reason="the data of a release is SQLite's"),
]

NEW_RUN = "9" * 32
API = "/api/v1"


@dataclass
class Release:
    """An installation of an earlier release, brought up to date, and what is known of it."""

    home: Installation
    known: dict[str, Any]

    def run(self, status: str) -> str:
        return next(row["run"] for row in self.known["runs"]["runs"] if row["status"] == status)

    def phone(self) -> Device:
        """The phone that was let in then, with its key and counters."""
        kept = self.known["phone"]
        device = Device(self.home.address, key=keys.signing_key(base64.b64decode(kept["secret"])))
        device.wire.token = kept["token"]
        device.tenant, device.member, device.name = kept["tenant"], kept["member"], kept["name"]
        device.beacon, device._dseq, device._previous = kept["beacon"], kept["dseq"], kept["previous"]
        return device


@pytest.fixture(scope="module", params=RELEASES, ids=lambda path: path.name)
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    data = tmp_path_factory.mktemp("release") / "data"
    with tarfile.open(request.param / "data.tar.xz") as archive:
        archive.extractall(data, filter="data")
    known = json.loads((request.param / "known.json").read_text(encoding="utf-8"))
    home = Installation(data=data, port=free_port(), seeds=known["seeds"])
    home.run("migrate")
    home.start("web")
    home.start("worker")
    yield Release(home, known)
    home.end()


def test_there_is_a_release_to_come_from() -> None:
    assert [path.name for path in RELEASES] != []


class TestTheDataOfARelease:
    def test_is_as_it_was_left(self, release: Release) -> None:
        assert release.home.problems() == []

    @pytest.mark.parametrize("status", ["ended", "open"])
    def test_shows_its_jobs(self, release: Release, status: str) -> None:
        page = signed_in(release.home, "chen").open(f"{release.home.address}/jobs/{release.run(status)}/")
        text = page.read().decode()
        assert page.status == 200
        assert text.count("<img") > 3
        shown = re.search(r'src="(/[^"]*320\.jpg[^"]*)"', text)
        assert shown is not None
        picture = signed_in(release.home, "chen").open(f"{release.home.address}{shown[1]}")
        assert picture.read()[:2] == b"\xff\xd8"

    def test_gives_a_pack_that_is_proven(self, release: Release, tmp_path: Path) -> None:
        pack = str(tmp_path / "job.zip")
        release.home.run("export", release.run("ended"), "-o", pack, "--tenant", "harbour")
        done = release.home.attempt("verify", pack, "--policy", f"{pack}.policy", "--json")
        assert done.returncode == 0, done.stdout.decode()

    def test_takes_new_events_of_a_phone_of_that_time(self, release: Release) -> None:
        phone = release.phone()
        harbour = release.known["seeds"]["harbour"]
        data = {
            "template": "belt-conveyor-maintenance",
            "version": harbour["versions"]["belt-conveyor-maintenance"],
            "subject": {"equipment": harbour["equipment"]["C3"]},
            "people": {},
        }
        opened = phone.act("run.opened", run=NEW_RUN, data=data)
        content = pictures.drawn(7, title="upgrade", at="2026-03-02 12:00:00")[0]
        step = {"step": "before/work_order", "activation": 1, "slot": "nameplate"}
        phone.photograph(content, media_type="image/jpeg", run=NEW_RUN, **step)  # type: ignore[arg-type]
        # An event of a job that was under way.
        old = release.run("open")
        phone.learn(old, phone.wire.get(f"{API}/runs/{old}").good().json["heads"])
        stopped = phone.act("run.stopped", run=old)
        receipt = f"{API}/events/{phone.key.device}/{phone._dseq}/receipt"
        wait_for("all is published", lambda: phone.wire.get(receipt).status == 200)
        events, of_old = (phone.wire.get(f"{API}/runs/{run}").good().json["events"] for run in (NEW_RUN, old))
        assert events[0]["hash"] == opened.payload_hash
        # Timers of that time run out meanwhile, before or after it.
        assert [event["hash"] for event in of_old].count(stopped.payload_hash) == 1
        phone.wire.close()
        assert release.home.problems() == []

    def test_is_saved_and_restored(self, release: Release, tmp_path: Path) -> None:
        phrase = {"TANGHULU_BACKUP_PASSPHRASE": "of an earlier release"}
        files = [str(tmp_path / "b.tar"), "--keys", str(tmp_path / "b.keys")]
        assert release.home.attempt("backup", *files, **phrase).returncode == 0
        with bare_installation(tmp_path / "new", seeds=release.known["seeds"]) as new:
            done = new.attempt("restore", *files, **phrase)
            assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def signed_in(home: Installation, username: str) -> urllib.request.OpenerDirector:
    """Somebody's browser, signed in by one click as in the demo."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{home.address}/demo/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "username": username}).encode()
    browser.open(f"{home.address}/demo/", form)
    return browser

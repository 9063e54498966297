"""Whatever happens to the server while people work: nothing is lost, and all agree on where the job stands."""

from __future__ import annotations

import json
import os
import secrets
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tanghulu.core import flow
from tests.conftest import LONG
from tests.journeys.ending import download, verify
from tests.journeys.stage import Stage
from tests.journeys.walk import PATIENCE, Walk
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

MOVES = 24
LONG_RUN = 600.0  # seconds


@pytest.fixture
def camera(drawn: Path) -> Path:
    return drawn


def seed() -> str:
    """The seed that `TANGHULU_WALK` names, or else a new one; pytest prints it where the walk fails."""
    found = os.environ.get("TANGHULU_WALK") or secrets.token_hex(4)
    print(f"\nto walk this way again: TANGHULU_WALK={found}")
    return found


class TestARandomWalk:
    def test_loses_nothing_and_everybody_agrees(self, stage: Stage, tmp_path: Path) -> None:
        walk = Walk(stage, seed())
        walk.begin()
        began = time.monotonic()
        walk.go(until=lambda: time.monotonic() - began > LONG_RUN if LONG else walk.moves >= MOVES)
        walk.end()
        events = stage.events(walk.run)
        print(f"{walk.moves} moves, {walk.deaths} deaths of the server, {len(events)} events")

        assert photos_are_there(walk, events)
        everybody_agrees(walk, events)
        pack, policy = download(walk.desk, tmp_path)
        claims = verify(stage, pack, policy)["claims"]
        assert {claims[name]["verdict"] for name in ("INTEGRITY", "ORDER", "COMPLETENESS", "WHO")} == {"PASS"}
        assert set(walk.client.photos) <= hashes_in(pack)
        assert stage.house.problems() == []


def photos_are_there(walk: Walk, events: list) -> bool:
    """Every photo that a phone ever held is in the log, and its bytes are stored."""
    payloads = [event["payload"] for event in events]
    taken = {photo["commitment"] for one in payloads for photo in one.get("photos", ())}
    stored = {one["data"]["commitment"] for one in payloads if one["type"] == "photo.stored"}
    assert walk.kept <= taken
    assert len(taken) == len(walk.kept) + len(walk.client.photos)
    return taken == stored


def everybody_agrees(walk: Walk, events: list) -> None:
    """Both phones and the server hold the same log, and each kernel makes the same of it."""
    wait_for("the phone has it all", lambda: len(walk.log_of_phone()) == len(events), patience=PATIENCE)
    log = [event["hash"] for event in events]
    assert [event["hash"] for event in walk.log_of_phone()] == log
    assert [event["hash"] for event in walk.client.known] == log
    state = flow.fold(walk.client.template, [{**event["payload"], "hash": event["hash"]} for event in events])
    assert (state["status"], state["sealed"]) == ("ended", True)
    assert walk.client.state() == state
    assert walk.state_of_phone() == json.loads(json.dumps(state))


def hashes_in(pack: Path) -> set[str]:
    """The SHA-256 of every file in a pack."""
    with zipfile.ZipFile(pack) as opened:
        return {sha256(opened.read(name)).hexdigest() for name in opened.namelist()}

"""Bytes, row, entry, tile, checkpoint: the server is killed at each arrow between them, and nothing is lost or half."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tanghulu.cli.simulator import pictures
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.core.chain import checkpoint, merkle, proof
from tanghulu.core.chain import envelope as envelopes
from tests.support.installation import Installation, installation, wait_for

pytestmark = pytest.mark.loopback

RUN = "a" * 32
STEP = "before/work_order"
API = "/api/v1"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with its companies, to be copied."""
    with installation(tmp_path_factory.mktemp("seeded")) as made:
        yield made


@pytest.fixture
def harbour(seeded: Installation, tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "data", copy_of=seeded) as made:
        yield made


@pytest.fixture
def picture() -> bytes:
    return pictures.drawn(1, title="crash", at="2026-03-02 12:00:00")[0]


def opened(server: Installation, device: Device) -> Signed:
    """An event that opens a job, signed and not sent yet."""
    seed = server.seeds["harbour"]
    data = {
        "template": "belt-conveyor-maintenance",
        "version": seed["versions"]["belt-conveyor-maintenance"],
        "subject": {"equipment": seed["equipment"]["C3"]},
        "people": {},
    }
    return device.sign("run.opened", run=RUN, data=data)


def post(device: Device, signed: Signed) -> dict[str, Any]:
    """Send an event; the admission, whether it is new or not."""
    result = device.post(signed)[0]
    assert result["status"] in {200, 201}, result
    return dict(result["admission"])


def post_into_the_dark(device: Device, signed: Signed) -> threading.Thread:
    """Send an event whose answer will never come."""

    def send() -> None:
        try:
            device.post(signed)
        except (OSError, ValueError, RuntimeError):
            return

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    return thread


def put_into_the_dark(device: Device, content: bytes) -> threading.Thread:
    def send() -> None:
        try:
            device.put_photo(content, media_type="image/jpeg")
        except (OSError, ValueError, RuntimeError):
            return

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    return thread


def again(device: Device) -> None:
    """A new connection: the old one went with the server."""
    device.wire.close()


def head(device: Device) -> dict[str, Any]:
    return dict(device.wire.get(f"{API}/checkpoint").good().json)


def prove(device: Device, dseq: int, admission: dict[str, Any], signed: Signed) -> None:
    """The receipt shows that the very envelope that was admitted lies under the checkpoint."""

    def answer() -> Any:
        return device.wire.get(f"{API}/events/{device.key.device}/{dseq}/receipt")

    wait_for("the log is published", lambda: answer().status == 200)
    found = proof.parse_proof(answer().body)
    said, _ = checkpoint.parse_checkpoint(found.checkpoint)
    entry = envelopes.envelope_of(signed.envelope).entry  # type: ignore[arg-type]
    assert merkle.verify_inclusion(merkle.leaf_hash(entry), found.index, said.size, found.hashes, said.root)
    payload = envelopes.envelope_of(admission, payload_type=envelopes.ADMISSION_TYPE).payload
    assert json.loads(payload)["index"] == found.index


class TestAfterTheRow:
    def test_the_event_is_there_and_the_same_admission_is_given(self, harbour: Installation) -> None:
        harbour.start("web")
        device = harbour.device("chen")
        signed = opened(harbour, device)
        harbour.kill("web")
        harbour.start("web", pause_at="after_row")
        again(device)
        waiting = post_into_the_dark(device, signed)
        harbour.wait_for_pause()
        harbour.kill("web")
        waiting.join(10)
        harbour.start("web")
        again(device)
        events = device.wire.get(f"{API}/runs/{RUN}").good().json["events"]
        assert events[0]["hash"] == signed.payload_hash
        first, second = post(device, signed), post(device, signed)
        assert first == second
        harbour.start("worker")
        prove(device, 2, first, signed)
        assert harbour.problems() == []

    def test_an_admission_that_was_given_is_given_again_after_a_crash(self, harbour: Installation) -> None:
        harbour.start("web")
        device = harbour.device("chen")
        signed = opened(harbour, device)
        admission = post(device, signed)
        harbour.kill("web")
        harbour.start("web")
        again(device)
        assert post(device, signed) == admission
        assert harbour.problems() == []


class TestAfterTheBytes:
    def test_a_photo_without_its_row_is_not_there_and_comes_whole_when_it_is_sent_again(
        self, harbour: Installation, picture: bytes
    ) -> None:
        harbour.start("web")
        device = harbour.device("chen")
        post(device, opened(harbour, device))
        taken = device.sign_photo(picture, media_type="image/jpeg", run=RUN, step=STEP, activation=1, slot="nameplate")
        post(device, taken)
        commitment = json.loads(envelopes.envelope_of(taken.envelope).payload)["photos"][0]["commitment"]  # type: ignore[arg-type]
        shown = f"{API}/photos/{commitment}/320.jpg"
        harbour.kill("web")
        harbour.start("web", pause_at="after_bytes")
        again(device)
        waiting = put_into_the_dark(device, picture)
        harbour.wait_for_pause()
        harbour.kill("web")
        waiting.join(10)
        harbour.start("web")
        again(device)
        assert device.wire.get(shown).status == 404
        assert types(device)[-1] == "photo.taken"
        name = hashlib.sha256(picture).hexdigest()
        statuses = [
            device.wire.put_bytes(f"{API}/photos/{name}", picture, media_type="image/jpeg").status for _ in range(2)
        ]
        assert statuses == [201, 200]
        assert device.wire.get(shown).status == 200
        assert types(device)[-1] == "photo.stored"
        assert harbour.problems() == []

    def test_a_photo_that_was_acknowledged_is_there(self, harbour: Installation, picture: bytes) -> None:
        harbour.start("web")
        device = harbour.device("chen")
        post(device, opened(harbour, device))
        device.photograph(picture, media_type="image/jpeg", run=RUN, step=STEP, activation=1, slot="nameplate")
        harbour.kill("web")
        harbour.start("web")
        again(device)
        assert types(device)[-1] == "photo.stored"
        assert harbour.problems() == []


def types(device: Device) -> list[str]:
    events = device.wire.get(f"{API}/runs/{RUN}").good().json["events"]
    return [event["payload"]["type"] for event in events]


class TestPublication:
    @pytest.mark.parametrize("arrow", ["after_entry", "after_tile", "after_checkpoint_signed", "after_checkpoint"])
    def test_is_resumed_and_shows_nothing_half(self, harbour: Installation, arrow: str) -> None:
        harbour.start("web")
        device = harbour.device("chen")
        harbour.start("worker")
        wait_for("all is published", lambda: head(device).get("size") == 2)
        before = head(device)
        harbour.kill("worker")
        signed = opened(harbour, device)
        admission = post(device, signed)
        harbour.start("worker", pause_at=arrow)
        harbour.wait_for_pause()
        harbour.kill("worker")
        seen = head(device)
        if arrow == "after_checkpoint":
            assert seen["size"] > before["size"]
        else:
            assert seen == before
            auditor = harbour.wire("wu")
            assert auditor.get("/log/harbour/checkpoint").body.decode() == before["note"]
            assert auditor.get("/log/harbour/tile/0/000.p/3").status == 404
            assert device.wire.get(f"{API}/events/{device.key.device}/2/receipt").status == 409
        assert harbour.problems() == []
        harbour.start("worker")
        prove(device, 2, admission, signed)
        assert harbour.problems() == []


class TestKillingAtAnyMoment:
    def test_loses_nothing_that_was_acknowledged(self, harbour: Installation) -> None:
        """Events stream in while web and worker are killed at moments nobody chose."""
        harbour.start("web")
        device = harbour.device("chen")
        harbour.start("worker")
        acknowledged: list[tuple[Signed, dict[str, Any]]] = []
        signed = opened(harbour, device)
        for round_number in range(4):
            harbour_dies = threading.Timer(0.3 + 0.17 * round_number, harbour.kill, args=("web",))
            harbour_dies.start()
            try:
                while True:
                    acknowledged.append((signed, post(device, signed)))
                    signed = device.sign("run.stopped", run=RUN)
            except (OSError, ValueError, RuntimeError):
                pass  # killed; the same event is sent again
            harbour_dies.join()
            harbour.kill("worker")
            harbour.start("web")
            harbour.start("worker")
            again(device)
            for sent, admission in acknowledged[-20:]:
                assert post(device, sent) == admission
        assert len(acknowledged) > 10
        post(device, signed)
        hashes = [event["hash"] for event in device.wire.get(f"{API}/runs/{RUN}").good().json["events"]]
        assert [one.payload_hash for one, _ in acknowledged if one.payload_hash not in hashes] == []
        size = json.loads(envelopes.envelope_of(acknowledged[-1][1], payload_type=envelopes.ADMISSION_TYPE).payload)
        wait_for("all is published", lambda: head(device).get("size", 0) > size["index"])
        time.sleep(0.1)
        assert harbour.problems() == []

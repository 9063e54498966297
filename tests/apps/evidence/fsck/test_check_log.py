"""Whoever edits rows or files behind the server's back is found, by a code that names what was done."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tanghulu.apps.evidence import actions
from tanghulu.apps.evidence.fsck import check_log
from tanghulu.apps.evidence.models import Checkpoint, Device, Entry, Log, Opening, RunChain
from tanghulu.cli.simulator import device as simulator
from tanghulu.core import canonical
from tanghulu.core.chain import checkpoint, envelope
from tanghulu.core.chain.event_types import EventType
from tanghulu.gateways import blobs, keys
from tests.support.cast import NOON, Cast
from tests.support.phones import RUN, Crew, admit, open_run


def problems() -> set[str]:
    return {found.code for found in check_log() if not found.is_note}


def notes() -> set[str]:
    return {found.code for found in check_log() if found.is_note}


@pytest.fixture
def told(crew: Crew, wens: simulator.Device) -> simulator.Device:
    """A published log with a run that goes on, each event of Wen's after a checkpoint that her phone has seen."""
    admit(open_run(wens))
    actions.publish(at=NOON)
    head = Checkpoint.objects.get()
    wens.beacon = {"root": head.root, "size": head.size}
    for _ in range(3):
        admit(wens.sign("run.stopped", run=RUN))
    actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "t"}, at=NOON)
    actions.publish(at=NOON)
    assert problems() == set()
    return wens


def entry(index: int) -> Entry:
    return Entry.objects.get(index=index)


def file_of(part: str) -> str:
    return next(key for key in blobs.store().keys("logs/harbour") if part in key)


def flip(key: str) -> None:
    content = bytearray(blobs.store().get(key))
    content[len(content) // 2] ^= 1
    blobs.store().put(key, bytes(content))


class TestCheckLog:
    def test_finds_nothing_where_nothing_was_done(self, told: simulator.Device) -> None:
        assert list(check_log()) == []

    def test_has_nothing_to_say_without_a_log(self, at_harbour: Cast) -> None:
        assert list(check_log()) == []

    def test_notes_what_is_not_published_or_not_sent_yet(self, told: simulator.Device) -> None:
        told.sign("run.stopped", run=RUN)  # stays on the phone
        admit(told.sign("run.stopped", run=RUN))
        assert problems() == set()
        assert notes() == {"entries_unpublished", "device_gap", "run_gap", "link_missing"}

    def test_notes_a_fork(self, told: simulator.Device) -> None:
        signed = told.sign("run.stopped", run=RUN)
        admit(signed)
        value = json.loads(envelope.envelope_of(signed.envelope).payload)  # type: ignore[arg-type]
        other = envelope.sign(canonical.dumps({**value, "mono_ms": 1}), told.key)
        actions.keep_fork(actions.examine(json.loads(other.entry)), at=NOON)
        actions.publish(at=NOON)
        assert problems() == set()
        assert notes() == {"fork_kept"}


def edit_envelope() -> None:
    """The words of an event are changed in its row."""
    row = entry(4)
    sealed = envelope.parse_entry(bytes(row.envelope))
    value = {**json.loads(sealed.payload), "claimed_at": "2020-01-01T00:00:00.000Z"}
    row.envelope = envelope.Envelope(canonical.dumps(value), sealed.payload_type, sealed.signatures).entry
    row.save()


def edit_column() -> None:
    """An event is moved to another run by its column only."""
    Entry.objects.filter(index=4).update(run="c" * 32)


def drop_entry() -> None:
    """An event in the middle disappears."""
    entry(4).delete()


def drop_last() -> None:
    """The last event disappears, and the counter is turned back."""
    entry(Entry.objects.count() - 1).delete()
    Log.objects.update(next_index=Entry.objects.count())


def swap() -> None:
    """Two events change places."""
    Entry.objects.filter(index=4).update(index=999)
    Entry.objects.filter(index=5).update(index=4)
    Entry.objects.filter(index=999).update(index=5)


def back_date() -> None:
    """An event is said to have come earlier."""
    Entry.objects.filter(index=4).update(received_at=NOON.replace(year=2020))


def clear_codes() -> None:
    """An event is no longer marked."""
    Entry.objects.filter(index=4).update(standing="contradicting", codes="run_not_open")


def flip_tile() -> None:
    flip(file_of("tile/0/"))


def flip_bundle() -> None:
    flip(file_of("tile/entries/"))


def lose_tile() -> None:
    blobs.store().delete(file_of("tile/0/"))


def replace_checkpoint() -> None:
    """A head over another history, signed with the real key."""
    row = Checkpoint.objects.order_by("-size").first()
    assert row is not None
    key = keys.log_key("harbour", Log.objects.get().origin)
    row.root = "ab" * 32
    row.note = checkpoint.sign_checkpoint(row.size, bytes.fromhex(row.root), key)
    row.save()
    Log.objects.update(published_root=row.root)


def edit_checkpoint() -> None:
    """A head's signed words are changed without the key."""
    row = Checkpoint.objects.order_by("size").first()
    assert row is not None
    row.note = bytes(row.note).replace(b"harbour", b"quarry", 1)
    row.save()


def drop_head() -> None:
    Checkpoint.objects.order_by("-size")[0].delete()


def edit_opening() -> None:
    """A name is changed beside the log."""
    row = Opening.objects.order_by("pk").first()
    assert row is not None
    row.value = "Somebody else"
    row.save()


def give_away_device() -> None:
    Device.objects.filter(may_enrol=False).update(may_enrol=True)


def smuggle_device() -> None:
    """A device is enrolled without anybody having vouched for it."""
    key = simulator.Device("http://localhost:1").key
    Device.objects.create(
        device=key.device, spki=key.spki, member="0" * 32, assurance="software", status="enrolled", envelope=b"{}",
        ticket_sha256="", asked_at=NOON,
    )  # fmt: skip


def edit_heads() -> None:
    RunChain.objects.update(heads=["0" * 64])


def turn_counter() -> None:
    Log.objects.update(server_dseq=9)


TAMPERINGS: list[tuple[Callable[[], None], set[str]]] = [
    (edit_envelope, {"entry_row_differs", "signature_invalid", "checkpoint_root_differs", "bundle_differs"}),
    (edit_column, {"entry_row_differs"}),
    (drop_entry, {"entry_missing", "checkpoint_root_differs"}),
    (drop_last, {"checkpoint_beyond_log"}),
    (swap, {"checkpoint_root_differs", "admission_differs", "tile_differs"}),
    (back_date, {"admission_differs"}),
    (clear_codes, {"admission_differs"}),
    (flip_tile, {"tile_differs"}),
    (flip_bundle, {"bundle_differs"}),
    (lose_tile, {"tile_missing"}),
    (replace_checkpoint, {"checkpoint_root_differs"}),
    (edit_checkpoint, {"checkpoint_signature_invalid"}),
    (drop_head, {"published_head_differs"}),
    (edit_opening, {"opening_invalid"}),
    (give_away_device, {"device_row_differs"}),
    (smuggle_device, {"device_not_in_log"}),
    (edit_heads, {"run_chain_differs"}),
    (turn_counter, {"log_counter_differs"}),
]


class TestTampering:
    @pytest.mark.parametrize(("tamper", "codes"), TAMPERINGS, ids=[one.__name__ for one, _ in TAMPERINGS])
    def test_is_found(self, told: simulator.Device, tamper: Callable[[], None], codes: set[str]) -> None:
        tamper()
        assert codes <= problems()

    def test_is_found_by_what_phones_have_seen_when_all_is_rewritten(self, told: simulator.Device) -> None:
        """Whoever holds every key of the server can sign a new history; the phones' beacons still tell."""
        log = Log.objects.get()
        row = entry(0)
        sealed = envelope.parse_entry(bytes(row.envelope))
        value: dict[str, Any] = {**json.loads(sealed.payload), "claimed_at": "2020-01-01T00:00:00.000Z"}
        row.envelope = envelope.sign(canonical.dumps(value), keys.server_key("harbour")).entry
        row.save()
        Checkpoint.objects.all().delete()
        for key in list(blobs.store().keys("logs/harbour")):
            blobs.store().delete(key)
        Log.objects.filter(pk=log.pk).update(published_size=0, published_root="")
        actions.publish(at=NOON)
        assert "beacon_differs" in problems()

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.evidence.models import Checkpoint, Entry
from tanghulu.apps.jobs import actions as jobs
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.photos.models import Photo
from tanghulu.apps.tenancy import scope
from tanghulu.cli import fsck
from tanghulu.cli.simulator import pictures
from tanghulu.core.access import Actor
from tanghulu.gateways import blobs, keys
from tests.support.cast import NOON, Cast
from tests.support.phones import RUN, Crew, founders, open_run


def forget() -> None:
    for cached in (blobs.store, keys.log_key, keys.server_key, keys.subject_key):
        cached.cache_clear()


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    forget()
    yield
    forget()


@pytest.fixture
def job(cast: Cast) -> Cast:
    """A job with a photo at Harbour, published; Quarry has a log."""
    for tenant in ("harbour", "quarry"):
        with scope.within(tenant):
            evidence.open_log(Actor.operator(tenant), founders=founders(), at=NOON)
            evidence.publish(at=NOON)
    content = pictures.drawn(1, title="fsck", at="2026-03-02 12:00:00")[0]
    with scope.within("harbour"):
        crew = Crew(cast)
        wens = crew.enrolled("wen", by=crew.enrolled("chen"))
        photo = {"media_type": "image/jpeg", "run": RUN, "step": "before/x", "activation": 1, "slot": "isolator"}
        events = [open_run(wens), wens.sign_photo(content, **photo)]  # type: ignore[arg-type]
        sent = [jobs.Submission(envelope=one.envelope, openings=one.openings) for one in events]
        assert all(outcome.refusal is None for outcome in jobs.receive(cast["wen"], submissions=sent, at=NOON))
        jobs.keep_photo(cast["wen"], sha256=hashlib.sha256(content).hexdigest(), content=content, at=NOON)
        evidence.publish(at=NOON)
    return cast


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code = fsck.main(["--json", *arguments])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def lose_photo() -> None:
    key = next(iter(blobs.store().keys("photos/harbour")))
    blobs.store().delete(key)


def flip_photo() -> None:
    key = next(iter(blobs.store().keys("photos/harbour")))
    content = bytearray(blobs.store().get(key))
    content[-1] ^= 1
    blobs.store().put(key, bytes(content))


def resize_photo() -> None:
    Photo.objects.update(size=1)


def edit_state() -> None:
    row = Run.objects.get()
    row.state["contradictions"] = []
    row.save()


def edit_status() -> None:
    Run.objects.update(status="ended", is_sealed=True)


def drop_run() -> None:
    Run.objects.all().delete()


def clear_codes() -> None:
    Entry.objects.filter(run=RUN).update(codes="", standing="accepted")


TAMPERINGS = [
    (lose_photo, "photo_missing"),
    (flip_photo, "photo_unreadable"),
    (resize_photo, "photo_altered"),
    (edit_state, "run_state_differs"),
    (edit_status, "run_row_differs"),
    (drop_run, "run_row_missing"),
    (clear_codes, "codes_differ"),
]


class TestFsck:
    def test_is_content_with_what_nobody_touched(self, job: Cast, capsys: pytest.CaptureFixture[str]) -> None:
        assert found(capsys) == (0, [])
        assert fsck.main([]) == 0
        assert capsys.readouterr().out.splitlines() == ["harbour: 没有问题 / clean", "quarry: 没有问题 / clean"]

    @pytest.mark.parametrize(("tamper", "code"), TAMPERINGS, ids=[code for _, code in TAMPERINGS])
    def test_finds_what_was_done_to_photos_and_runs(
        self, job: Cast, capsys: pytest.CaptureFixture[str], tamper: Callable[[], None], code: str
    ) -> None:
        with scope.within("harbour"):
            tamper()
        exit_code, lines = found(capsys)
        assert exit_code == 1
        assert code in {line["code"] for line in lines if line["kind"] == "problem"}
        assert {line["tenant"] for line in lines} == {"harbour"}

    def test_looks_at_one_company_where_one_is_named(self, job: Cast, capsys: pytest.CaptureFixture[str]) -> None:
        with scope.within("harbour"):
            Checkpoint.objects.all().delete()
        assert found(capsys, "--tenant", "quarry") == (0, [])
        assert found(capsys, "--tenant", "harbour")[0] == 1

    def test_leaves_notes_out_when_it_is_to_be_quiet(self, job: Cast, capsys: pytest.CaptureFixture[str]) -> None:
        with scope.within("quarry"):
            Crew(job).enrolled("quentin")
        code, lines = found(capsys)
        assert (code, [(line["tenant"], line["kind"], line["code"]) for line in lines]) == (
            0,
            [("quarry", "note", "entries_unpublished")],
        )
        assert found(capsys, "--quiet") == (0, [])

    def test_knows_no_company_that_is_not_there(self, cast: Cast) -> None:
        with pytest.raises(SystemExit, match="2"):
            fsck.main(["--tenant", "nowhere"])

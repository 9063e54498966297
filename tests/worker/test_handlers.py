from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tanghulu.apps.evidence import actions, queries
from tanghulu.apps.evidence.models import Entry, Log
from tanghulu.apps.jobs import queries as jobs
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.tenancy import scope
from tanghulu.core import flow
from tanghulu.core.access import Actor
from tanghulu.gateways import blobs, keys
from tanghulu.worker import handlers
from tests.support.cast import NOON, Cast


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    forget()
    yield
    forget()


def forget() -> None:
    """What this process remembers of the files."""
    for cached in (blobs.store, keys.log_key, keys.server_key):
        cached.cache_clear()


@pytest.fixture
def logs(cast: Cast) -> Cast:
    """Both companies with an open log."""
    for tenant in ("harbour", "quarry"):
        with scope.within(tenant):
            actions.open_log(Actor.operator(tenant), founders=[], at=NOON)
    return cast


def size(tenant: str) -> int:
    with scope.within(tenant):
        head = queries.newest_checkpoint()
        return head.size if head is not None else 0


class TestPublish:
    def test_publishes_the_log_of_every_company_and_then_has_nothing_to_do(self, logs: Cast) -> None:
        assert queries.tenants_to_publish() == ["harbour", "quarry"]
        assert handlers.publish(NOON) == 0
        assert (size("harbour"), size("quarry")) == (1, 1)
        assert queries.tenants_to_publish() == []
        assert handlers.publish(NOON) == 0

    def test_wants_to_go_on_at_once_only_where_a_batch_was_full(self, logs: Cast) -> None:
        rest = {"type": "later", "envelope": b"{}", "admission": b"{}", "received_at": NOON, "standing": "accepted"}
        made = [Entry(index=n, device="d", dseq=n, payload_hash=str(n), **rest) for n in range(1, actions.BATCH + 1)]
        with scope.within("harbour"):
            Entry.objects.bulk_create(made)
            Log.objects.update(next_index=actions.BATCH + 1)
        assert handlers.publish(NOON) == 1
        assert (size("harbour"), size("quarry")) == (actions.BATCH, 1)
        assert handlers.publish(NOON) == 0
        assert size("harbour") == actions.BATCH + 1

    def test_goes_on_with_the_others_when_a_log_is_broken(self, logs: Cast) -> None:
        with scope.within("harbour"):
            Entry.objects.all().delete()
        assert handlers.publish(NOON) == 0
        assert (size("harbour"), size("quarry")) == (0, 1)


class TestDuties:
    def test_have_nothing_to_do_where_there_is_nothing(self, logs: Cast) -> None:
        assert jobs.tenants_with_timers(NOON) == []
        assert jobs.tenants_with_arrivals(NOON) == []
        assert jobs.tenants_with_unsealed(NOON) == []
        for handler in (handlers.fire_timers, handlers.finish_arrivals, handlers.seal_ended):
            with scope.within("harbour"):
                assert handler("harbour", NOON) == 0

    def test_seal_runs_that_wait_for_nothing_also_those_without_photos(self, logs: Cast) -> None:
        state = flow.state_to_json(flow.new_state())
        with scope.within("harbour"):
            run = Run.objects.create(ref="a" * 32, status="ended", state=state, changed_at=NOON)
            assert jobs.tenants_with_unsealed(NOON) == ["harbour"]
            run.awaits_photos = True
            run.save()
            assert jobs.tenants_with_unsealed(NOON) == []
            assert jobs.tenants_with_arrivals(NOON) == []

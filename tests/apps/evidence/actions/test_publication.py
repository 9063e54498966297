import pytest

from tanghulu.apps.evidence import actions, queries
from tanghulu.apps.evidence.files import LogFiles
from tanghulu.apps.evidence.models import Checkpoint, Entry, Log
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device
from tanghulu.core.access import Actor
from tanghulu.core.chain import checkpoint, merkle, tiles
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.chain.note import parse_verifier_key
from tanghulu.gateways import blobs
from tests.support.cast import NOON, Cast
from tests.support.phones import RUN, Crew, admit, open_run


def state(times: int) -> None:
    for number in range(times):
        actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": f"t{number}"}, at=NOON)


class TestPublish:
    def test_says_nothing_without_a_log(self, at_harbour: Cast) -> None:
        assert actions.publish(at=NOON) == 0
        assert queries.newest_checkpoint() is None

    def test_signs_a_head_over_every_entry(self, wens: Device) -> None:
        admit(open_run(wens))
        assert actions.publish(at=NOON) == Log.objects.get().next_index
        head = queries.newest_checkpoint()
        assert head is not None
        key = parse_verifier_key(queries.policy_text().split()[1])
        said = checkpoint.open_checkpoint(head.note.encode(), key)
        leaves = [merkle.leaf_hash(bytes(row.envelope)) for row in Entry.objects.order_by("index")]
        assert (said.size, said.root) == (len(leaves), merkle.root_of(leaves))
        assert actions.publish(at=NOON) == 0

    def test_takes_more_than_a_batch_at_a_time_and_grows_whole_tiles(self, wens: Device) -> None:
        admit(open_run(wens))
        state(300)
        size = Log.objects.get().next_index
        assert actions.publish(at=NOON) == size
        assert [row.size for row in Checkpoint.objects.order_by("size")] == [256, size]
        bundle = tiles.decode_bundle(LogFiles().read(tiles.entries_path(0)))
        assert bundle == [bytes(row.envelope) for row in Entry.objects.order_by("index")[:256]]

    def test_writes_the_same_again_after_a_crash_before_the_head(self, wens: Device) -> None:
        admit(open_run(wens))
        lost = actions.prepare()
        files = {key: blobs.store().get(key) for key in blobs.store().keys("logs/harbour")}
        again = actions.prepare()
        assert again == lost is not None
        assert files == {key: blobs.store().get(key) for key in blobs.store().keys("logs/harbour")}

    def test_never_goes_back_when_two_workers_publish(self, wens: Device) -> None:
        admit(open_run(wens))
        slow = actions.prepare()
        state(3)
        quick = actions.prepare()
        assert slow is not None
        assert quick is not None
        actions.publish_heads([quick], at=NOON)
        actions.publish_heads([slow], at=NOON)
        assert Log.objects.get().published_size == quick.size
        head = queries.newest_checkpoint()
        assert head is not None
        assert head.size == quick.size
        state(2)
        assert actions.publish(at=NOON) == 2

    def test_commits_the_heads_of_all_companies_together(self, crew: Crew) -> None:
        with scope.within("quarry"):
            actions.open_log(Actor.operator("quarry"), founders=[], at=NOON)
            quarrys = actions.prepare()
        harbours = actions.prepare()
        assert quarrys is not None
        assert harbours is not None
        actions.publish_heads([harbours, quarrys], at=NOON)
        for tenant in ("harbour", "quarry"):
            with scope.within(tenant):
                head = queries.newest_checkpoint()
                assert head is not None
                assert head.origin.endswith(tenant)

    def test_stops_at_a_log_with_a_hole(self, wens: Device) -> None:
        admit(open_run(wens))
        Entry.objects.filter(index=1).delete()
        with pytest.raises(actions.BrokenLog):
            actions.publish(at=NOON)
        assert queries.newest_checkpoint() is None

    def test_drops_files_that_were_outgrown_and_still_answers_for_them(self, wens: Device) -> None:
        admit(open_run(wens))
        actions.publish(at=NOON)
        size = Log.objects.get().next_index
        paths = [tiles.tile_path(0, 0, size), tiles.entries_path(0, size)]
        before = [LogFiles().read(path) for path in paths]
        state(5)
        actions.publish(at=NOON)
        names = list(blobs.store().keys("logs/harbour"))
        assert not any(name.endswith(f".p/{size}") for name in names)
        assert [LogFiles().read(path) for path in paths] == before
        state(300)
        actions.publish(at=NOON)
        assert [LogFiles().read(path) for path in paths] == before

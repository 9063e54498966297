import pytest

from tanghulu.apps.evidence import actions, queries, vouching
from tanghulu.apps.evidence.files import LogFiles
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device
from tanghulu.core.chain import checkpoint, merkle, policy, proof, tiles
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.errors import Conflict, NotFound
from tests.support.cast import NOON
from tests.support.phones import RUN, Crew, admit, open_run


class TestReceipt:
    def test_proves_the_entry_under_the_newest_checkpoint(self, wens: Device) -> None:
        reception = admit(open_run(wens))
        with pytest.raises(Conflict, match="receipt_pending"):
            queries.receipt(wens.key.device, reception.event.dseq)
        actions.publish(at=NOON)
        found = proof.parse_proof(queries.receipt(wens.key.device, reception.event.dseq))
        head, _ = checkpoint.parse_checkpoint(found.checkpoint)
        entry = tiles.decode_bundle(LogFiles().read(tiles.entries_path(0, head.size)))[reception.index]
        assert merkle.verify_inclusion(merkle.leaf_hash(entry), found.index, head.size, found.hashes, head.root)

    def test_is_pending_for_what_came_after_the_checkpoint(self, wens: Device) -> None:
        admit(open_run(wens))
        actions.publish(at=NOON)
        fact = actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "t"}, at=NOON)
        with pytest.raises(Conflict, match="receipt_pending"):
            queries.receipt(fact.device, fact.dseq)

    def test_knows_nothing_of_another_company(self, wens: Device) -> None:
        reception = admit(open_run(wens))
        actions.publish(at=NOON)
        with scope.within("quarry"), pytest.raises(NotFound, match="event_not_found"):
            queries.receipt(wens.key.device, reception.event.dseq)


class TestPolicyText:
    def test_pins_the_devices_that_the_server_vouched_for(self, wens: Device, chens: Device) -> None:
        found = policy.parse_policy(queries.policy_text().encode())
        assert found.founders == {chens.key.device}
        assert found.logs == (vouching.anchor().log_key,)

    def test_pins_nobody_before_a_founder_came_in(self, crew: Crew) -> None:
        assert policy.parse_policy(queries.policy_text().encode()).founders == frozenset()


class TestFileOf:
    def test_shows_what_the_checkpoint_covers_to_who_may_read_the_log(self, crew: Crew, chens: Device) -> None:
        actions.publish(at=NOON)
        assert len(queries.file_of(crew.cast["wu"], "tile/0/000.p/2")) == 64
        assert queries.note(crew.cast["wu"]).startswith(b"localhost:8000/log/harbour\n2\n")

    def test_hides_everything_from_anybody_else(self, crew: Crew, chens: Device) -> None:
        actions.publish(at=NOON)
        for username in ("wen", "vera", "zhou", "zheng"):
            with pytest.raises(NotFound, match="log_file_not_found"):
                queries.file_of(crew.cast[username], "tile/0/000.p/2")
            with pytest.raises(NotFound, match="log_file_not_found"):
                queries.note(crew.cast[username])

    def test_hides_what_is_written_beyond_the_checkpoint(self, crew: Crew, chens: Device) -> None:
        actions.publish(at=NOON)
        crew.enrolled("vera", by=chens)
        assert actions.prepare() is not None
        for path in ("tile/0/000.p/3", "tile/entries/000.p/3", "tile/0/000", "tile/1/000.p/1", "tile/0/001.p/1"):
            with pytest.raises(NotFound, match="log_file_not_found"):
                queries.file_of(crew.cast["wu"], path)

    @pytest.mark.parametrize(
        "path", ["tile/0/../../keys", "tile/99/000", "tile/0/000.p/0", "tile/0/0", "keys/log", "tile/entries/", ""]
    )
    def test_knows_no_other_files(self, crew: Crew, chens: Device, path: str) -> None:
        actions.publish(at=NOON)
        with pytest.raises(NotFound, match="log_file_not_found"):
            queries.file_of(crew.cast["wu"], path)

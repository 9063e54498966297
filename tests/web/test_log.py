import pytest
from django.test import Client

from tanghulu.apps.evidence import actions, queries
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device
from tanghulu.core.access import Actor
from tanghulu.core.chain import checkpoint, merkle, proof, tiles
from tanghulu.core.chain.note import parse_verifier_key
from tests.support.cast import NOON, Cast
from tests.support.phones import Crew, admit, founders, open_run


@pytest.fixture
def published(cast: Cast) -> tuple[Cast, Device]:
    """Harbour's log with three entries; the third is Wen's. Quarry has a log as well."""
    for tenant in ("harbour", "quarry"):
        with scope.within(tenant):
            actions.open_log(Actor.operator(tenant), founders=founders(), at=NOON)
            actions.publish(at=NOON)
    with scope.within("harbour"):
        crew = Crew(cast)
        wens = crew.enrolled("wen", by=crew.enrolled("chen"))
        admit(open_run(wens))
        actions.publish(at=NOON)
    return cast, wens


class TestCheckpoint:
    def test_is_a_signed_note_of_the_newest_head(self, published: tuple[Cast, Device]) -> None:
        cast, _ = published
        answer = cast.phone("wu").get("/log/harbour/checkpoint")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        said, note = checkpoint.parse_checkpoint(answer.content)
        assert (said.origin, said.size) == ("localhost:8000/log/harbour", 4)
        assert len(note.signatures) == 1

    def test_is_for_sessions_too(self, published: tuple[Cast, Device]) -> None:
        assert published[0].browser("wu").get("/log/harbour/checkpoint").status_code == 200

    @pytest.mark.parametrize("username", ["wen", "vera", "zhou", "zheng", "quentin"])
    def test_is_not_there_for_who_may_not_read_it(self, published: tuple[Cast, Device], username: str) -> None:
        cast, _ = published
        for client in (cast.phone(username), cast.browser(username)):
            assert client.get("/log/harbour/checkpoint").status_code == 404
            assert client.get("/log/harbour/tile/0/000.p/4").status_code == 404

    def test_is_not_there_for_strangers_or_of_companies_that_are_not(self, published: tuple[Cast, Device]) -> None:
        cast, _ = published
        assert Client().get("/log/harbour/checkpoint").status_code == 404
        assert Client(headers={"authorization": "Bearer x"}).get("/log/harbour/checkpoint").status_code == 404
        assert cast.phone("wu").get("/log/quarry/checkpoint").status_code == 404
        assert cast.phone("wu").get("/log/nowhere/checkpoint").status_code == 404
        assert cast.phone("quentin").get("/log/quarry/checkpoint").status_code == 200


class TestTile:
    def test_lets_an_auditor_recompute_the_head_from_the_entries(self, published: tuple[Cast, Device]) -> None:
        auditor = published[0].phone("wu")
        policy = auditor.get("/log/harbour/checkpoint").content
        said, _ = checkpoint.parse_checkpoint(policy)
        entries = tiles.decode_bundle(auditor.get("/log/harbour/tile/entries/000.p/4").content)
        assert merkle.root_of([merkle.leaf_hash(entry) for entry in entries]) == said.root
        hashes = tiles.decode_tile(auditor.get("/log/harbour/tile/0/000.p/4").content, 4)
        assert hashes == [merkle.leaf_hash(entry) for entry in entries]

    def test_gives_the_beginning_of_what_has_grown(self, published: tuple[Cast, Device]) -> None:
        auditor = published[0].phone("wu")
        whole = auditor.get("/log/harbour/tile/0/000.p/4").content
        assert auditor.get("/log/harbour/tile/0/000.p/1").content == whole[:32]

    @pytest.mark.parametrize("path", ["0/000", "0/000.p/5", "1/000.p/1", "entries/000.p/5", "0/../checkpoint", "x"])
    def test_knows_nothing_beyond_the_checkpoint(self, published: tuple[Cast, Device], path: str) -> None:
        assert published[0].phone("wu").get(f"/log/harbour/tile/{path}").status_code == 404


class TestReceipt:
    def test_proves_an_event_to_who_has_the_logs_key(self, published: tuple[Cast, Device]) -> None:
        cast, wens = published
        answer = cast.phone("wen").get(f"/api/v1/events/{wens.key.device}/2/receipt")
        found = proof.parse_proof(answer.content)
        with scope.within("harbour"):
            key = parse_verifier_key(queries.policy_text().split()[1])
        said = checkpoint.open_checkpoint(found.checkpoint, key)
        entries = tiles.decode_bundle(cast.phone("wu").get("/log/harbour/tile/entries/000.p/4").content)
        leaf = merkle.leaf_hash(entries[found.index])
        assert merkle.verify_inclusion(leaf, found.index, said.size, found.hashes, said.root)

    def test_is_not_there_for_another_company(self, published: tuple[Cast, Device]) -> None:
        cast, wens = published
        assert cast.phone("quentin").get(f"/api/v1/events/{wens.key.device}/2/receipt").status_code == 404
        assert Client().get(f"/api/v1/events/{wens.key.device}/2/receipt").status_code == 401
        assert cast.phone("wen").get(f"/api/v1/events/{wens.key.device}/3/receipt").status_code == 404

import json

from tanghulu.core.chain import merkle
from tanghulu.core.chain.checkpoint import open_checkpoint
from tanghulu.core.chain.envelope import parse_entry
from tanghulu.core.chain.note import parse_verifier_key
from tanghulu.core.chain.proof import parse_proof
from tests.vectors.chain.make import GOLDEN, golden

VECTORS = json.loads(GOLDEN.read_text())


class TestGolden:
    def test_bytes_stay_what_they_are(self) -> None:
        # Formats are for ever: a difference here is a break with every pack that was ever given out.
        assert golden() == VECTORS

    def test_holds_an_event_that_is_in_its_log(self) -> None:
        log, event = VECTORS["log"], VECTORS["event"]
        head = open_checkpoint(log["checkpoint"].encode(), parse_verifier_key(log["vkey"]))
        proof = parse_proof(log["proof"].encode())
        leaf = bytes.fromhex(event["leaf"])
        assert merkle.verify_inclusion(leaf, event["index"], head.size, proof.hashes, head.root)
        assert parse_entry(event["entry"].encode()).payload_hash == event["hash"]

"""Writes `golden.json` beside this file: the formats of the chain, byte for byte, for any other implementation.

Run from the root of the repository: `python -m tests.vectors.chain.make`.
"""

from __future__ import annotations

import json
from pathlib import Path

from tanghulu.core import canonical
from tanghulu.core.chain import merkle, tiles
from tanghulu.core.chain.commitment import commit
from tanghulu.core.chain.encoding import to_base64
from tanghulu.core.chain.envelope import pae
from tanghulu.core.chain.policy import write_policy
from tests.support import stories
from tests.support.log_book import Files, stretch

GOLDEN = Path(__file__).resolve().parent / "golden.json"
VALUES = ["Wen", "断电", "", {"lat_e7": 312304000, "lng_e7": 1214737000}, [1, True, "\t"], "0" * 64]


def golden() -> dict[str, object]:
    """Every vector, from fixed labels."""
    story = stories.brief()
    book, taken = story.book, story.book.events(stories.RUN)[2]
    index = next(at for at in range(len(book.entries)) if book.event(at).hash == taken.hash)
    logged = book.logged(index, admitted=True)
    leaves = [f"entry {number}".encode() for number in range(300)]
    return {
        "canonical": [canonical.dumps(value).decode() for value in VALUES],
        "commitments": [_commitment(number, value) for number, value in enumerate(VALUES)],
        "device": {"pkcs8": to_base64(story.chen.key.pkcs8()), "spki": to_base64(story.chen.key.spki)}
        | {"device": story.chen.key.device},
        "event": {
            "payload": book.entries[index].payload.decode(),
            "hash": taken.hash,
            "signed_bytes": to_base64(pae(book.entries[index].payload_type, book.entries[index].payload)),
            "entry": logged.entry.decode(),
            "leaf": merkle.leaf_hash(logged.entry).hex(),
            "index": index,
        },
        "log": {
            "vkey": str(book.log_key.verifier),
            "checkpoint": book.checkpoint().decode(),
            "proof": logged.proof.decode(),
            "admission": (logged.admission or b"").decode(),
            "policy": write_policy([book.log_key.verifier]).decode(),
        },
        "tree": {
            "entries": "the ASCII bytes of `entry <number>`, from 0",
            "roots": {
                str(size): merkle.root_of(_leaves(leaves[:size])).hex() for size in (0, 1, 2, 3, 7, 256, 257, 300)
            },
            "files": sorted(tiles.grow(0, leaves, Files()).files),
            "inclusion": [one.hex() for one in merkle.inclusion_proof(256, 300, merkle.in_memory(_leaves(leaves)))],
            "consistency": [one.hex() for one in merkle.consistency_proof(257, 300, merkle.in_memory(_leaves(leaves)))],
        },
    }


def _commitment(number: int, value: canonical.Encodable) -> dict[str, object]:
    salt = stretch(f"golden salt {number}", 32)
    return {"value": value, "salt": to_base64(salt), "commitment": commit(value, salt)}


def _leaves(entries: list[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(entry) for entry in entries]


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), indent=1, ensure_ascii=False) + "\n")

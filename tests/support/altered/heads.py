"""Checkpoints and whole logs that are not the trusted ones."""

from __future__ import annotations

from tanghulu.core.chain import checkpoint, proof
from tests.support import stories, zips
from tests.support.altered.registry import altered, brief
from tests.support.log_book import LogBook
from tests.support.stories import RUN


@altered(1, INTEGRITY="checkpoint_signature_invalid")
def checkpoint_signed_by_a_foreign_key() -> bytes:
    members = brief()
    stranger = LogBook(seed="stranger ").log_key
    for name in [name for name in members if name.startswith("proofs/")]:
        old = proof.parse_proof(members[name])
        head, _ = checkpoint.parse_checkpoint(old.checkpoint)
        forged = checkpoint.sign_checkpoint(head.size, head.root, stranger)
        members[name] = proof.Proof(old.index, old.hashes, forged).encode()
    return zips.repack(members)


@altered(1, INTEGRITY="checkpoint_signature_invalid")
def checkpoint_altered() -> bytes:
    members = brief()
    for name in [name for name in members if name.startswith("proofs/")]:
        old = proof.parse_proof(members[name])
        members[name] = proof.Proof(old.index, old.hashes, old.checkpoint.replace(b"\n7\n", b"\n6\n")).encode()
    return zips.repack(members, size=6)


@altered(1, INTEGRITY="checkpoint_differs")
def checkpoint_of_one_proof_is_older() -> bytes:
    members = brief()
    story = stories.alone()
    older = story.book.parts(RUN).events[0].proof
    return zips.repack({**members, "proofs/000001.tlog-proof": older})


@altered(1, INTEGRITY="log_not_in_policy")
def pack_of_another_log() -> bytes:
    return stories.brief(LogBook(host="elsewhere.example")).pack()


@altered(1, INTEGRITY="checkpoint_signature_invalid", WHO="anchor_differs")
def log_made_up_under_the_same_name() -> bytes:
    """Everything is made anew by somebody with keys of their own: all of it fits together, and none is trusted."""
    return stories.brief(LogBook(seed="forger ")).pack()


@altered(1, WHO="anchor_missing")
def anchor_missing() -> bytes:
    members = brief()
    last = sum(name.startswith("keys/") for name in members)
    for number in range(1, last):
        members[f"keys/{number:06d}.dsse.json"] = members[f"keys/{number + 1:06d}.dsse.json"]
        members[f"proofs/k{number:06d}.tlog-proof"] = members[f"proofs/k{number + 1:06d}.tlog-proof"]
    del members[f"keys/{last:06d}.dsse.json"], members[f"proofs/k{last:06d}.tlog-proof"]
    return zips.repack(members, keys=last - 1)

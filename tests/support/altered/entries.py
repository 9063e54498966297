"""Envelopes, proofs and admissions that do not hold."""

from __future__ import annotations

from collections.abc import Callable

from tanghulu.core.chain import envelope, proof
from tanghulu.core.chain.admission import parse_admission, sign_admission
from tests.support import stories, zips
from tests.support.altered.registry import altered, brief, flip, resigned


@altered(1, INTEGRITY="signature_invalid")
def payload_altered() -> bytes:
    return zips.repack(resigned("events/000002.dsse.json", brief(), lambda value: value.update(mono_ms=1)))


@altered(1, INTEGRITY="payload_not_canonical")
def payload_not_canonical() -> bytes:
    members = brief()
    old = envelope.parse_entry(members["events/000002.dsse.json"])
    spaced = old.payload.replace(b'"v":1', b'"v": 1')
    members["events/000002.dsse.json"] = envelope.Envelope(spaced, old.payload_type, old.signatures).entry
    return zips.repack(members)


@altered(1, INTEGRITY="payload_malformed")
def payload_with_a_member_too_many() -> bytes:
    return zips.repack(resigned("events/000002.dsse.json", brief(), lambda value: value.update(approved=True)))


@altered(1, INTEGRITY="payload_not_canonical")
def payload_with_a_huge_number() -> bytes:
    return _with_payload(lambda payload: payload.replace(b'"v":1', b'"v":' + b"9" * 400))


@altered(1, INTEGRITY="payload_not_canonical")
def payload_nested_deeply() -> bytes:
    return _with_payload(lambda payload: payload.replace(b'"data":{}', b'"data":' + b"[" * 5_000 + b"]" * 5_000))


@altered(1, INTEGRITY="payload_not_canonical")
def payload_with_a_key_twice() -> bytes:
    return _with_payload(lambda payload: payload.replace(b'"v":1', b'"v":1,"v":1'))


def _with_payload(change: Callable[[bytes], bytes]) -> bytes:
    members = brief()
    name = "events/000002.dsse.json"
    old = envelope.parse_entry(members[name])
    assert change(old.payload) != old.payload
    members[name] = envelope.Envelope(change(old.payload), old.payload_type, old.signatures).entry
    return zips.repack(members)


@altered(1, INTEGRITY="envelope_malformed")
def envelope_spelled_differently() -> bytes:
    members = brief()
    name = "events/000002.dsse.json"
    return zips.repack({**members, name: members[name].replace(b'","payloadType"', b'", "payloadType"')})


@altered(1, INTEGRITY="envelope_malformed")
def envelope_without_signatures() -> bytes:
    members = brief()
    name = "events/000002.dsse.json"
    head, _, _ = members[name].partition(b'"signatures"')
    return zips.repack({**members, name: head + b'"signatures":[]}'})


@altered(1, INTEGRITY="envelope_malformed")
def envelope_too_long() -> bytes:
    return zips.repack({**brief(), "events/000002.dsse.json": b"{" * 70_000})


@altered(1, INTEGRITY="proof_malformed")
def proof_too_long() -> bytes:
    return zips.repack({**brief(), "proofs/000002.tlog-proof": b"c2sp.org/tlog-proof@v1\n" * 5_000})


@altered(1, INTEGRITY="admission_invalid")
def admission_too_long() -> bytes:
    return zips.repack({**brief(), "admissions/000002.dsse.json": b"{" * 70_000})


@altered(1, INTEGRITY="signature_invalid")
def signature_altered() -> bytes:
    members = brief()
    name = "events/000002.dsse.json"
    old = envelope.parse_entry(members[name])
    wrong = envelope.Signature(old.signatures[0].keyid, flip(old.signatures[0].sig))
    members[name] = envelope.Envelope(old.payload, old.payload_type, (wrong,)).entry
    return zips.repack(members)


@altered(1, INTEGRITY="proof_invalid")
def signature_made_anew() -> bytes:
    """The device's own key signs the same payload again, with the other s: valid, but not the entry of the log."""
    members = brief()
    name = "events/000002.dsse.json"
    old = envelope.parse_entry(members[name])
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    sig = old.signatures[0].sig
    other = sig[:32] + (order - int.from_bytes(sig[32:], "big")).to_bytes(32, "big")
    signature = envelope.Signature(old.signatures[0].keyid, other)
    members[name] = envelope.Envelope(old.payload, old.payload_type, (signature,)).entry
    return zips.repack(members)


@altered(1, INTEGRITY="proof_malformed")
def proof_hash_not_32_bytes() -> bytes:
    members = brief()
    name = "proofs/000002.tlog-proof"
    old = proof.parse_proof(members[name])
    members[name] = proof.Proof(old.index, (old.hashes[0] + old.hashes[1], *old.hashes[2:]), old.checkpoint).encode()
    return zips.repack(members)


@altered(1, INTEGRITY="proof_invalid")
def proof_of_another_index() -> bytes:
    members = brief()
    name = "proofs/000002.tlog-proof"
    old = proof.parse_proof(members[name])
    members[name] = proof.Proof(old.index ^ 1, old.hashes, old.checkpoint).encode()
    return zips.repack(members)


@altered(1, INTEGRITY="proof_invalid")
def proofs_exchanged() -> bytes:
    members = brief()
    one, two = "proofs/000002.tlog-proof", "proofs/000003.tlog-proof"
    members[one], members[two] = members[two], members[one]
    return zips.repack(members)


@altered(1, INTEGRITY="file_missing")
def proof_missing() -> bytes:
    members = brief()
    del members["proofs/000002.tlog-proof"]
    return zips.repack(members)


@altered(1, INTEGRITY="admission_invalid")
def admission_altered() -> bytes:
    members = brief()
    name = "admissions/000002.dsse.json"
    old = envelope.parse_entry(members[name], payload_type=envelope.ADMISSION_TYPE)
    payload = old.payload.replace(b'"accepted"', b'"revoked"')
    members[name] = envelope.Envelope(payload, old.payload_type, old.signatures).entry
    return zips.repack(members)


@altered(1, INTEGRITY="admission_invalid")
def admission_by_a_person() -> bytes:
    members, story = brief(), stories.brief()
    name = "admissions/000002.dsse.json"
    said = parse_admission(envelope.parse_entry(members[name], payload_type=envelope.ADMISSION_TYPE).payload)
    return zips.repack({**members, name: sign_admission(said, story.chen.key).entry})


@altered(1, INTEGRITY="admission_invalid")
def admission_of_another_event() -> bytes:
    members = brief()
    return zips.repack({**members, "admissions/000002.dsse.json": members["admissions/000001.dsse.json"]})


@altered(1, INTEGRITY="admission_missing")
def admission_missing() -> bytes:
    members = brief()
    del members["admissions/000002.dsse.json"]
    return zips.repack(members)

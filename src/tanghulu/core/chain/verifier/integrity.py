"""INTEGRITY: nothing in the pack was changed since it was logged. Steps are numbered as in docs/formats/pack.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tanghulu.core.chain import pack_format
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.merkle import leaf_hash, verify_inclusion
from tanghulu.core.chain.note import verify_note
from tanghulu.core.chain.policy import Policy
from tanghulu.core.chain.verifier.contents import Contents, Record, template_hash
from tanghulu.core.chain.verifier.photos import check_photos
from tanghulu.core.chain.verifier.report import Reason, fails, note
from tanghulu.core.errors import Invalid

FOUNDATIONS: Final = frozenset(
    {
        "envelope_malformed",
        "payload_malformed",
        "payload_not_canonical",
        "payload_too_large",
        "signature_invalid",
        "signature_unknown_key",
        "proof_malformed",
        "proof_invalid",
        "checkpoint_malformed",
        "checkpoint_differs",
        "checkpoint_signature_invalid",
        "log_not_in_policy",
    }
)
"""Failures of steps 2 to 5: what an event says, who signed it and where it stands in the log is then unknown."""


def check_integrity(contents: Contents, policy: Policy | None) -> Iterator[Reason]:
    """The reasons for and against INTEGRITY."""
    yield from _files(contents)  # 1
    for record in contents.all_records:
        yield from _form(record)  # 2
        yield from _signatures(contents, record)  # 3
        yield from _inclusion(contents, record)  # 4
    yield from _checkpoint(contents, policy)  # 5
    yield from _openings(contents)  # 6
    yield from check_photos(contents)  # 6
    yield from _template(contents)  # 7
    yield from _belonging(contents)  # 7
    yield from _admissions(contents)  # 8


def _files(contents: Contents) -> Iterator[Reason]:
    """Every file matches the manifest, and every file is in it."""
    manifest, files = contents.pack.manifest, contents.pack.files
    required = _required(contents)
    admissions = {record.admission_name for record in contents.events}
    for name in sorted({*manifest.files, *required}):
        if name not in files:
            yield fails("file_missing", name)
        elif name in manifest.files and files[name] != manifest.files[name]:
            yield fails("file_altered", name)
    for name in files:
        # A record beyond the numbers of the manifest would be shown by nobody and checked by nobody.
        beyond = pack_format.is_record(name) and name not in required and name not in admissions
        if name not in manifest.files or beyond:
            yield fails("file_unlisted", name)


def _required(contents: Contents) -> set[str]:
    records = {name for record in contents.all_records for name in (record.name, record.proof_name)}
    return {*records, pack_format.OPENINGS}


def _form(record: Record) -> Iterator[Reason]:
    """Every envelope is well-formed and canonical, its payload too."""
    if record.fault is not None:
        yield fails(record.fault, record.name)


def _signatures(contents: Contents, record: Record) -> Iterator[Reason]:
    """Every signature verifies under the key whose hash is its keyid, taken from `keys/`."""
    if record.envelope is None:
        return
    signed = record.envelope.signed_bytes
    for one in record.envelope.signatures:
        key = contents.keys.get(one.keyid)
        if key is None:
            yield fails("signature_unknown_key", record.name)
        elif not key.verifies(one.sig, signed):
            yield fails("signature_invalid", record.name)


def _inclusion(contents: Contents, record: Record) -> Iterator[Reason]:
    """Every envelope is the leaf at its proof's index, under the one checkpoint."""
    proof, checkpoint = record.proof, contents.checkpoint
    if proof is None:
        # One that is not there proves as little as one that cannot be read.
        yield fails("proof_malformed", record.proof_name)
        return
    if proof.checkpoint != contents.checkpoint_raw:
        yield fails("checkpoint_differs", record.proof_name)
    if record.raw is None or checkpoint is None:
        return
    leaf = leaf_hash(record.raw)
    if not verify_inclusion(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        yield fails("proof_invalid", record.proof_name)


def _checkpoint(contents: Contents, policy: Policy | None) -> Iterator[Reason]:
    """The checkpoint is signed by the log: by a key of the policy, or else by the key that the pack itself names."""
    checkpoint, signed, manifest = contents.checkpoint, contents.note, contents.pack.manifest
    if checkpoint is None or signed is None:
        yield fails("checkpoint_malformed", pack_format.event_proof_name(1))
        return
    if (checkpoint.origin, checkpoint.size) != (manifest.origin, manifest.size):
        yield fails("checkpoint_differs", pack_format.MANIFEST)
    if checkpoint.origin.rpartition("/")[2] != manifest.tenant:
        yield fails("event_foreign", pack_format.MANIFEST)
    if policy is not None:
        keys = policy.log_of(checkpoint.origin)
        if not keys:
            yield fails("log_not_in_policy", checkpoint.origin)
            return
    else:
        yield note("log_key_from_pack", checkpoint.origin)
        keys = (contents.anchor.log_key,) if contents.anchor is not None else ()
    try:
        verify_note(signed, keys)
    except Invalid:
        yield fails("checkpoint_signature_invalid", checkpoint.origin)


def _openings(contents: Contents) -> Iterator[Reason]:
    """Every opening opens a commitment of this pack."""
    for about in contents.faulty_openings:
        yield fails("opening_invalid", about)
    known: set[str] = set()
    for record in contents.all_records:
        if record.event is not None:
            known.update(record.event.commitments.values(), (photo.commitment for photo in record.event.photos))
    for commitment in contents.openings:
        if commitment not in known:
            yield fails("opening_foreign", commitment)


def _template(contents: Contents) -> Iterator[Reason]:
    """`template.json` has the hash in `run.opened`."""
    found = template_hash(contents.pack)
    if found is None:
        yield fails("template_missing", pack_format.TEMPLATE)
        return
    if any(event.data["version"] != found for event in contents.openings_of_run):
        yield fails("template_altered", pack_format.TEMPLATE)


def _belonging(contents: Contents) -> Iterator[Reason]:
    """All events carry the tenant and run of the manifest; enrolments its tenant."""
    manifest = contents.pack.manifest
    for record, event in contents.readable:
        if (event.tenant, event.run) != (manifest.tenant, manifest.run):
            yield fails("event_foreign", record.name)
    for record in contents.enrolments:
        if record.event is not None and (record.event.tenant, record.event.run) != (manifest.tenant, None):
            yield fails("event_foreign", record.name)


def _admissions(contents: Contents) -> Iterator[Reason]:
    """Every event's admission is signed by the server key and names its payload hash and index."""
    for record in contents.events:
        name = record.admission_name or ""
        if name not in contents.pack.files:
            yield fails("admission_missing", name)
        elif record.event is not None and not _is_admitted(contents, record, record.event):
            yield fails("admission_invalid", name)


def _is_admitted(contents: Contents, record: Record, event: Event) -> bool:
    said, envelope, anchor = record.admitted, record.admission, contents.anchor
    if said is None or envelope is None or anchor is None:
        return False
    named = (said.tenant, said.device, said.dseq, said.payload, said.index)
    if named != (event.tenant, event.device, event.dseq, event.hash, record.index):
        return False
    # One signature, and nobody's but the server's.
    return len(envelope.signatures) == 1 and envelope.signed_by(anchor.server)

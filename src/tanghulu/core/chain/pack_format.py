"""What a pack holds: the names of its members, their limits, and the manifest (docs/formats/pack.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tanghulu.core import canonical
from tanghulu.core.chain.encoding import is_hash, is_ref
from tanghulu.core.errors import Invalid

VERSION: Final = 1
FORMAT: Final = "tanghulu-pack"

MANIFEST: Final = "manifest.json"
OPENINGS: Final = "openings.json"
TEMPLATE: Final = "template.json"
REPORT_PAGE: Final = "report.html"
VERIFIER_PAGE: Final = "verify.html"

MIB: Final = 1_048_576
MAX_FILES: Final = 400_000
MAX_EVENTS: Final = 100_000
"""The most events, and the most keys."""
MAX_FILE_BYTES: Final = 64 * MIB
MAX_PACK_BYTES: Final = 8_192 * MIB
MAX_RATIO: Final = 200
RATIO_COUNTS_ABOVE: Final = MIB
MAX_RECORD_BYTES: Final = 65_535
"""The longest envelope or proof that is looked into."""

MAX_DOCUMENT_BYTES: Final = {MANIFEST: 64 * MIB, OPENINGS: 64 * MIB, TEMPLATE: MIB}
MAX_DOCUMENTS_BYTES: Final = 512 * MIB
"""All members together that are looked into, and so are held in memory."""

_NAME = re.compile(r"[a-z0-9._-]+(?:/[a-z0-9._-]+)*")
_MEMBERS = {"v", "format", "tenant", "run", "origin", "size", "events", "keys", "files"}
_TENANT = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True, slots=True)
class FileDigest:
    """SHA-256 (hex) and size in bytes of a member."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the pack says about itself. `size` is that of the checkpoint, `events` and `keys` are numbers of files."""

    tenant: str
    run: str
    origin: str
    size: int
    events: int
    keys: int
    files: Mapping[str, FileDigest]

    def encode(self) -> bytes:
        """The bytes of `manifest.json`."""
        value: dict[str, canonical.Encodable] = {
            "v": VERSION,
            "format": FORMAT,
            "tenant": self.tenant,
            "run": self.run,
            "origin": self.origin,
            "size": self.size,
            "events": self.events,
            "keys": self.keys,
            "files": {name: {"sha256": one.sha256, "size": one.size} for name, one in self.files.items()},
        }
        return canonical.dumps(value, limit=MAX_DOCUMENT_BYTES[MANIFEST])


def event_name(number: int) -> str:
    """The member that holds the run's event of that number, from 1."""
    return f"events/{number:06d}.dsse.json"


def key_name(number: int) -> str:
    """The member that holds the enrolment entry of that number, from 1."""
    return f"keys/{number:06d}.dsse.json"


def event_proof_name(number: int) -> str:
    """The member that proves the event of that number."""
    return f"proofs/{number:06d}.tlog-proof"


def key_proof_name(number: int) -> str:
    """The member that proves the enrolment entry of that number."""
    return f"proofs/k{number:06d}.tlog-proof"


def admission_name(number: int) -> str:
    """The member that holds the admission of the event of that number."""
    return f"admissions/{number:06d}.dsse.json"


def photo_name(sha256: str, extension: str) -> str:
    """The member that holds a photo's original bytes."""
    return f"photos/{sha256}.{extension}"


def is_member_name(name: str) -> bool:
    """Whether a pack may have a member of this name."""
    return _NAME.fullmatch(name) is not None and ".." not in name


def is_record(name: str) -> bool:
    """Whether the member is an envelope or a proof."""
    return name.startswith(("events/", "keys/", "proofs/", "admissions/"))


def parse_manifest(raw: bytes) -> Manifest:
    """Read `manifest.json`.

    Raises:
        Invalid: `pack_bad_json`, `pack_unknown_version`, `pack_bad_manifest`.
    """
    value = parse_document(MANIFEST, raw)
    if not isinstance(value, dict):
        raise Invalid("pack_bad_manifest", name=MANIFEST)
    version = value.get("v")
    if isinstance(version, int) and version is not True and version != VERSION:
        raise Invalid("pack_unknown_version", name=MANIFEST)
    member: Mapping[str, Any] = value
    if value.keys() != _MEMBERS or not _is_well_formed(member):
        raise Invalid("pack_bad_manifest", name=MANIFEST)
    files = {name: FileDigest(one["sha256"], one["size"]) for name, one in member["files"].items()}
    return Manifest(
        tenant=member["tenant"],
        run=member["run"],
        origin=member["origin"],
        size=member["size"],
        events=member["events"],
        keys=member["keys"],
        files=files,
    )


def parse_document(name: str, raw: bytes) -> canonical.Value:
    """The value of one of the pack's own JSON documents.

    Raises:
        Invalid: `pack_bad_json` with the name and the reason.
    """
    try:
        return canonical.loads(raw, limit=MAX_DOCUMENT_BYTES[name])
    except canonical.CanonicalError as error:
        raise Invalid("pack_bad_json", name=name, reason=error.code) from None


def _is_well_formed(value: Mapping[str, Any]) -> bool:
    return (
        value["v"] == VERSION
        and value["v"] is not True
        and value["format"] == FORMAT
        and isinstance(value["tenant"], str)
        and _TENANT.fullmatch(value["tenant"]) is not None
        and is_ref(value["run"])
        and isinstance(value["origin"], str)
        and _is_count(value["size"])
        and all(_is_count(value[name]) and value[name] <= MAX_EVENTS for name in ("events", "keys"))
        and isinstance(value["files"], dict)
        and MANIFEST not in value["files"]
        and all(map(_is_digest, value["files"].values()))
    )


def _is_digest(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"sha256", "size"}
        and is_hash(value["sha256"])
        and _is_count(value["size"])
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0

"""Policies: whom a verifier trusts (C2SP tlog-policy), from the verifier's own file, never from a pack.

log <vkey> [<url>]
witness <name> <vkey> [<url>]
group <name> <all|any|k> <name>...
quorum <name|none>

Comment lines that other readers pass over: `# tanghulu founder <device>` pins a founder's device, and
`# tanghulu require when` asks for times.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tanghulu.core.chain.encoding import is_hash
from tanghulu.core.chain.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_ML_DSA_44,
    ED25519,
    VerifierKey,
    parse_verifier_key,
)
from tanghulu.core.errors import Invalid

NO_QUORUM: Final = "none"
MAX_BYTES: Final = 1_048_576

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS = re.compile(r"[ \t]+")
_REQUIRE_WHEN = re.compile(r"#[ \t]*tanghulu require when(?:[ \t]|$)")
_FOUNDER = re.compile(r"#[ \t]*tanghulu founder(?:[ \t]+(.*))?")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,4}")
_LOG_KINDS = (ED25519,)
_WITNESS_KINDS = (COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44)


@dataclass(frozen=True, slots=True)
class Group:
    """A group has witnessed when at least `threshold` of its members have."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The logs and witnesses that a verifier trusts, and which witnesses must have cosigned.

    `founders` are the only devices that the server may have vouched for; when empty, it may for any founder's.
    """

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str
    requires_when: bool = False
    founders: frozenset[str] = frozenset()

    def log_of(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys of the log of that origin."""
        return tuple(key for key in self.logs if key.name == origin)

    def satisfied_by(self, cosigners: Collection[str]) -> bool:
        """Whether the quorum is reached when the witnesses named have cosigned."""
        return self.quorum == NO_QUORUM or self._witnessed(self.quorum, cosigners)

    def _witnessed(self, name: str, cosigners: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigners
        return sum(self._witnessed(member, cosigners) for member in group.members) >= group.threshold


def parse_policy(raw: bytes) -> Policy:
    """Read a policy file.

    Raises:
        Invalid: `policy_malformed` with the number of the `line` at fault, from 1; 0 when a line is missing.
    """
    # Octets beyond ASCII are opaque to the format: Latin-1 keeps each as one character.
    text = raw.decode("latin-1") if len(raw) <= MAX_BYTES else "\x00"
    draft = _Draft()
    for number, line in enumerate(text.split("\n"), start=1):
        words = _BLANKS.split(line.strip(" \t"))
        if _FORBIDDEN.search(line) or not draft.take(words, line.strip(" \t")):
            raise Invalid("policy_malformed", line=number)
    if draft.quorum is None:
        raise Invalid("policy_malformed", line=0)
    return Policy(
        logs=tuple(draft.logs),
        witnesses=draft.witnesses,
        groups=draft.groups,
        quorum=draft.quorum,
        requires_when=draft.requires_when,
        founders=frozenset(draft.founders),
    )


def write_policy(logs: Collection[VerifierKey], *, comment: str = "", founders: Iterable[str] = ()) -> bytes:
    """A policy that trusts these logs, pins these founders' devices, and asks for no witness.

    `comment` becomes comment lines before it.
    """
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += [f"log {key}" for key in logs]
    lines += [f"# tanghulu founder {device}" for device in sorted(set(founders))]
    return "".join(f"{line}\n" for line in (*lines, f"quorum {NO_QUORUM}")).encode()


@dataclass(slots=True)
class _Draft:
    """What the lines up to here have defined."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    quorum: str | None = None
    requires_when: bool = False
    founders: set[str] = field(default_factory=set)

    def take(self, words: list[str], line: str) -> bool:
        """Take one line; False when it is not of the format."""
        if line.startswith("#"):
            return self._comment(line)
        match words:
            case [""]:
                return True
            case ["log", vkey] | ["log", vkey, _]:
                return self._log(vkey)
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                return self._witness(name, vkey)
            case ["group", name, threshold, *members]:
                return self._group(name, threshold, members)
            case ["quorum", name] if self.quorum is None and (name == NO_QUORUM or self._defined(name)):
                self.quorum = name
                return True
            case _:
                return False

    def _comment(self, line: str) -> bool:
        """A pin that names no device is refused: passed over, it would pin nobody."""
        self.requires_when = self.requires_when or _REQUIRE_WHEN.match(line) is not None
        pin = _FOUNDER.fullmatch(line)
        if pin is None:
            return True
        self.founders.add(pin[1] or "")
        return is_hash(pin[1])

    def _log(self, vkey: str) -> bool:
        key = _key(vkey, _LOG_KINDS)
        if key is None or any(key.public == other.public for other in self.logs):
            return False
        self.logs.append(key)
        return True

    def _witness(self, name: str, vkey: str) -> bool:
        key = _key(vkey, _WITNESS_KINDS)
        known = any(key.public == other.public for other in self.witnesses.values()) if key else True
        if key is None or known or name == NO_QUORUM or self._defined(name):
            return False
        self.witnesses[name] = key
        return True

    def _group(self, name: str, threshold: str, members: list[str]) -> bool:
        needed = {"any": 1, "all": len(members)}.get(threshold)
        if needed is None and _THRESHOLD.fullmatch(threshold):
            needed = int(threshold)
        free = len(set(members)) == len(members) and not self.members.intersection(members)
        if name == NO_QUORUM or self._defined(name) or not free or not all(map(self._defined, members)):
            return False
        if needed is None or not 1 <= needed <= len(members):
            return False
        self.members.update(members)
        self.groups[name] = Group(needed, tuple(members))
        return True

    def _defined(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups


def _key(vkey: str, kinds: tuple[int, ...]) -> VerifierKey | None:
    try:
        key = parse_verifier_key(vkey.encode("latin-1").decode())
    except (UnicodeDecodeError, Invalid):
        return None
    return key if key.kind in kinds else None

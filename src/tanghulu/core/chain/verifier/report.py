"""What a verification says: six claims, each with a verdict and its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tanghulu.core import canonical
from tanghulu.core.chain.verifier.sentences import Language, sentence

VERSION: Final = 1
MAX_REASONS: Final = 50

EXIT_PROVEN: Final = 0
EXIT_FAILED: Final = 1
EXIT_UNREADABLE: Final = 2
EXIT_NOT_PROVEN: Final = 3


class Claim(StrEnum):
    """The six claims, in the order in which they are reported."""

    INTEGRITY = "INTEGRITY"
    ORDER = "ORDER"
    COMPLETENESS = "COMPLETENESS"
    WHO = "WHO"
    WHEN = "WHEN"
    UNIQUE = "UNIQUE"


class Verdict(StrEnum):
    """What can be said about a claim."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    FAIL = "FAIL"
    NOT_PROVEN = "NOT PROVEN"


class Kind(StrEnum):
    """What a reason does to its claim; a note does nothing."""

    FAIL = "fail"
    NOT_PROVEN = "not_proven"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim stands as it does: a code that stays for ever, and the file, event or device it is about."""

    kind: Kind
    code: str
    about: str = ""


def fails(code: str, about: str = "") -> Reason:
    """A reason that makes its claim FAIL."""
    return Reason(Kind.FAIL, code, about)


def unproven(code: str, about: str = "") -> Reason:
    """A reason that keeps its claim from PASS."""
    return Reason(Kind.NOT_PROVEN, code, about)


def note(code: str, about: str = "") -> Reason:
    """A reason that is worth knowing and changes nothing."""
    return Reason(Kind.NOTE, code, about)


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim with all its reasons, the gravest first, and whether the verifier's policy asks for it."""

    claim: Claim
    asked: bool
    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> Verdict:
        """FAIL with one failure, NOT PROVEN with one gap, PASS otherwise."""
        kinds = {reason.kind for reason in self.reasons}
        if Kind.FAIL in kinds:
            return Verdict.FAIL
        return Verdict.NOT_PROVEN if Kind.NOT_PROVEN in kinds else Verdict.PASS

    def has(self, code: str) -> bool:
        """Whether a reason with this code is there."""
        return any(reason.code == code for reason in self.reasons)


def finding(claim: Claim, reasons: Iterable[Reason], *, asked: bool) -> Finding:
    """Gather the reasons of a claim: failures, then gaps, then notes, each in the order found, none twice."""
    order = list(Kind)
    return Finding(claim, asked, tuple(sorted(dict.fromkeys(reasons), key=lambda reason: order.index(reason.kind))))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose device signed an event: ref, name where the pack discloses it, how the key is held, device."""

    ref: str
    name: str | None
    assurance: str
    device: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome for a pack that could be read."""

    findings: Mapping[Claim, Finding]
    run: str
    tenant: str
    origin: str
    size: int
    events: int
    photos: int
    people: tuple[Person, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """0 when nothing fails and all that was asked for is proven, 1 when something fails, else 3."""
        verdicts = [(one.verdict, one.asked) for one in self.findings.values()]
        if any(verdict is Verdict.FAIL for verdict, _ in verdicts):
            return EXIT_FAILED
        proven = all(verdict is Verdict.PASS for verdict, asked in verdicts if asked)
        return EXIT_PROVEN if proven else EXIT_NOT_PROVEN

    def as_json(self, language: Language) -> dict[str, canonical.Encodable]:
        """The JSON report (docs/formats/pack.md); the sentences are in `language`."""
        return {
            "v": VERSION,
            "exit": self.exit_code,
            "claims": {one.claim.value: _finding_json(one, language) for one in self.findings.values()},
            "run": self.run,
            "tenant": self.tenant,
            "origin": self.origin,
            "size": self.size,
            "events": self.events,
            "photos": self.photos,
            "people": [_person_json(one) for one in self.people],
        }


def unreadable_json(code: str, about: str, language: Language) -> dict[str, canonical.Encodable]:
    """The JSON report for a pack or a policy that could not be read."""
    return {
        "v": VERSION,
        "exit": EXIT_UNREADABLE,
        "code": code,
        "about": about,
        "text": sentence(code, about, language),
    }


def _finding_json(one: Finding, language: Language) -> dict[str, canonical.Encodable]:
    reasons: list[dict[str, canonical.Encodable]] = [
        {
            "kind": reason.kind.value,
            "code": reason.code,
            "about": reason.about,
            "text": sentence(reason.code, reason.about, language),
        }
        for reason in one.reasons[:MAX_REASONS]
    ]
    more = len(one.reasons) - len(reasons)
    counted: dict[str, canonical.Encodable] = {"more": more} if more else {}
    return {"verdict": one.verdict.value, "asked": one.asked, "reasons": reasons, **counted}


def _person_json(one: Person) -> dict[str, canonical.Encodable]:
    named: dict[str, canonical.Encodable] = {} if one.name is None else {"name": one.name}
    return {"ref": one.ref, **named, "assurance": one.assurance, "device": one.device}

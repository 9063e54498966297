"""Verifies an evidence pack: reads it safely, then judges six claims, none of which hides another."""

from __future__ import annotations

from collections.abc import Iterable

from tanghulu.core.chain.pack_reader import read_pack
from tanghulu.core.chain.policy import NO_QUORUM, Policy
from tanghulu.core.chain.verifier.completeness import check_completeness
from tanghulu.core.chain.verifier.contents import Contents, read_contents
from tanghulu.core.chain.verifier.integrity import FOUNDATIONS, check_integrity
from tanghulu.core.chain.verifier.order import check_order
from tanghulu.core.chain.verifier.outside import check_unique, check_when
from tanghulu.core.chain.verifier.report import Claim, Finding, Kind, Reason, Report, finding, unproven
from tanghulu.core.chain.verifier.who import check_who, people_of


def verify_pack(pack: bytes | memoryview, policy: Policy | None = None) -> Report:
    """Verify a pack, given as bytes or as a view of a mapped file, against the verifier's own policy.

    Raises:
        Invalid: with one of the codes of `read_pack`: nothing was read that could be judged.
    """
    contents = read_contents(read_pack(pack))
    integrity = finding(Claim.INTEGRITY, check_integrity(contents, policy), asked=True)
    shaken = any(one.kind is Kind.FAIL and one.code in FOUNDATIONS for one in integrity.reasons)
    findings = [
        integrity,
        _resting(Claim.ORDER, check_order(contents), asked=True, shaken=shaken),
        _resting(Claim.COMPLETENESS, check_completeness(contents), asked=True, shaken=shaken),
        _resting(Claim.WHO, check_who(contents, policy), asked=True, shaken=shaken),
        finding(Claim.WHEN, check_when(), asked=policy is not None and policy.requires_when),
        finding(Claim.UNIQUE, check_unique(), asked=policy is not None and policy.quorum != NO_QUORUM),
    ]
    return _report(contents, findings)


def _resting(claim: Claim, reasons: Iterable[Reason], *, asked: bool, shaken: bool) -> Finding:
    """A claim about signed and logged events, which cannot be proven where signatures or the log fail."""
    foundation = [unproven("integrity_failed")] if shaken else []
    return finding(claim, [*reasons, *foundation], asked=asked)


def _report(contents: Contents, findings: Iterable[Finding]) -> Report:
    manifest = contents.pack.manifest
    return Report(
        findings={one.claim: one for one in findings},
        run=manifest.run,
        tenant=manifest.tenant,
        origin=manifest.origin,
        size=manifest.size,
        events=manifest.events,
        photos=len(contents.photos),
        people=people_of(contents),
    )

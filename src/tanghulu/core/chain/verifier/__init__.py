"""The verifier of evidence packs: `verify_pack`, its report and its sentences."""

from tanghulu.core.chain.verifier.report import Claim, Finding, Kind, Person, Reason, Report, Verdict
from tanghulu.core.chain.verifier.verify import verify_pack

__all__ = ["Claim", "Finding", "Kind", "Person", "Reason", "Report", "Verdict", "verify_pack"]

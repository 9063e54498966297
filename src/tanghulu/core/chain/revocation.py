"""How a key ends, and who may end it (docs/formats/enrolment.md). Pure rules over parsed events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tanghulu.core.chain.enrolment import Anchor, Enrolment
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Revocation:
    """What `device.revoked` says: `device` is the one whose key ends, `signer` the device that signed it.

    `event` is its payload hash, `index` the entry's number in the log, None while it has none.
    """

    device: str
    signer: str
    actor: str
    why: str
    event: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The keys that are good no more, each with the number of the entry that ended it, and revocations that do nothing.

    What has a higher number than that entry and is signed by the key comes from nobody who can be named.
    """

    since: Mapping[str, int]
    refused: Sequence[tuple[Revocation, str]]

    def is_over(self, device: str, index: int | None) -> bool:
        """Whether the device's key had ended before that entry; what has no number yet comes after all that have."""
        since = self.since.get(device)
        return since is not None and (index is None or since < index)


def revocation_of(event: Event, index: int | None = None) -> Revocation:
    """Read `device.revoked`; signatures are for the caller to verify.

    Raises:
        Invalid: `revocation_malformed` when it is another event.
    """
    if event.kind is not EventType.DEVICE_REVOKED:
        raise Invalid("revocation_malformed")
    data = event.data
    return Revocation(str(data["device"]), event.device, event.actor, str(data["why"]), event.hash, index)


def revocation_refusal(
    revocation: Revocation, *, anchor: Anchor, enrolled: Mapping[str, Enrolment], since: Mapping[str, int]
) -> str | None:
    """Why this revocation does nothing; None when it holds.

    `since` names the keys that have ended before it. Codes: `revoked_unknown`, `revoker_unknown`, `revoker_may_not`,
    `revoker_revoked`.
    """
    ended, signer = enrolled.get(revocation.device), enrolled.get(revocation.signer)
    if revocation.device == anchor.server.device or not _is_before(ended, revocation):
        return "revoked_unknown"
    if signer is None or signer.actor != revocation.actor or not _is_before(signer, revocation):
        return "revoker_unknown"
    if not signer.may_enrol:
        return "revoker_may_not"
    return "revoker_revoked" if revocation.signer in since else None


def ended_keys(revocations: Iterable[Revocation], *, anchor: Anchor, enrolled: Mapping[str, Enrolment]) -> Ended:
    """The keys that these revocations end, taken in the order of the log; of several for a key the first counts."""
    since: dict[str, int] = {}
    refused: list[tuple[Revocation, str]] = []
    placed = [(one.index, one) for one in revocations if one.index is not None]
    for index, one in sorted(placed, key=lambda pair: pair[0]):
        refusal = revocation_refusal(one, anchor=anchor, enrolled=enrolled, since=since)
        if refusal is not None:
            refused.append((one, refusal))
        else:
            since.setdefault(one.device, index)
    return Ended(since, refused)


def _is_before(enrolment: Enrolment | None, revocation: Revocation) -> bool:
    """Whether the enrolment has an entry before the revocation's; what has no number yet comes after all that have."""
    if enrolment is None or enrolment.index is None:
        return False
    return revocation.index is None or enrolment.index < revocation.index

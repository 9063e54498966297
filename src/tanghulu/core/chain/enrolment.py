"""How a key enters the log, and who may vouch for it (docs/formats/enrolment.md). Pure rules over parsed events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanghulu.core.chain.encoding import from_base64, to_base64
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import SERVER, EventType
from tanghulu.core.chain.keys import PublicKey, public_key
from tanghulu.core.chain.note import VerifierKey, parse_verifier_key
from tanghulu.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Anchor:
    """What `log.opened` says: the log's origin and key, the server's key, and the founders' refs."""

    origin: str
    log_key: VerifierKey
    server: PublicKey
    founders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What `device.enrolled` says: whose device it is and whether it may countersign others.

    `index` is the entry's number in the log, None while it has none. `countersigners` are the devices whose signatures
    follow the device's own.
    """

    device: str
    actor: str
    key: PublicKey
    may_enrol: bool
    countersigners: tuple[str, ...]
    index: int | None = None


def anchor_data(
    *, origin: str, log_key: VerifierKey, server_spki: bytes, founders: Iterable[str]
) -> dict[str, str | list[str]]:
    """The `data` of `log.opened`."""
    return {
        "origin": origin,
        "log_key": str(log_key),
        "server_key": to_base64(server_spki),
        "founders": sorted(set(founders)),
    }


def enrolment_data(*, spki: bytes, may_enrol: bool) -> dict[str, str | bool]:
    """The `data` of `device.enrolled`."""
    return {"spki": to_base64(spki), "may_enrol": may_enrol}


def anchor_of(event: Event) -> Anchor:
    """Read `log.opened`; signatures are for the caller to verify.

    Raises:
        Invalid: `anchor_malformed` when it is another event, names keys that are none, is not signed by the server key
            that it names, or its origin is not that of its log key or does not end in the tenant.
    """
    member: Mapping[str, Any] = event.data
    if event.kind is not EventType.LOG_OPENED or event.actor != SERVER or event.dseq != 1:
        raise Invalid("anchor_malformed")
    try:
        log_key = parse_verifier_key(member["log_key"])
        server = public_key(from_base64(member["server_key"]) or b"")
    except Invalid:
        raise Invalid("anchor_malformed") from None
    origin: str = member["origin"]
    if server.device != event.device or log_key.name != origin or origin.rpartition("/")[2] != event.tenant:
        raise Invalid("anchor_malformed")
    return Anchor(origin, log_key, server, frozenset(member["founders"]))


def enrolment_of(event: Event, keyids: Iterable[str], index: int | None = None) -> Enrolment:
    """Read `device.enrolled` with the keyids of its envelope's signatures; the signatures are for the caller to verify.

    Raises:
        Invalid: `enrolment_malformed` when it is another event, not the device's first, of the server, or its key is
            not the device's.
    """
    member: Mapping[str, Any] = event.data
    if event.kind is not EventType.DEVICE_ENROLLED or event.actor == SERVER or event.dseq != 1:
        raise Invalid("enrolment_malformed")
    try:
        key = public_key(from_base64(member["spki"]) or b"")
    except Invalid:
        raise Invalid("enrolment_malformed") from None
    if key.device != event.device:
        raise Invalid("enrolment_malformed")
    others = tuple(keyid for keyid in keyids if keyid != event.device)
    return Enrolment(event.device, event.actor, key, member["may_enrol"], others, index)


def countersigning_refusal(
    enrolment: Enrolment,
    countersigner: str,
    *,
    anchor: Anchor,
    enrolled: Mapping[str, Enrolment],
    ended: Mapping[str, int] | None = None,
) -> str | None:
    """Why the device `countersigner` may not vouch for `enrolment`; None when it may.

    `enrolled` holds the devices in the log (or in the pack) by id, `ended` the entries that ended the keys of some of
    them. Codes: `countersigner_unknown`, `countersigner_not_before`, `countersigner_revoked`,
    `countersigner_same_person`, `countersigner_may_not_enrol`, `founder_unknown`, `founder_has_device`.
    """
    if countersigner == anchor.server.device:
        return _founder_refusal(enrolment, anchor, enrolled)
    voucher = enrolled.get(countersigner)
    if voucher is None or countersigner == enrolment.device:
        return "countersigner_unknown"
    if not _is_before(voucher, enrolment):
        return "countersigner_not_before"
    since = (ended or {}).get(countersigner)
    if since is not None and (enrolment.index is None or since < enrolment.index):
        return "countersigner_revoked"
    if voucher.actor == enrolment.actor:
        return "countersigner_same_person"
    return None if voucher.may_enrol else "countersigner_may_not_enrol"


def _founder_refusal(enrolment: Enrolment, anchor: Anchor, enrolled: Mapping[str, Enrolment]) -> str | None:
    if enrolment.actor not in anchor.founders:
        return "founder_unknown"
    # The server vouches for a founder once; a second device needs a person.
    others = (one for one in enrolled.values() if one.actor == enrolment.actor and one.device != enrolment.device)
    return "founder_has_device" if any(_is_before(one, enrolment) for one in others) else None


def _is_before(earlier: Enrolment, later: Enrolment) -> bool:
    """Whether one entry comes before another in the log; what has no number yet comes after all that have."""
    return earlier.index is not None and (later.index is None or earlier.index < later.index)

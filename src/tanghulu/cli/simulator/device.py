"""A signing client: what a phone is to the server, without its screen."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tanghulu.cli.simulator.wire import Wire
from tanghulu.core import canonical
from tanghulu.core.chain import commitment, envelope, event, keys

_API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Signed:
    """An event as it will be sent, now or again: the envelope, and the openings of its commitments."""

    envelope: dict[str, Any]
    openings: tuple[dict[str, Any], ...]
    payload_hash: str

    @property
    def item(self) -> dict[str, Any]:
        """Its place in the body of `POST /events`."""
        return {"envelope": self.envelope, "openings": list(self.openings)}


@dataclass(slots=True)
class _Chain:
    """What the device knows of one run."""

    rseq: int = 0
    heads: list[str] = field(default_factory=list)


class Device:
    """A key, its counters, and the acts signed with it. Not safe for several threads."""

    def __init__(self, address: str, *, key: keys.SigningKey | None = None) -> None:
        self.wire = Wire(address)
        self.key = key or keys.signing_key(os.urandom(keys.SECRET_BYTES))
        self.tenant = ""
        self.member = ""
        self.name = ""
        self.beacon: dict[str, Any] | None = None
        self._dseq = 0
        self._previous = ""
        self._chains: dict[str, _Chain] = {}
        self._boot = secrets.token_hex(16)
        self._began = time.monotonic()
        self._ticket = ""

    # --- enrolment ----------------------------------------------------------------------------------------------------

    def ask_in(self, code: str, *, label: str) -> str:
        """Use a one-time code: sign `device.enrolled` and send it. Returns `pending` or `enrolled`."""
        about = self.wire.send("POST", f"{_API}/enrolments/begin", {"code": code}).good().json
        self.tenant, self.member, self.name = about["tenant"], about["member"], about["name"]
        data = {"spki": base64.b64encode(self.key.spki).decode(), "may_enrol": about["may_enrol"]}
        signed = self.sign("device.enrolled", data=data, facts={"name": self.name, "label": label})
        body = {"code": code, "envelope": signed.envelope, "openings": list(signed.openings)}
        answer = self.wire.send("POST", f"{_API}/enrolments", body).good().json
        self._ticket = answer["ticket"]
        return str(answer["status"])

    def come_in(self) -> bool:
        """Ask whether the device has been countersigned; take the token when it has."""
        self.wire.token = self._ticket
        answer = self.wire.get(f"{_API}/enrolments/{self.key.device}").good().json
        if answer["status"] != "enrolled":
            return False
        self.wire.token = answer["token"]
        self.look_at_log()
        return True

    def countersign(self, device: str) -> None:
        """Vouch for another device that waits, after comparing its check number with the one on the phone."""
        waiting = self.wire.get(f"{_API}/enrolments").good().json["enrolments"]
        payload = next(base64.b64decode(row["payload"]) for row in waiting if row["device"] == device)
        sig = base64.b64encode(self.key.sign(envelope.pae(envelope.EVENT_TYPE, payload))).decode()
        body = {"keyid": self.key.device, "sig": sig}
        self.wire.send("POST", f"{_API}/enrolments/{device}/countersign", body).good()

    def look_at_log(self) -> None:
        """Remember the newest checkpoint: later events say that they are not older."""
        newest = self.wire.get(f"{_API}/checkpoint").good().json
        if newest:
            self.beacon = {"root": newest["root"], "size": newest["size"]}

    # --- acts ---------------------------------------------------------------------------------------------------------

    def sign(
        self,
        kind: str,
        *,
        run: str = "",
        data: Mapping[str, Any] | None = None,
        step: str = "",
        activation: int = 0,
        photos: tuple[Mapping[str, Any], ...] = (),
        facts: Mapping[str, canonical.Value] | None = None,
        openings: tuple[dict[str, Any], ...] = (),
    ) -> Signed:
        """Make and sign the device's next event; `facts` are committed to under their names."""
        found = {name: self.commit(value) for name, value in (facts or {}).items()}
        payload = self._payload(kind, data or {}, run)
        if step:
            payload |= {"step": step, "activation": activation}
        if photos:
            payload["photos"] = [dict(photo) for photo in photos]
        if found:
            payload["commitments"] = {name: opening["commitment"] for name, opening in found.items()}
        raw = canonical.dumps(payload)
        event.parse_payload(raw)
        self._advance(raw, run)
        sealed = envelope.sign(raw, self.key)
        return Signed(
            envelope=dict(canonical.loads(sealed.entry)),  # type: ignore[arg-type] # an envelope is an object
            openings=(*openings, *found.values()),
            payload_hash=sealed.payload_hash,
        )

    def _payload(self, kind: str, data: Mapping[str, Any], run: str) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "v": 1,
            "type": kind,
            "tenant": self.tenant,
            "device": self.key.device,
            "dseq": self._dseq + 1,
            "actor": self.member,
            "claimed_at": canonical.format_time(datetime.now(UTC)),
            "mono_ms": int((time.monotonic() - self._began) * 1000),
            "boot": self._boot,
            "data": dict(data),
            "assurance": "software",
        }
        if self._previous:
            payload["prev_device"] = self._previous
        if self.beacon is not None:
            payload["beacon"] = self.beacon
        if run:
            chain = self._chains.setdefault(run, _Chain())
            payload |= {"run": run, "rseq": chain.rseq + 1}
            if kind != "run.opened":
                payload["prev_run"] = sorted(set(chain.heads))
        return payload

    def _advance(self, raw: bytes, run: str) -> None:
        self._previous = hashlib.sha256(raw).hexdigest()
        self._dseq += 1
        if run:
            chain = self._chains[run]
            chain.rseq += 1
            chain.heads = [self._previous]

    def post(self, *signed: Signed) -> list[dict[str, Any]]:
        """Send events in one request; the result of each, refusals too."""
        answer = self.wire.send("POST", f"{_API}/events", {"events": [one.item for one in signed]})
        body = answer.json
        return list(body["results"]) if "results" in body else [{"status": answer.status, **body}]

    def act(self, kind: str, **what: Any) -> Signed:
        """Sign an event and send it. Raises `Refused` when the server declines."""
        signed = self.sign(kind, **what)
        body = {"events": [signed.item]}
        self.wire.send("POST", f"{_API}/events", body).good()
        return signed

    def photograph(self, content: bytes, *, media_type: str, run: str, step: str, activation: int, slot: str) -> Signed:
        """Sign `photo.taken` for a picture and send both, the event first."""
        signed = self.sign_photo(content, media_type=media_type, run=run, step=step, activation=activation, slot=slot)
        self.wire.send("POST", f"{_API}/events", {"events": [signed.item]}).good()
        self.put_photo(content, media_type=media_type)
        return signed

    def sign_photo(self, content: bytes, *, media_type: str, run: str, step: str, activation: int, slot: str) -> Signed:
        """Sign `photo.taken` for a picture."""
        opening = self.commit(hashlib.sha256(content).hexdigest())
        photo = {
            "slot": slot,
            "commitment": opening["commitment"],
            "size": len(content),
            "media_type": media_type,
        }
        return self.sign(
            "photo.taken",
            run=run,
            data={"slot": slot},
            step=step,
            activation=activation,
            photos=(photo,),
            openings=(opening,),
        )

    def put_photo(self, content: bytes, *, media_type: str) -> None:
        """Send the bytes of a picture."""
        name = hashlib.sha256(content).hexdigest()
        self.wire.put_bytes(f"{_API}/photos/{name}", content, media_type=media_type).good()

    def learn(self, run: str, heads: list[str]) -> None:
        """Take note of what others have added to the run."""
        self._chains.setdefault(run, _Chain()).heads = list(heads)

    @staticmethod
    def commit(value: canonical.Value) -> dict[str, Any]:
        """A commitment to a value, with a new salt, as its opening."""
        return commitment.open_with(value, os.urandom(commitment.SALT_BYTES)).as_json()

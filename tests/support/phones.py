"""Phones that sign, for tests that stand below HTTP: enrolled through the actions, as the API would."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import actions, queries
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain import envelope
from tests.support.cast import NOON, Cast

RUN = "a" * 32
VERSION = "b" * 64


def nothing_against(_event: Any, /, *, is_revoked: bool) -> tuple[str, ...]:
    """A judge that lets everything pass."""
    return ()


@dataclass
class Crew:
    """The people of the present company with their phones; the log is open."""

    cast: Cast
    devices: dict[str, Device] = field(default_factory=dict)

    def phone(self, username: str) -> Device:
        """A phone of this person, with its key and nothing enrolled yet."""
        actor = self.cast[username]
        device = Device("http://localhost:1")
        device.tenant, device.member, device.name = actor.tenant, actor.member, username
        return device

    def asked(self, username: str, *, may_enrol: bool = False, at: datetime = NOON) -> tuple[Device, actions.Asked]:
        """A phone that has asked to come in."""
        device = self.phone(username)
        code = actions.make_code(Actor.operator(scope.current()), member=device.member, at=at)
        signed = enrolment(device, may_enrol=may_enrol)
        return device, actions.ask_in(code.text, sent=signed.envelope, openings=signed.openings, at=at)

    def enrolled(self, username: str, *, by: Device | None = None, at: datetime = NOON) -> Device:
        """A phone that is in the log: of a founder, or countersigned by another's."""
        may_enrol = self.cast[username].may(Permission.EVIDENCE_DEVICE_ENROL)
        device, asked = self.asked(username, may_enrol=may_enrol, at=at)
        if asked.status == "pending":
            assert by is not None
            vouch(self.cast[by.name], by, device, at=at)
        return device


def enrolment(device: Device, *, may_enrol: bool = False) -> Signed:
    """The device's first event."""
    data = {"spki": base64.b64encode(device.key.spki).decode(), "may_enrol": may_enrol}
    return device.sign("device.enrolled", data=data, facts={"name": device.name, "label": f"{device.name}'s phone"})


def payload_of(signed: Signed) -> bytes:
    return envelope.envelope_of(signed.envelope).payload  # type: ignore[arg-type]


def vouch(actor: Actor, by: Device, device: Device, *, at: datetime = NOON) -> None:
    """Let `by` sign the enrolment of a device that waits."""
    payload = next(one.payload for one in queries.waiting(actor) if one.row.device == device.key.device)
    sig = by.key.sign(envelope.pae(envelope.EVENT_TYPE, payload))
    actions.countersign(actor, device=device.key.device, keyid=by.key.device, sig=sig, at=at)


def open_run(device: Device, *, run: str = RUN) -> Signed:
    """The device opens a run of a template that nobody knows: the log does not mind."""
    data = {"template": "some-work", "version": VERSION, "subject": {}, "people": {}}
    return device.sign("run.opened", run=run, data=data)


def admit(signed: Signed, *, at: datetime = NOON) -> actions.Reception:
    """Admit an event as the jobs do, with nothing said against it."""
    examined = actions.examine(signed.envelope)
    with transaction.atomic():
        return actions.admit(examined, at=at, judge=nothing_against)


def founders() -> list[str]:
    return directory.refs_who_may(Permission.EVIDENCE_DEVICE_ENROL)

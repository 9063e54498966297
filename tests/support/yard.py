"""The yard: both companies with open logs, Harbour's people with phones that talk to the served API, a small template.

The template has one step, `work/look`, in which somebody of the crew takes one photo and confirms.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tanghulu.apps.directory import actions as directory
from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.evidence.models import Entry
from tanghulu.apps.flows import actions as flows
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator import pictures
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.core.access import Actor
from tests.support.cast import NOON, Cast
from tests.support.flow_templates import PEOPLE, photo, raw_template, stage, step
from tests.support.phones import Crew, founders
from tests.support.wsgi_wire import WsgiWire

RUN = "a" * 32
STEP = "work/look"
SLOT = "shot"


def small(**top: Any) -> dict[str, Any]:
    """The small template as its author writes it."""
    people = {"lead": PEOPLE["lead"], "crew": PEOPLE["crew"]}
    return raw_template(stage("work", step("look", photo=photo())), people=people, registers={}, **top)


def picture(number: int = 1) -> bytes:
    """A JPEG, another for each number."""
    return pictures.drawn(number, title="yard", at="")[0]


@dataclass
class Yard:
    """Harbour at work. Whoever asks for a device of a person gets the same one each time."""

    cast: Cast
    version: str = ""
    devices: dict[str, Device] = field(default_factory=dict)

    def token(self, username: str) -> str:
        actor = self.cast[username]
        with scope.within(actor.tenant):
            operator = Actor.operator(actor.tenant)
            return directory.issue_token(operator, member=actor.member, purpose="test", at=NOON - timedelta(days=1))

    def publish(self, source: Mapping[str, Any]) -> str:
        with scope.within("harbour"):
            return flows.publish(self.cast["sun"], source=source, library={}, at=NOON)

    def enrol(self) -> None:
        """Chen, Zhao and Wen have phones."""
        with scope.within("harbour"):
            crew = Crew(self.cast)
            chens = crew.enrolled("chen")
            self.devices = {"chen": chens, **{name: crew.enrolled(name, by=chens) for name in ("zhao", "wen")}}
        for name, device in self.devices.items():
            device.wire = WsgiWire(self.token(name))

    # --- a job --------------------------------------------------------------------------------------------------------

    def sign_opening(self, *, run: str = RUN, version: str = "") -> Signed:
        people = {"lead": [self.cast["zhao"].member], "crew": [self.cast["wen"].member]}
        data = {"template": "small", "version": version or self.version, "subject": {}, "people": people}
        return self.devices["zhao"].sign("run.opened", run=run, data=data)

    def open(self, *, run: str = RUN, version: str = "") -> Signed:
        """Zhao opens a job of the small template."""
        signed = self.sign_opening(run=run, version=version)
        self.send(signed, by="zhao")
        self.learn(run)
        return signed

    def learn(self, run: str = RUN) -> None:
        """Everybody looks at the job."""
        heads = self.devices["zhao"].wire.get(f"/api/v1/runs/{run}").good().json["heads"]
        for device in self.devices.values():
            device.learn(run, heads)

    def send(self, signed: Signed, *, by: str = "wen", status: int = 201) -> dict[str, Any]:
        """Send an event; the result. It must have this status."""
        result = self.devices[by].post(signed)[0]
        assert result["status"] == status, result
        return result

    def sign_photo(
        self,
        content: bytes,
        *,
        run: str = RUN,
        activation: int = 1,
        by: str = "wen",
        said: tuple[int, str] | None = None,
        opening: Mapping[str, Any] | None = None,
    ) -> Signed:
        """Somebody takes a photo in the one step; `said` are size and media type where they are not the real ones."""
        opening = dict(opening or Device.commit(hashlib.sha256(content).hexdigest()))
        size, media_type = said or (len(content), "image/jpeg")
        photo = {"slot": SLOT, "commitment": opening["commitment"], "size": size, "media_type": media_type}
        place = {"step": STEP, "activation": activation, "photos": (photo,), "openings": (opening,)}
        return self.devices[by].sign("photo.taken", run=run, data={"slot": SLOT}, **place)

    def sign_confirmation(self, *, run: str = RUN, activation: int = 1) -> Signed:
        return self.devices["wen"].sign("step.confirmed", run=run, step=STEP, activation=activation)

    def put(self, content: bytes, *, by: str = "wen") -> None:
        self.devices[by].put_photo(content, media_type="image/jpeg")

    def finish(self, *, run: str = RUN) -> None:
        """Open the job and do all there is to do."""
        self.open(run=run)
        self.send(self.sign_photo(picture(), run=run))
        self.put(picture())
        self.send(self.sign_confirmation(run=run))

    # --- what is stored -----------------------------------------------------------------------------------------------

    def row(self, run: str = RUN) -> Run:
        with scope.within("harbour"):
            return Run.objects.get(ref=run)

    def entries(self, run: str = RUN) -> list[Entry]:
        """The entries of the run in log order."""
        with scope.within("harbour"):
            return list(Entry.objects.filter(run=run).order_by("index"))

    def types(self, run: str = RUN) -> list[str]:
        """The types of the run's events, without what the server says of people."""
        return [entry.type for entry in self.entries(run) if entry.type != "people.resolved"]

    def activation(self, run: str = RUN) -> dict[str, Any]:
        """The last activation of the one step."""
        return dict(self.row(run).state["steps"][STEP][-1])

    def size(self, tenant: str = "harbour") -> int:
        """How many entries the company's log has."""
        with scope.within(tenant):
            return Entry.objects.count()


def body_of(*signed: Signed) -> str:
    """The body of `POST /events`."""
    return json.dumps({"events": [one.item for one in signed]})


@pytest.fixture
def yard(cast: Cast) -> Iterator[Yard]:
    """Harbour at work, and Quarry with an open log."""
    for tenant in ("harbour", "quarry"):
        with scope.within(tenant):
            evidence.open_log(Actor.operator(tenant), founders=founders(), at=NOON)
    made = Yard(cast)
    made.version = made.publish(small())
    made.enrol()
    # The server leaves connections alone that are as the settings say; that of a test is inside a transaction.
    connection.settings_dict["AUTOCOMMIT"] = False
    yield made
    connection.settings_dict["AUTOCOMMIT"] = True
    shutil.rmtree(settings.DATA / "blobs", ignore_errors=True)


def soon(**later: float) -> Any:
    """The time that is this much later than now."""
    return timezone.now() + timedelta(**later)

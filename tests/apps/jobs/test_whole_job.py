import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.flows import actions as flows
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator import crew, story
from tanghulu.core import flow
from tanghulu.core.chain.policy import parse_policy
from tanghulu.core.chain.verifier import verify_pack
from tests.support import phones
from tests.support.cast import NOON
from tests.support.wsgi_wire import WsgiWire
from tests.support.yard import Yard, picture


def numbered() -> Iterator[bytes]:
    """Photos that all differ: what comes after a JPEG's end is part of the file."""
    first, number = picture(), 0
    while True:
        number += 1
        yield first + str(number).encode()


def crew_of(yard: Yard) -> crew.Crew:
    """Everybody of the demo's story at the conveyor C3, with the template that ships with the product."""
    with scope.within("harbour"):
        version = flows.publish_library(yard.cast["sun"], at=NOON)[story.TEMPLATE]
        equipment = {row.number: row.ref for row in directory.equipment(yard.cast["zhao"])}[story.EQUIPMENT]
        everybody = phones.Crew(yard.cast)
        for name in ("li", "vera", "zhou"):
            yard.devices[name] = everybody.enrolled(name, by=yard.devices["chen"])
            yard.devices[name].wire = WsgiWire(yard.token(name))
    template = flow.load_version(yard.devices["zhao"].wire.get(f"/api/v1/templates/{version}").good().json)
    devices = {yard.cast[name].member: device for name, device in yard.devices.items()}
    shots = numbered()
    made = crew.Crew(template=template, devices=devices, picture=lambda _path, _slot: (next(shots), "image/jpeg"))
    people = {part: [yard.cast[name].member for name in story.PARTS[part]] for part in template.people}
    made.open(yard.cast["zhao"].member, people=people, equipment=equipment)
    return made


class TestWholeJob:
    def test_goes_from_the_phones_to_a_pack_that_proves_it(self, yard: Yard) -> None:
        made = crew_of(yard)
        told = list(made.play())
        row = yard.row(made.run)
        assert (row.status, row.outcome, row.is_sealed) == ("ended", "completed", True)
        assert {one.standing for one in yard.entries(made.run)} == {"accepted"}
        client = yard.cast.phone("chen")
        path = f"/api/v1/runs/{made.run}"
        report = verify_pack(client.get(f"{path}/pack").getvalue(), parse_policy(client.get(f"{path}/policy").content))
        types = yard.types(made.run)
        assert report.exit_code == 0
        assert (report.events, report.photos) == (len(yard.entries(made.run)), types.count("photo.taken"))
        assert types.count("photo.taken") == types.count("photo.stored") > 10
        assert types[-1] == "run.sealed"
        assert len(told) > 20


class TestALockWhoseOwnerNeverReturns:
    def test_comes_off_on_the_safety_officers_word_and_the_job_ends_in_a_pack_that_says_so(self, yard: Yard) -> None:
        made = crew_of(yard)
        list(made.play(until="after/unlock"))
        wen, li, chen, zhao = (yard.cast[name].member for name in ("wen", "li", "chen", "zhao"))
        made.devices = {member: device for member, device in made.devices.items() if member != wen}
        with pytest.raises(crew.Stuck):
            list(made.play())
        without_wen = {"part": "crew", "members": [li]}
        state = made.state()
        assert self.codes(made, zhao, "people.assigned", without_wen) == ["lock_still_on"]
        (lock,) = [entry for entry in state["registers"]["isolation"] if "out_at" not in entry]
        seen = [record.payload_hash for record in yard.entries(made.run) if record.type == "register.entered"]
        said = {"register": "isolation", "item": lock["item"], "holder": wen}
        said |= {"confirmed": ["not_on_site", "told_before_return", "tried_to_reach"], "saw": sorted(seen)}
        assert self.codes(made, zhao, "lock.removed", said) == ["not_your_part"]
        made.devices[chen].act("lock.removed", run=made.run, data=said, facts={"reason": "wen is in hospital"})
        made.state()
        made.devices[zhao].act("people.assigned", run=made.run, data=without_wen)
        list(made.play())
        row = yard.row(made.run)
        assert (row.status, row.outcome, row.is_sealed) == ("ended", "completed", True)
        assert {one.standing for one in yard.entries(made.run)} == {"accepted"}
        self.is_said_everywhere(yard, made.run, lock["item"])

    def codes(self, made: crew.Crew, actor: str, kind: str, data: dict[str, Any]) -> list[str]:
        event = {"type": kind, "actor": actor, "claimed_at": "2099-01-01T00:00:00.000Z", "data": data, "hash": ""}
        return flow.refusal(made.template, made.state(), event)

    def is_said_everywhere(self, yard: Yard, run: str, lock: str) -> None:
        client = yard.cast.phone("chen")
        path = f"/api/v1/runs/{run}"
        pack = client.get(f"{path}/pack").getvalue()
        assert verify_pack(pack, parse_policy(client.get(f"{path}/policy").content)).exit_code == 0
        with zipfile.ZipFile(BytesIO(pack)) as opened:
            report = opened.read("report.html").decode()
        page = yard.cast.browser("chen").get(f"/jobs/{run}/").content.decode()
        assert f"Lock {lock} of" in page
        for text in (report, page):
            assert "wen is in hospital" in text
            assert "It was verified that the owner is not on site" in text
        assert "Locks removed without their owners" in report

from collections.abc import Iterator

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

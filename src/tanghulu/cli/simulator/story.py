"""The demo's story: a conveyor is repaired at the bulk port, and everybody can see that the rule was carried out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tanghulu.cli.simulator import pictures
from tanghulu.cli.simulator.casts import CASTS
from tanghulu.cli.simulator.crew import Crew, Picture
from tanghulu.cli.simulator.device import Device
from tanghulu.cli.simulator.wire import Wire
from tanghulu.core import flow

_API = "/api/v1"
_PATIENCE = 60.0
COMPANY = "harbour"
TEMPLATE = "belt-conveyor-maintenance"
EQUIPMENT = CASTS[TEMPLATE].equipment
PHONES = ("li", "wen", "vera")
OFFICE = ("chen", "zhao", "zhou")
PARTS = CASTS[TEMPLATE].parts


@dataclass(frozen=True, slots=True)
class Port:
    """The demo's port with everybody enrolled: devices by the refs of their people."""

    office: Wire
    people: Mapping[str, Any]
    equipment: Mapping[str, str]
    devices: Mapping[str, Device]
    template: flow.Template
    picture: Picture

    def close(self) -> None:
        """End everybody's connection."""
        for wire in (self.office, *(device.wire for device in self.devices.values())):
            wire.close()


def open_port(address: str, seeds: Mapping[str, Any], *, photos: Path | None) -> Port:
    """Enrol everybody's device, each vouched for by a second person."""
    harbour = seeds[COMPANY]
    people = harbour["people"]
    devices = {people[name]["ref"]: device for name, device in enrol_all(address, people, (*OFFICE, *PHONES)).items()}
    print(f"· 登记设备 {len(devices)} 台，另一人确认 / {len(devices)} devices enrolled, countersigned", flush=True)
    office = Wire(address, token=people["chen"]["token"])
    version = harbour["versions"][TEMPLATE]
    template = flow.load_version(office.get(f"{_API}/templates/{version}").good().json)
    return Port(office, people, harbour["equipment"], devices, template, album(photos, template))


def begin(port: Port, equipment: str, *, answers: Mapping[str, bool | str] | None = None) -> Crew:
    """Open a job on a conveyor."""
    crew = Crew(template=port.template, devices=port.devices, picture=port.picture, answers=answers or {})
    parts = {part: [port.people[name]["ref"] for name in PARTS[part]] for part in port.template.people}
    crew.open(port.people["zhao"]["ref"], people=parts, equipment=port.equipment[equipment])
    return crew


def tell(port: Port) -> tuple[bytes, str]:
    """Play a whole job to its seal, fetch the pack and its policy. Prints what happens."""
    crew = begin(port, EQUIPMENT)
    play(crew)
    return fetch_pack(port.office, crew.run)


def leave_work_behind(port: Port) -> None:
    """Begin two more jobs and leave them where they are, so that the office has something to watch."""
    for equipment, until in (("C1", "during/work/patrol/look"), ("C2", "before/three_in/verify_zero")):
        for _ in begin(port, equipment).play(until=until):
            pass


def enrol_all(address: str, people: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Device]:
    """Enrol one device for each name; the first is a founder's and countersigns the others."""
    founder = enrol(address, people, names[0], label=f"{names[0]}-1")
    others = {name: enrol(address, people, name, label=f"{name}-1", officer=founder) for name in names[1:]}
    return {names[0]: founder, **others}


def enrol(address: str, people: Mapping[str, Any], name: str, *, label: str, officer: Device | None = None) -> Device:
    """Enrol a device by a one-time code, countersigned by the officer's device unless it is a founder's first."""
    with contextlib.closing(Wire(address, token=people[name]["token"])) as office:
        code = office.send("POST", f"{_API}/enrolments/codes", {"member": people[name]["ref"]}).good().json["code"]
    device = Device(address)
    if device.ask_in(code, label=label) == "pending" and officer is not None:
        officer.countersign(device.key.device)
    if not device.come_in():
        message = f"{name} was not let in"
        raise RuntimeError(message)
    return device


def album(folder: Path | None, template: flow.Template) -> Picture:
    """Where the pictures come from: the folder's photos one after the other, or drawn ones."""
    if folder is not None:
        files = pictures.from_folder(folder)
        return lambda _path, _slot: next(files)
    numbers = iter(range(1, 10_000))

    def draw(path: str, slot: str) -> tuple[bytes, str]:
        title = template.steps[path].photos[slot].title
        text = title.get("en") or path
        now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
        return pictures.drawn(next(numbers), title=text[:34], at=now)

    return draw


def play(crew: Crew) -> None:
    """Play the job to its end, a line for each step."""
    shown = ""
    for told in crew.play():
        if told.path != shown:
            title = crew.template.steps[told.path].title if told.path in crew.template.steps else {}
            print(f"\n  ● {title.get('zh-Hans', told.path)}  {title.get('en', '')}  ", end="", flush=True)
            shown = told.path
        print(f"[{told.what} {told.who}] ", end="", flush=True)
    print("\n", flush=True)


def fetch_pack(office: Wire, run: str) -> tuple[bytes, str]:
    """Wait until the run is sealed and published, then fetch pack and policy."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        events = office.get(f"{_API}/runs/{run}").good().json["events"]
        if events and events[-1]["payload"]["type"] == "run.sealed":
            pack = office.get(f"{_API}/runs/{run}/pack").good().body
            return pack, office.get(f"{_API}/runs/{run}/policy").good().body.decode()
        time.sleep(0.2)
    message = "the run was not sealed"
    raise RuntimeError(message)

"""Every template that ships, through the served API: the good way to a pack that proves it, and each gate once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.flows import actions as flows
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.casts import CASTS
from tanghulu.cli.simulator.crew import Crew
from tanghulu.core import canonical, flow
from tanghulu.core.chain.policy import parse_policy
from tanghulu.core.chain.verifier import verify_pack
from tanghulu.library import template_texts
from tests.support import phones
from tests.support.cast import NOON
from tests.support.wsgi_wire import WsgiWire
from tests.support.yard import Yard, picture


class Played:
    """A job of a shipped template with everybody it needs, on phones that talk to the served API."""

    def __init__(self, yard: Yard, slug: str) -> None:
        self.yard, self.casting = yard, CASTS[slug]
        names = {name for members in self.casting.parts.values() for name in members} | {"zhao", "wen"}
        with scope.within("harbour"):
            version = flows.publish_library(yard.cast["sun"], at=NOON)[slug]
            equipment = {row.number: row.ref for row in directory.equipment(yard.cast["zhao"])}
            everybody = phones.Crew(yard.cast)
            for name in sorted(names - set(yard.devices)):
                yard.devices[name] = everybody.enrolled(name, by=yard.devices["chen"])
                yard.devices[name].wire = WsgiWire(yard.token(name))
        document = yard.devices["zhao"].wire.get(f"/api/v1/templates/{version}").good().json
        shot, numbers = picture(), count()
        self.crew = Crew(
            template=flow.load_version(document),
            devices={yard.cast[name].member: device for name, device in yard.devices.items()},
            # Photos that all differ: what comes after a JPEG's end is part of the file.
            picture=lambda _path, _slot: (shot + str(next(numbers)).encode(), "image/jpeg"),
            answers=self.casting.answers,
        )
        parts = {part: [self.member(name) for name in members] for part, members in self.casting.parts.items()}
        self.crew.open(self.member("zhao"), people=parts, equipment=equipment[self.casting.equipment])

    def member(self, name: str) -> str:
        return self.yard.cast[name].member

    def reach(self, path: str) -> None:
        """Play until a step is open."""
        for _ in self.crew.play(until=path):
            pass

    def act(self, part: str, kind: str, path: str, data: dict[str, Any] | None = None) -> list[str]:
        """The first of a part does something in an open step; the codes with which the server keeps it."""
        return self.act_as(self.casting.parts[part][0], kind, path, data)

    def act_as(self, name: str, kind: str, path: str, data: dict[str, Any] | None = None) -> list[str]:
        activation = self.crew.state()["steps"][path][-1]["n"]
        device = self.yard.devices[name]
        signed = device.act(kind, run=self.crew.run, step=path, activation=activation, data=data or {})
        against = self.crew.state()["contradictions"]
        return next((entry["codes"] for entry in against if entry["event"] == signed.payload_hash), [])

    def measure(self, part: str, path: str, name: str, value: str, *, age: int = 0) -> list[str]:
        """A reading at its first point, sampled so many seconds ago."""
        asked = self.crew.template.steps[path].readings[name]
        sampled = canonical.format_time(datetime.now(UTC) - timedelta(seconds=age))
        data = {"reading": name, "value": value, "unit": asked.unit, "sampled_at": sampled, "instrument": "G-4"}
        data |= {"point": asked.points[0]} if asked.points else {}
        return self.act(part, "reading.taken", path, data)

    def confirm(self, part: str, path: str) -> list[str]:
        """Confirm with the good answers."""
        step = self.crew.template.steps[path]
        answers = {name: asked.must for name, asked in step.ask.items() if asked.must is not None}
        return self.act(part, "step.confirmed", path, {"answers": answers} if answers else {})

    def is_open(self, path: str) -> bool:
        return bool(self.crew.state()["steps"][path][-1]["state"] == "open")


def whole() -> list[str]:
    """Every template that ships and can be opened."""
    return [slug for slug, text in template_texts().items() if not flow.read_yaml(text).get("fragment")]


class TestShippedTemplates:
    @pytest.mark.parametrize("slug", whole())
    def test_go_from_the_phones_to_a_pack_that_proves_it(self, yard: Yard, slug: str) -> None:
        played = Played(yard, slug)
        told = list(played.crew.play())
        row = yard.row(played.crew.run)
        assert (row.status, row.outcome, row.is_sealed) == ("ended", "completed", True)
        assert {one.standing for one in yard.entries(played.crew.run)} == {"accepted"}
        client, path = yard.cast.phone("chen"), f"/api/v1/runs/{played.crew.run}"
        pack = client.get(f"{path}/pack").getvalue()
        report = verify_pack(pack, parse_policy(client.get(f"{path}/policy").content))
        assert report.exit_code == 0
        assert report.photos == yard.types(played.crew.run).count("photo.stored") > 10
        assert len(told) > 20


class TestConfinedSpaceEntry:
    def test_keeps_every_violation_and_lets_none_pass(self, yard: Yard) -> None:
        played = Played(yard, "confined-space-entry")
        test, enter, out = "before/gas_test", "during/spell/enter", "during/spell/come_out"
        played.reach(test)
        assert played.act_as("wen", "step.confirmed", test) == ["not_your_task"]
        assert "photo_missing" in played.confirm("gas", test)
        assert played.measure("gas", test, "oxygen", "18.0") == []
        assert "reading_out_of_limit" in played.confirm("gas", test)
        assert played.measure("gas", test, "oxygen", "20.9", age=1900) == []
        assert "reading_stale" in played.confirm("gas", test)
        assert played.is_open(test)
        played.reach(enter)
        assert played.measure("gas", enter, "oxygen", "17.5") == []
        entered = {"register": "people", "item": played.member("wen")}
        assert played.act("guardian", "register.entered", enter, entered) == ["reading_out_of_limit"]
        assert played.crew.state()["registers"]["people"] == []
        assert played.measure("gas", enter, "oxygen", "20.9") == []
        played.reach(out)
        answers = {"answers": {"next": "finished"}}
        assert played.act("guardian", "step.confirmed", out, answers) == ["register_not_empty"]
        assert played.is_open(out)


class TestHighVoltageMaintenance:
    def test_keeps_every_violation_and_lets_none_pass(self, yard: Yard) -> None:
        played = Played(yard, "high-voltage-maintenance")
        dead, off = "before/test_dead", "after/earths_off"
        played.reach(dead)
        assert played.act_as("chen", "step.confirmed", dead) == ["not_your_task"]
        assert played.measure("operator", dead, "line_side", "6") == []
        assert {"photo_missing", "reading_out_of_limit"} <= set(played.confirm("operator", dead))
        assert played.is_open(dead)
        assert "before/earth" not in played.crew.state()["steps"]
        played.reach("after/clear")
        assert "register_not_empty" in played.confirm("guardian", "after/clear")
        played.reach(off)
        assert "register_not_empty" in played.confirm("operator", off)
        assert played.is_open(off)

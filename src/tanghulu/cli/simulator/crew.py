"""A crew that plays a job to its end as its template asks, everybody on a device of their own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.core import canonical, flow
from tanghulu.core.flow.template import Step

_API = "/api/v1"
Picture = Callable[[str, str], tuple[bytes, str]]  # (path of the step, slot) -> bytes and media type


class Stuck(RuntimeError):
    """Nobody of the crew can do anything, and the job has not ended."""


@dataclass(slots=True)
class Told:
    """One thing that was done, for whoever watches: path of the step, what, by whom."""

    path: str
    what: str
    who: str


@dataclass(slots=True)
class Crew:
    """People by ref, each with a device; `answers` says what is answered where it matters, by `path.name`.

    A yes-or-no question without a rule and without an answer here is answered no; a choice by its first option.
    """

    template: flow.Template
    devices: Mapping[str, Device]
    picture: Picture
    answers: Mapping[str, bool | str] = field(default_factory=dict)
    reason: str = "逐张看过，照片与要求相符。"
    run: str = field(default_factory=lambda: secrets.token_hex(16))
    _events: list[dict[str, Any]] = field(default_factory=list)

    def open(self, opener: str, *, people: Mapping[str, list[str]], equipment: str) -> None:
        """Begin the job."""
        data = {
            "template": self.template.slug,
            "version": self.template.version,
            "subject": {"equipment": equipment} if equipment else {},
            "people": dict(people),
        }
        self.devices[opener].act("run.opened", run=self.run, data=data)

    def play(self, *, until: str = "") -> Iterator[Told]:
        """Do what is to be done, one thing at a time, until the job has ended or the step `until` is open.

        Raises Stuck.
        """
        while True:
            state = self.state()
            if state["status"] == "ended" or self._is_open(state, until):
                return
            told = list(self._turn(state))
            if not told:
                raise Stuck(f"{self.run}: nobody can go on")
            yield from told

    def state(self) -> flow.State:
        """The run as the server tells it, folded here."""
        device = next(iter(self.devices.values()))
        found = device.wire.get(f"{_API}/runs/{self.run}?after={len(self._events)}").good().json
        self._events += [
            {**event["payload"], "hash": event["hash"], "revoked": event["standing"] == "revoked"}
            for event in found["events"]
        ]
        for other in self.devices.values():
            other.learn(self.run, found["heads"])
        return flow.fold(self.template, self._events)

    @staticmethod
    def _is_open(state: flow.State, path: str) -> bool:
        found = state["steps"].get(path, [])
        return bool(found) and found[-1]["state"] == "open"

    def _turn(self, state: flow.State) -> Iterator[Told]:
        """Let the first who can do something do it; whoever ends a repeated part does so once it may be ended."""
        yielded = False
        for told in self._end_repeats(state):
            yielded = True
            yield told
        if yielded:
            return
        now = canonical.format_time(datetime.now(UTC))
        waiting = [
            (task["n"], member, task)
            for member in self.devices
            for task in flow.tasks(self.template, state, member, now)
            if task["mine"] and "waits_until" not in task
        ]
        if not waiting:
            time.sleep(0.2)
            return
        # What was done least often comes first, so that of two things that go on at once none is left behind.
        _, member, task = min(waiting, key=lambda found: found[0])
        yield from self._do(state, member, self.devices[member], task)

    def _end_repeats(self, state: flow.State) -> Iterator[Told]:
        for path, entry in state["repeats"].items():
            repeat = self.template.repeats[path]
            if entry["ended"] or not repeat.ended_by or entry["rounds"] - 1 < repeat.at_least:
                continue
            for part in repeat.ended_by:
                for member in state["people"][part]:
                    event = {"type": "repeat.ended", "actor": member, "data": {"repeat": path}}
                    if member in self.devices and self._is_allowed(state, event):
                        self.devices[member].act("repeat.ended", run=self.run, data={"repeat": path})
                        yield Told(path, "ended", self.devices[member].name)
                        return

    def _is_allowed(self, state: flow.State, event: Mapping[str, Any]) -> bool:
        whole = {"v": 1, "hash": "", "claimed_at": canonical.format_time(datetime.now(UTC)), **event}
        return not flow.refusal(self.template, state, whole)

    # --- one task -----------------------------------------------------------------------------------------------------

    def _do(self, state: flow.State, member: str, device: Device, task: Mapping[str, Any]) -> Iterator[Told]:
        path, activation = task["path"], task["n"]
        step = self.template.steps[path]
        where = {"run": self.run, "step": path, "activation": activation}
        missing = set(task["missing"])
        if missing & {"photo_missing", "photo_stale"}:
            yield from self._photograph(state, member, device, step, activation)
        if missing & {"reading_missing", "reading_stale", "reading_out_of_limit"}:
            yield from self._read(device, step, where)
        yield from self._register(state, member, device, step, where)
        if step.decision is not None:
            device.act(
                "decision.made",
                data={"verdict": "ok", "saw": sorted(event["hash"] for event in self._events if event.get("photos"))},
                facts={"reason": self.reason},
                **where,
            )
            yield Told(path, "decided", device.name)
            return
        answers = {name: self._answer(step, name) for name in step.ask}
        device.act("step.confirmed", data={"answers": answers} if answers else {}, **where)
        yield Told(path, "confirmed", device.name)

    def _photograph(
        self, state: flow.State, member: str, device: Device, step: Step, activation: int
    ) -> Iterator[Told]:
        taken = state["steps"][step.path][-1]["photos"]
        for slot, asked in step.photos.items():
            mine = [photo for photo in taken if photo["slot"] == slot and (not step.who.each or photo["by"] == member)]
            for _ in range(max(asked.count - len(mine), 0)):
                content, media_type = self.picture(step.path, slot)
                self._send_photo(device, content, media_type, step.path, activation, slot)
                yield Told(step.path, slot, device.name)

    def _send_photo(
        self, device: Device, content: bytes, media_type: str, path: str, activation: int, slot: str
    ) -> Signed:
        return device.photograph(
            content, media_type=media_type, run=self.run, step=path, activation=activation, slot=slot
        )

    def _read(self, device: Device, step: Step, where: Mapping[str, Any]) -> Iterator[Told]:
        for name, asked in step.readings.items():
            for point in asked.points or ("",):
                data = {
                    "reading": name,
                    "value": str(_allowed(asked.at_least, asked.at_most)),
                    "unit": asked.unit,
                    "sampled_at": canonical.format_time(datetime.now(UTC)),
                }
                data |= {"point": point} if point else {}
                data |= {"instrument": "DMM-07"} if asked.instrument else {}
                device.act("reading.taken", data=data, **where)
                yield Told(step.path, f"{name} {point}".strip(), device.name)

    def _register(
        self, state: flow.State, member: str, device: Device, step: Step, where: Mapping[str, Any]
    ) -> Iterator[Told]:
        for name, use in step.register.items():
            kind = self.template.registers[name]
            inside = [entry for entry in state["registers"].get(name, []) if "out_at" not in entry]
            if use.enters and use.at_least and use.act == "in":
                for data in self._goes_in(state, member, name, kind, inside):
                    device.act("register.entered", data=data, **where)
                    yield Told(step.path, f"{name} +{data['item']}", device.name)
            elif use.act == "out":
                for entry in inside:
                    if kind != "locks" or entry["holder"] == member:
                        data = {"register": name, "item": entry["item"]}
                        device.act("register.left", data=data, **where)
                        yield Told(step.path, f"{name} -{entry['item']}", device.name)

    def _goes_in(
        self, state: flow.State, member: str, name: str, kind: str, inside: list[Any]
    ) -> Iterator[dict[str, Any]]:
        present = {entry["item"] for entry in inside}
        if kind == "people":
            crew = state["people"].get("crew") or [member]
            yield from ({"register": name, "item": ref} for ref in crew if ref not in present)
        elif kind == "items":
            yield from ({"register": name, "item": item} for item in ("T-01", "T-02", "T-03") if item not in present)
        elif not any(entry.get("holder") == member for entry in inside):
            lock = f"L-{int(member[:6], 16) % 1000:03d}"
            yield {"register": name, "item": lock, "holder": member, "point": "Q1"}

    def _answer(self, step: Step, name: str) -> bool | str:
        asked = step.ask[name]
        given = self.answers.get(f"{step.path}.{name}")
        if given is not None:
            return given
        if asked.must is not None:
            return asked.must
        if asked.kind == "yes_no":
            return False
        return asked.options[0] if asked.kind == "choice" else "1"


def _allowed(at_least: Decimal | None, at_most: Decimal | None) -> Decimal:
    if at_most is not None and at_least is not None:
        return (at_least + at_most) / 2
    return at_most if at_most is not None else at_least if at_least is not None else Decimal(1)

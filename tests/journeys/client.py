"""A phone without a screen that works offline: it keeps what it signs, and sends it when somebody answers."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from tanghulu.cli.simulator import pictures
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.core import canonical, flow

API = "/api/v1"
TAKEN = frozenset({200, 201})


@dataclass
class Client:
    """Somebody's phone in one job; what it does next is drawn from the chance that is given."""

    device: Device
    run: str
    template: flow.Template
    photos: dict[str, bytes] = field(default_factory=dict)  # all that it ever took, by SHA-256
    known: list[dict[str, Any]] = field(default_factory=list)  # the log's events of the run
    _own: list[Signed] = field(default_factory=list)  # signed here and not seen in the log yet
    _waiting: list[Signed] = field(default_factory=list)
    _bytes: list[str] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether the server has said of everything that it holds it."""
        return not self._waiting and not self._bytes

    def state(self) -> flow.State:
        """The job as this phone sees it: the log, and what it has signed since."""
        admitted = {event["hash"] for event in self.known}
        own = [_event_of(signed) for signed in self._own if signed.payload_hash not in admitted]
        return flow.fold(self.template, [*self.known, *own])

    def pull(self) -> None:
        """Ask what is new."""
        found = self.device.wire.get(f"{API}/runs/{self.run}?after={len(self.known)}").good().json
        self.known += [{**event["payload"], "hash": event["hash"]} for event in found["events"]]
        admitted = {event["hash"] for event in self.known}
        self._own = [signed for signed in self._own if signed.payload_hash not in admitted]
        newest = [self._own[-1].payload_hash] if self._own else []
        self.device.learn(self.run, [*found["heads"], *newest])
        self.device.look_at_log()

    def send(self, chance: Random) -> None:
        """Send what waits: events in their order, a few at a time, photos in any."""
        while self._waiting:
            batch = self._waiting[: chance.randint(1, 5)]
            results = self.device.post(*batch)
            assert {result["status"] for result in results} <= TAKEN, results
            # An answer that gets lost is as good as none: the same is sent again.
            heard = len(batch) if chance.random() > 0.1 else chance.randrange(len(batch))
            del self._waiting[:heard]
        chance.shuffle(self._bytes)
        while self._bytes:
            self.device.put_photo(self.photos[self._bytes[-1]], media_type="image/jpeg")
            self._bytes.pop()

    def act(self, chance: Random, *, within: str = "") -> None:
        """Do one thing of what is to be done here, or of what is within one part of it."""
        tasks = flow.tasks(self.template, self.state(), self.device.member, _now())
        mine = [task for task in tasks if task["mine"] and task["path"].startswith(within)]
        if mine:
            self._do(chance.choice(mine))

    def end(self, repeat: str) -> None:
        """End rounds of one's own, if that is possible now."""
        data = {"repeat": repeat}
        event = {"v": 1, "type": "repeat.ended", "actor": self.device.member, "data": data, "hash": ""}
        if not flow.refusal(self.template, self.state(), {**event, "claimed_at": _now()}):
            self._keep(self.device.sign("repeat.ended", run=self.run, data=data))

    def _do(self, task: Any) -> None:
        where = {"run": self.run, "step": task["path"], "activation": task["n"]}
        if "photo_missing" in task["missing"]:
            self._keep(self._photo(task["path"], where))
        elif "reading_missing" in task["missing"]:
            name, asked = next(iter(self.template.steps[task["path"]].readings.items()))
            data = {"reading": name, "value": "380", "unit": asked.unit, "sampled_at": _now()}
            self._keep(self.device.sign("reading.taken", data=data, **where))
        else:
            self._keep(self.device.sign("step.confirmed", data={}, **where))

    def _photo(self, path: str, where: dict[str, Any]) -> Signed:
        slot = next(iter(self.template.steps[path].photos))
        content, media_type = pictures.drawn(len(self.photos), title=path, at=self.device.key.device)
        name = hashlib.sha256(content).hexdigest()
        self.photos[name] = content
        self._bytes.append(name)
        return self.device.sign_photo(content, media_type=media_type, slot=slot, **where)

    def _keep(self, signed: Signed) -> None:
        self._own.append(signed)
        self._waiting.append(signed)


def _now() -> str:
    return canonical.format_time(datetime.now(UTC))


def _event_of(signed: Signed) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(base64.b64decode(signed.envelope["payload"]))
    return {**payload, "hash": signed.payload_hash}

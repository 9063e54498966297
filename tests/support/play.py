"""Plays a template: a simulated crew that does what is asked, one event at a time, until the run has ended."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from random import Random
from typing import Any

from tanghulu.core.flow import (
    Activation,
    State,
    Step,
    Template,
    Waiting,
    current,
    decide,
    evolve,
    fold,
    new_state,
    refusal,
    tasks,
    timers,
)
from tanghulu.core.flow.scalars import later
from tanghulu.core.flow.state import is_settled, still_in
from tests.support.flow_cast import Cast, cast_of, directory_of, ref
from tests.support.flow_changes import Changing

__all__ = ["START", "Payload", "Player", "Stuck", "cast_of", "has_something_to_wait_for", "ref", "replayed"]

START = "2026-05-19T00:55:00.000Z"
Payload = dict[str, Any]


class Stuck(AssertionError):
    """A run that nobody can carry on."""


class Player(Changing):
    """A run with its crew and its clock. Without a `rng` it always does the plain thing."""

    def __init__(
        self,
        template: Template,
        cast: Cast | None = None,
        *,
        rng: Random | None = None,
        answers: Mapping[str, list[Any]] | None = None,
        start: str = START,
        stores_at_once: bool = True,
        in_turn: bool = False,
    ) -> None:
        self.template = template
        self.rng = rng
        self.cast = {part: list(members) for part, members in (cast or cast_of(template)).items()}
        self.directory = directory_of(template, self.cast)
        self.answers = {name: list(values) for name, values in (answers or {}).items()}
        self.now = start
        self.stores_at_once = stores_at_once
        self.in_turn = in_turn
        self.state: State = new_state()
        self.events: list[Payload] = []
        self.returns = 0
        self._made = 0

    @property
    def lead(self) -> str:
        return self.cast[self.template.leads[0]][0]

    def event(self, kind: str, actor: str, data: Payload | None = None, **rest: Any) -> Payload:
        """A payload that nobody has sent yet."""
        self._made += 1
        digest = hashlib.sha256(f"{kind} {actor} {self._made}".encode()).hexdigest()
        return {
            "type": kind,
            "actor": actor,
            "claimed_at": self.now,
            "data": {} if data is None else data,
            "hash": digest,
            **rest,
        }

    def send(self, event: Payload) -> list[str]:
        """Append an event; gives the codes with which it was marked."""
        codes = refusal(self.template, self.state, event)
        self.state = evolve(self.template, self.state, event)
        self.events.append(event)
        return codes

    def act(self, kind: str, actor: str, data: Payload | None = None, **rest: Any) -> list[str]:
        """Somebody acts now; the server first states who he is, when that is news."""
        command = {"type": kind, "actor": actor, "data": {} if data is None else data, **rest}
        decided = decide(self.template, self.state, command, self.now, self.directory)
        if decided.codes:
            return list(decided.codes)
        for draft in decided.events:
            made = self.event(draft["type"], draft["actor"])
            codes = self.send({**made, **draft})
            assert not codes, (draft, codes)
        self.tick()
        if kind == "photo.taken" and self.stores_at_once:
            self._bytes_come(rest["photos"][0]["commitment"])
        return []

    def server(self, kind: str, data: Payload) -> None:
        """The server states a fact."""
        self.send(self.event(kind, "server", data))

    def tick(self, seconds: int = 1) -> None:
        self.now = later(self.now, seconds)

    def open(self) -> None:
        data = {
            "template": self.template.slug,
            "version": self.template.version,
            "subject": {"equipment": ref("equipment")} if self.template.asks_equipment else {},
            "people": self.cast,
        }
        assert self.act("run.opened", self.lead, data) == []

    def current(self, path: str) -> Activation:
        activation = current(self.state, path)
        assert activation is not None, f"{path} is not open"
        return activation

    def in_step(self, kind: str, actor: str, path: str, data: Payload | None = None, **rest: Any) -> list[str]:
        made = self.state["steps"].get(path, [])
        return self.act(kind, actor, data, step=path, activation=max(1, len(made)), **rest)

    def photo(self, actor: str, path: str, slot: str) -> list[str]:
        commitment = hashlib.sha256(f"photo {self._made} {len(self.events)}".encode()).hexdigest()
        photo = {"slot": slot, "commitment": commitment, "size": 300_000, "media_type": "image/jpeg"}
        return self.in_step("photo.taken", actor, path, {"slot": slot}, photos=[photo])

    def store_all(self) -> int:
        """The bytes of all photos arrive; gives how many there were."""
        waiting = [
            photo["commitment"]
            for made in self.state["steps"].values()
            for activation in made
            for photo in activation["photos"]
            if not photo["stored"] and "refused" not in photo
        ]
        for commitment in waiting:
            self._bytes_come(commitment)
        return len(waiting)

    def _bytes_come(self, commitment: str) -> None:
        if self.rng is not None and self.rng.random() < 0.1:
            self.refuse(commitment)
        else:
            self.server("photo.stored", {"commitment": commitment})

    def refuse(self, commitment: str, *codes: str) -> None:
        """The bytes of a photo come, and are not what its event says."""
        self.server("photo.refused", {"commitment": commitment, "codes": list(codes or ["size_differs"])})

    def finish(self, *, until: str | None = None, limit: int = 800) -> State:
        """Carry on until the run has ended, or until a step has its turn."""
        for _ in range(limit):
            if self.state["status"] == "ended":
                return self.state
            if until is not None and self._is_open(until):
                return self.state
            self._carry_on()
        raise Stuck(f"not ended after {limit} turns")

    def try_to_carry_on(self) -> bool:
        """Carry on by one turn, unless somebody has been changed so that the crew cannot."""
        try:
            if self.state["status"] != "ended":
                self._carry_on()
        except (AssertionError, StopIteration):
            return False
        return True

    def recover(self) -> None:
        """Everybody is again who he was, and has his own part again, whatever happened meanwhile."""
        for member, facts in self.directory.items():
            self.server("people.resolved", {"member": member, **facts})
        for _ in self.cast:
            for part, members in self.cast.items():
                self._restore(part, members)

    def _restore(self, part: str, members: list[str]) -> None:
        """Give a part to its people, or as nearly as the locks that are still on let it."""
        now = self.state["people"].get(part, [])
        if now == members or not self.assign(part, members) or not self.assign(part, [*members, *now]):
            return
        newcomer = self.newcomer(part)
        if self.assign(part, [newcomer]):
            self.assign(part, [newcomer, *now])

    def do(self, path: str) -> None:
        """All that is asked in an open step, by everybody who has a task in it."""
        while self._is_open(path):
            actor = next(member for member, waiting in self._waiting() if waiting["path"] == path)
            self.supply(actor, path)
            self.close_task(actor, path)

    def _is_open(self, path: str) -> bool:
        activation = current(self.state, path)
        return activation is not None and activation["state"] == "open"

    def _carry_on(self) -> None:
        if self.state["status"] == "stopped":
            reason = {"reason": "0" * 64}
            leads = self.state["people"].get(self.template.leads[0], ())
            assert any(not self.act("run.resumed", lead, commitments=reason) for lead in leads)
            return
        if self._end_a_repeat():
            return
        waiting = self._waiting()
        if self.rng is not None:
            waiting = waiting and [self.rng.choice(waiting)]
        elif self.in_turn:
            # What was done least often comes first, so that of two lanes none is left behind.
            waiting.sort(key=lambda found: found[1]["n"])
        # Somebody may have to wait for what another still has to do.
        if any(self._carry_out(actor, task) for actor, task in waiting) or self.store_all():
            return
        if (self.rng is None or not waiting) and not self.do_without_the_absent():
            raise Stuck(f"nobody can carry on: {self.state['status']}")

    def _carry_out(self, actor: str, task: Waiting) -> bool:
        if "waits_until" in task:
            self._wait(task)
        self.supply(actor, task["path"])
        return self.close_task(actor, task["path"])

    def _wait(self, task: Waiting) -> None:
        if self.rng is not None and self.rng.random() < 0.5:
            self.server("timer.fired", {"timer": f"not_before:{task['path']}:{task['n']}"})
        else:
            self.now = max(self.now, task["waits_until"])

    def _waiting(self) -> list[tuple[str, Waiting]]:
        people = sorted({member for members in self.state["people"].values() for member in members})
        return [
            (member, task)
            for member in people
            for task in tasks(self.template, self.state, member, self.now)
            if task["mine"]
        ]

    def _end_a_repeat(self) -> bool:
        if self.rng is not None and self.rng.random() < 0.3:
            return False
        for repeat in self.template.repeats.values():
            if repeat.ended_by is None or repeat.path not in self.state["repeats"]:
                continue
            actor = self.state["people"][repeat.ended_by[0]][0]
            if not self.act("repeat.ended", actor, {"repeat": repeat.path}):
                return True
        return False

    def supply(self, actor: str, path: str) -> None:
        """What an open step still asks of a person, but for his word that it is done."""
        step, activation = self.template.steps[path], self.current(path)
        if "not_before" in activation and f"not_before:{path}:{activation['n']}" not in self.state["fired"]:
            self.now = max(self.now, activation["not_before"])
        for _ in range(3):
            missing = next(
                task["missing"] for task in tasks(self.template, self.state, actor, self.now) if task["path"] == path
            )
            if {"register_incomplete", "register_not_empty"} & set(missing):
                self._registers(actor, step)
            if {"reading_missing", "reading_stale", "reading_out_of_limit"} & set(missing):
                self._readings(actor, step)
            if {"photo_missing", "photo_stale"} & set(missing):
                self._photos(actor, step)

    def _photos(self, actor: str, step: Step) -> None:
        for name, slot in step.photos.items():
            for _ in range(slot.count):
                assert self.photo(actor, step.path, name) == []

    def _readings(self, actor: str, step: Step) -> None:
        for name, reading in step.readings.items():
            value = next((limit for limit in (reading.at_least, reading.at_most) if limit is not None), 1)
            for point in reading.points or (None,):
                data: Payload = {"reading": name, "value": str(value), "unit": reading.unit, "sampled_at": self.now}
                if point is not None:
                    data["point"] = point
                if reading.instrument:
                    data["instrument"] = "meter-7"
                assert self.in_step("reading.taken", actor, step.path, data) == []

    def _registers(self, actor: str, step: Step) -> None:
        for name, use in step.register.items():
            if use.leaves:
                self._take_out(actor, step, name)
            if use.enters:
                self._put_in(actor, step, name, use.at_least)
        for must in step.must:
            if must.rule == "empty" and must.register not in step.register:
                for entry in still_in(self.state, must.register):
                    self.act("register.left", actor, {"register": must.register, "item": entry["item"]})

    def _take_out(self, actor: str, step: Step, name: str) -> None:
        for entry in still_in(self.state, name):
            if entry.get("holder") in {None, actor} or self.template.registers[name] != "locks":
                data = {"register": name, "item": entry["item"]}
                assert self.in_step("register.left", actor, step.path, data) == []

    def _put_in(self, actor: str, step: Step, name: str, at_least: int) -> None:
        kind = self.template.registers[name]
        entries = still_in(self.state, name)
        own = [entry for entry in entries if actor in {entry.get("holder"), entry["item"]}]
        for _ in range(at_least - len(own if step.who.each else entries)):
            data: Payload = {"register": name, "item": f"{kind}-{len(self.events)}", "holder": actor, "point": "K1"}
            if kind == "people":
                present = {entry["item"] for entry in still_in(self.state, name)}
                everybody = [actor, *sorted({m for members in self.state["people"].values() for m in members})]
                data = {"register": name, "item": next(member for member in everybody if member not in present)}
            if kind == "items":
                data["count"] = 2
            assert self.in_step("register.entered", actor, step.path, data) == []

    def close_task(self, actor: str, path: str) -> bool:
        """A person says that his task is done, or decides; False when he has to wait for others."""
        step = self.template.steps[path]
        if not self._is_open(path):
            return True
        if step.decision is None:
            answers = {name: self._answer(path, name) for name in step.ask}
            codes = self.in_step("step.confirmed", actor, path, {"answers": answers} if answers else {})
        else:
            codes = self.in_step("decision.made", actor, path, self._decision(step), commitments={"reason": "1" * 64})
        # In a step of several people one may have to wait for what another has to take out.
        assert set(codes) <= {"register_not_empty", "register_incomplete"}, (path, codes)
        return not codes

    def _decision(self, step: Step) -> Payload:
        assert step.decision is not None
        saw = [self.events[-1]["hash"]]
        verdict = "ok"
        if self.rng is not None and self.returns < 2 and self.rng.random() < 0.4:
            verdict = self.rng.choice(step.decision.verdicts)
        if verdict == "back":
            self.returns += 1
            targets = step.decision.back_to
            return {"verdict": "back", "saw": saw, "to": self.rng.choice(targets) if self.rng else targets[0]}
        return {"verdict": verdict, "saw": saw}

    def _answer(self, path: str, name: str) -> Any:
        ask = self.template.steps[path].ask[name]
        scripted = self.answers.get(f"{path}.{name}")
        if scripted:
            return scripted.pop(0)
        if ask.must is not None:
            return ask.must
        if ask.kind == "yes_no":
            return self.rng.random() < 0.3 if self.rng else False
        if ask.kind == "choice":
            return self.rng.choice(ask.options) if self.rng else ask.options[0]
        return str(self.rng.randint(0, 5)) if self.rng else "1"


def replayed(template: Template, events: list[Payload]) -> State:
    """The state from all events at once."""
    return fold(template, events)


def has_something_to_wait_for(template: Template, state: State) -> bool:
    """An open activation, a timer, or a photo that is neither stored nor refused."""
    activations = [activation for made in state["steps"].values() for activation in made]
    return (
        any(activation["state"] == "open" for activation in activations)
        or bool(timers(template, state))
        or any(not is_settled(photo) for activation in activations for photo in activation["photos"])
    )

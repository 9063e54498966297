"""What a leader does when people come, go, or do not come back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from random import Random
from typing import Any

from tanghulu.core.flow import Facts, State, Template
from tanghulu.core.flow.removals import STATEMENTS
from tanghulu.core.flow.state import Entry, still_in
from tests.support.flow_cast import ref

Payload = dict[str, Any]


class Changing(ABC):
    """The part of a player that changes who takes part."""

    template: Template
    state: State
    directory: dict[str, Facts]
    events: list[Payload]

    @property
    @abstractmethod
    def lead(self) -> str: ...

    @abstractmethod
    def act(self, kind: str, actor: str, data: Payload | None = None, **rest: Any) -> list[str]: ...

    def assign(self, part: str, members: list[str]) -> list[str]:
        return self.act("people.assigned", self.lead, {"part": part, "members": list(dict.fromkeys(members))})

    def newcomer(self, part: str, number: int | str = "newcomer") -> str:
        """Somebody whom the company knows and who may hold a part, but does not yet."""
        newcomer = ref(f"{part}-{number}")
        asked = self.template.people[part]
        self.directory[newcomer] = {
            "roles": sorted(asked.roles),
            "certificates": {asked.certificate: "2030-01-01"} if asked.certificate else {},
        }
        return newcomer

    def change_crew(self, rng: Random) -> list[str]:
        """The leader brings somebody into a part, or takes somebody out of it, or both."""
        caught_up = [part for step in self.template.steps.values() if step.who.newcomers for part in step.who.parts]
        part = rng.choice([*self.template.people, *caught_up * 3])
        members = list(self.state["people"].get(part, ()))
        if members and rng.random() < 0.4:
            members.remove(rng.choice(members))
        if rng.random() < 0.8:
            members.append(self.newcomer(part, f"more-{rng.randint(0, 2)}"))
        return self.assign(part, members)

    def removal(self, name: str, entry: Entry, **changes: Any) -> Payload:
        """What is said of a lock whose owner does not come back."""
        said = {"register": name, "item": entry["item"], "holder": entry.get("holder", "")}
        return {**said, "confirmed": sorted(STATEMENTS), "saw": [self.events[0]["hash"]], **changes}

    def remove_a_lock(self, rng: Random) -> None:
        """Somebody whose word counts has a lock removed whose owner does not come back, where the template lets him."""
        for register, parts in self.template.removers.items():
            locks = still_in(self.state, register)
            deciders = self.state["people"].get(parts[0], ())
            if locks and deciders:
                said = self.removal(register, rng.choice(locks))
                self.act("lock.removed", rng.choice(deciders), said, commitments={"reason": "2" * 64})

    def do_without_the_absent(self) -> bool:
        """Take out whose locks were removed, with somebody for them where a part would be empty; else give up."""
        entries = [entry for made in self.state["registers"].values() for entry in made]
        absent = {entry.get("holder") for entry in entries if "exception" in entry}
        changed = False
        for part, members in list(self.state["people"].items()):
            staying = [member for member in members if member not in absent]
            if absent.intersection(members):
                changed = not self.assign(part, staying or [self.newcomer(part, "stand-in")]) or changed
        lead = self.state["people"][self.template.leads[0]][0]
        reason = {"reason": "3" * 64}
        return changed or (bool(absent) and not self.act("run.abandoned", lead, commitments=reason))

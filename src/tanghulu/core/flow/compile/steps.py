"""A step as people write it, turned into the step of a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tanghulu.core.flow.compile import shorthand
from tanghulu.core.flow.compile.problems import Findings, Spot
from tanghulu.core.flow.compile.source import line_of, with_keys
from tanghulu.core.flow.order import IN_STEP

Raw = Any
Change = Callable[[Raw], Raw]


def write_order(holder: dict[str, Raw], tables: tuple[str, ...]) -> None:
    """Note in `order` how the author has ordered tables of several names, unless he says so himself."""
    order = {key: list(holder[key]) for key in tables if isinstance(holder.get(key), dict) and len(holder[key]) > 1}
    if order:
        holder.setdefault("order", order)


class Writer:
    """Writes the parts of a version and marks each with the place and line that it came from."""

    def __init__(self, findings: Findings, language: str) -> None:
        self.findings = findings
        self.language = language

    def text(self, value: Raw) -> Raw:
        """A text, of which a bare string is a short form."""
        return shorthand.text(value, self.language)

    def texts(self, value: Raw) -> Raw:
        """A list of texts."""
        return shorthand.texts(value, self.language)

    def options(self, value: Raw) -> Raw:
        """The options of a question."""
        return shorthand.options(value, self.language)

    def written(self, raw: Raw, spot: Spot, defaults: Mapping[str, Raw], changes: Mapping[str, Change]) -> Raw:
        """A table with defaults filled in and short forms turned; anything else as it is."""
        if not isinstance(raw, dict):
            return raw
        table = {**defaults, **raw}
        for key, change in changes.items():
            if key in table:
                table[key] = change(table[key])
        self.findings.mark(table, Spot(spot.place, line_of(raw) or spot.line), getattr(raw, "lines", None))
        return table

    def named(self, raw: Raw, spot: Spot, defaults: Mapping[str, Raw], changes: Mapping[str, Change]) -> Raw:
        """A table of tables by name."""
        if not isinstance(raw, dict):
            return raw
        table = {
            name: self.written(value, Spot(f"{spot.place}/{name}", line_of(raw, name)), defaults, changes)
            for name, value in raw.items()
        }
        self.findings.mark(table, Spot(spot.place, line_of(raw) or spot.line))
        return table

    def renamed(self, raw: dict[str, Raw], spot: Spot, short: str, long: str) -> dict[str, Raw]:
        """The same table with a short key under its long name. Both at once is a duplicate."""
        if short not in raw:
            return raw
        if long in raw:
            self.findings.add("template_duplicate_id", Spot(f"{spot.place}/{short}", line_of(raw, short)), short)
        return with_keys(raw, {short: long})

    def step(self, raw: dict[str, Raw], spot: Spot) -> dict[str, Raw]:
        """A step of a version."""
        table = self.renamed(self.renamed(raw, spot, "photo", "photos"), spot, "reading", "readings")
        step: dict[str, Raw] = {
            "node": "step",
            "photos": {},
            "readings": {},
            "register": {},
            "ask": {},
            "must": [],
            "source": [],
            **{key: value for key, value in table.items() if key not in {"step", "node"}},
        }
        step["id"] = raw.get("step", raw.get("id"))
        changes: dict[str, Change] = {
            "title": self.text,
            "say": self.text,
            "who": shorthand.who,
            "must": shorthand.musts,
            "decision": shorthand.decision,
            "not_before": shorthand.not_before,
            "due": shorthand.seconds,
            "source": shorthand.listed,
            "photos": lambda value: self._photos(value, _below(raw, spot, "photo", "photos")),
            "readings": lambda value: self._readings(value, _below(raw, spot, "reading", "readings")),
            "register": lambda value: self._registers(value, _below(raw, spot, "register")),
            "ask": lambda value: self._asks(value, _below(raw, spot, "ask")),
        }
        for key, change in changes.items():
            if key in step:
                step[key] = change(step[key])
        for key in ("who", "must", "decision", "not_before"):
            self.findings.mark(step.get(key), _below(raw, spot, key))
        write_order(step, IN_STEP)
        self.findings.mark(step, spot, getattr(raw, "lines", None))
        return step

    def _photos(self, value: Raw, spot: Spot) -> Raw:
        defaults = {"show": [], "count": 1, "camera_only": True, "provisional": False}
        changes: dict[str, Change] = {
            "title": self.text,
            "show": self.texts,
            "camera_only": shorthand.flag,
            "provisional": shorthand.flag,
            "fresh": shorthand.seconds,
        }
        return self.named(value, spot, defaults, changes)

    def _readings(self, value: Raw, spot: Spot) -> Raw:
        changes: dict[str, Change] = {
            "title": self.text,
            "at_most": shorthand.decimal_text,
            "at_least": shorthand.decimal_text,
            "points": shorthand.listed,
            "instrument": shorthand.needed,
            "optional": shorthand.flag,
            "fresh": shorthand.seconds,
        }
        readings = self.named(value, spot, {"points": [], "instrument": False}, changes)
        for reading in readings.values() if isinstance(readings, dict) else ():
            if isinstance(reading, dict) and shorthand.flag(reading.get("optional")) is False:
                del reading["optional"]
        return readings

    def _registers(self, value: Raw, spot: Spot) -> Raw:
        if not isinstance(value, dict):
            return value
        table = {}
        for name, use in value.items():
            table[name] = shorthand.register_use(use)
            self.findings.mark(table[name], Spot(f"{spot.place}/{name}", line_of(value, name)))
        self.findings.mark(table, spot)
        return table

    def _asks(self, value: Raw, spot: Spot) -> Raw:
        changes: dict[str, Change] = {"title": self.text, "options": self.options}
        asks = self.named(value, spot, {"kind": "yes_no", "options": []}, changes)
        for ask in asks.values() if isinstance(asks, dict) else ():
            if isinstance(ask, dict) and "must" in ask:
                turn = {"yes_no": shorthand.flag, "number": shorthand.decimal_text}.get(str(ask.get("kind")))
                ask["must"] = turn(ask["must"]) if turn else ask["must"]
        return asks


def _below(raw: Raw, spot: Spot, *keys: str) -> Spot:
    key = next((key for key in keys if isinstance(raw, dict) and key in raw), keys[0])
    return Spot(f"{spot.place}/{key}", line_of(raw, key) or spot.line)

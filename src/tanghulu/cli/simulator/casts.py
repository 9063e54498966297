"""Who of the demo's port plays which part of each template that ships, on what, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Casting:
    """People by sign-in name; answers by `path.name`, as the simulator's crew takes them."""

    equipment: str
    parts: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, bool | str] = field(default_factory=dict)


CASTS: Mapping[str, Casting] = {
    "belt-conveyor-maintenance": Casting(
        equipment="C3",
        parts={
            "lead": ("zhao",),
            "control": ("zhao",),
            "crew": ("wen", "li"),
            "electrician": ("li",),
            "guardian": ("vera",),
            "area": ("zhou",),
            "quality": ("chen",),
        },
    ),
    "confined-space-entry": Casting(
        equipment="S1",
        parts={
            "lead": ("zhao",),
            "crew": ("wen", "li"),
            "electrician": ("li",),
            "gas": ("zhang",),
            "guardian": ("vera",),
            "area": ("zhou",),
            "quality": ("chen",),
        },
        answers={"during/spell/come_out.next": "finished"},
    ),
    "high-voltage-maintenance": Casting(
        equipment="H1",
        parts={
            "lead": ("zhao",),
            "crew": ("he",),
            "operator": ("he",),
            "guardian": ("vera",),
            "issuer": ("zhou",),
            "permitter": ("ma",),
            "quality": ("chen",),
        },
        answers={
            "before/switching_off/line.last": True,
            "after/end_ticket.supply": True,
            "after/switching_on/line.last": True,
        },
    ),
}

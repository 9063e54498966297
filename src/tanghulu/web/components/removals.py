"""Locks that were removed without their owners, as the office reads them: whose, who decided, on what word and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tanghulu.web.components.steps import Act, Telling, act_of


@dataclass(frozen=True, slots=True)
class Removal:
    """One such lock; `statements` are what was confirmed of the owner, in the order in which it was asked."""

    lock: str
    owner: str
    statements: tuple[str, ...]
    reason: str
    act: Act


def removals_of(telling: Telling) -> tuple[Removal, ...]:
    """All of them, in the order in which the locks went on."""
    return tuple(_removals(telling))


def _removals(telling: Telling) -> Iterator[Removal]:
    for entries in telling.job.state["registers"].values():
        for entry in entries:
            if "exception" in entry:
                yield _removal(telling, entry)


def _removal(telling: Telling, entry: Mapping[str, Any]) -> Removal:
    happening = telling.happenings.get(entry["exception"])
    confirmed = happening.payload["data"]["confirmed"] if happening else ()
    words = {
        "not_on_site": _("It was verified that the owner is not on site."),
        "tried_to_reach": _("Everything was done to reach the owner."),
        "told_before_return": _("The owner will be told before working here again."),
    }
    return Removal(
        lock=entry["item"],
        owner=telling.name(entry["holder"]),
        statements=tuple(sentence for name, sentence in words.items() if name in confirmed),
        reason=str(happening.opened.get("reason", "")) if happening else "",
        act=act_of(telling, entry["exception"], who=entry["out_by"], at=entry["out_at"]),
    )

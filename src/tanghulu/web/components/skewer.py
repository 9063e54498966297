"""The skewer as a value: what the template draws, and how it follows from the kernel's haws.

`docs/formats/flow.md` fixes the haws ("Skewer"); names, titles and addresses are added here, so that a haw holds
nothing but what is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tanghulu.web.components.texts import in_language

_MOST_NAMES = 2


@dataclass(frozen=True, slots=True)
class Haw:
    """One step on the stick. `state` is the kernel's word; `found` and `overdue` go on top of it."""

    path: str
    title: str
    state: str
    number: int = 0
    count: int = 1
    thumbnail_url: str | None = None
    photos: int = 0
    who: tuple[str, ...] = ()
    at: datetime | None = None
    found: bool = False
    overdue: bool = False
    badges: tuple[str, ...] = ()
    href: str | None = None
    selected: bool = False

    @property
    def look(self) -> str:
        """The one drawing that stands for this haw: a finding shows before anything else, lateness before work."""
        if self.found and self.state in {"done", "held", "now"}:
            return "found"
        if self.overdue and self.state == "now":
            return "late"
        return self.state

    @property
    def mark(self) -> str:
        """The drawing of `components/haw_marks.html` that stands around it; it leaves room for a photo."""
        if self.look == "done":
            return "done" if self.thumbnail_url else "done-bare"
        if self.look == "found":
            return "found-now" if self.state == "now" and not self.thumbnail_url else "found"
        if self.look in {"now", "late"} and self.thumbnail_url:
            return f"{self.look}-photo"
        return self.look

    @property
    def reached(self) -> bool:
        return self.state in {"now", "held", "done"}

    @property
    def is_remarkable(self) -> bool:
        """Whether its state is written under it; what is done, going on or still to come is seen at once."""
        return self.look in {"found", "late", "held", "returned", "skipped"}

    @property
    def people(self) -> str:
        """Names as they stand under a haw: two at most, then how many more."""
        if len(self.who) <= _MOST_NAMES:
            return _(", ").join(self.who)
        return _("%(name)s and %(count)s more") % {"name": self.who[0], "count": len(self.who) - 1}

    @property
    def state_text(self) -> str:
        return str(STATE_WORDS.get(self.look, self.look))


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the stick under one heading."""

    title: str
    haws: tuple[Haw, ...]

    @property
    def done(self) -> int:
        return sum(haw.state == "done" for haw in self.haws)


@dataclass(frozen=True, slots=True)
class Skewer:
    """A whole job. `status` and `outcome` are the run's words from `docs/formats/flow.md`."""

    title: str
    stages: tuple[Stage, ...]
    status: str = "open"
    outcome: str = ""

    @property
    def haws(self) -> tuple[Haw, ...]:
        return tuple(haw for stage in self.stages for haw in stage.haws)

    @property
    def classes(self) -> str:
        """What the whole stick looks like: whole, stopped, or cut short."""
        names = [f"is-{self.status}"]
        if self.outcome and self.outcome != "completed":
            names.append("is-cut")
        return " ".join(names)

    @property
    def summary(self) -> str:
        """The picture in one sentence, for those who do not see it."""
        haws = self.haws
        done = sum(haw.state == "done" for haw in haws)
        parts = [_("%(title)s: %(done)s of %(all)s steps done") % {"title": self.title, "done": done, "all": len(haws)}]
        current = [haw.title for haw in haws if haw.state == "now"]
        if current:
            parts.append(_("now: %(steps)s") % {"steps": _(", ").join(current)})
        found = sum(haw.look == "found" for haw in haws)
        if found:
            parts.append(ngettext("%(count)s finding", "%(count)s findings", found) % {"count": found})
        if self.status == "stopped":
            parts.append(_("stopped"))
        return "; ".join(parts)


# The word for each look.
STATE_WORDS = {
    "waiting": gettext_lazy("Not yet"),
    "maybe": gettext_lazy("If needed"),
    "skipped": gettext_lazy("Left out"),
    "now": gettext_lazy("Now"),
    "held": gettext_lazy("Photo on its way"),
    "done": gettext_lazy("Done"),
    "returned": gettext_lazy("To be done again"),
    "found": gettext_lazy("Look here"),
    "late": gettext_lazy("Overdue"),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the kernel does not know: titles, names, addresses and the reader.

    `titles` has the text of each step by its path; `stages` the text of each stage by its id, in order. `thumbnail`
    gives the address of a small picture for a photo's commitment, or nothing while its bytes have not come.
    """

    titles: Mapping[str, Mapping[str, str]]
    stages: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]
    thumbnail: Callable[[str], str | None]
    language: str
    href: Callable[[str], str] | None = None
    selected: str = ""
    badges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def build_skewer(
    title: str, haws: Sequence[Mapping[str, Any]], *, around: Surroundings, status: str, outcome: str = ""
) -> Skewer:
    """String the kernel's haws (document order) on one stick, grouped by stage.

    Steps that follow each other and may never be needed are one haw until it is known that they are.
    """
    by_stage: dict[str, list[Haw]] = {}
    for number, facts in enumerate(haws, start=1):
        by_stage.setdefault(facts["stage"], []).append(_haw(number, facts, around))
    stages = tuple(
        Stage(
            title=in_language(around.stages.get(stage, {}), around.language) or stage,
            haws=tuple(haw for _state, run in groupby(members, _fold_key) for haw in _folded(list(run))),
        )
        for stage, members in by_stage.items()
    )
    return Skewer(title=title, stages=stages, status=status, outcome=outcome)


def _fold_key(haw: Haw) -> str:
    return "maybe" if haw.state == "maybe" and not haw.selected else haw.path


def _folded(run: list[Haw]) -> list[Haw]:
    """One haw for a run of steps that may not be needed; anything else as it is."""
    if len(run) == 1:
        return run
    title = _("If needed: %(steps)s") % {"steps": _(", ").join(haw.title for haw in run[:_MOST_NAMES])}
    if len(run) > _MOST_NAMES:
        title = _("If needed: %(step)s and %(count)s more") % {"step": run[0].title, "count": len(run) - 1}
    return [replace(run[0], title=title, count=len(run))]


def _haw(number: int, facts: Mapping[str, Any], around: Surroundings) -> Haw:
    path = facts["path"]
    photos = facts.get("photos", [])
    thumbnails = [url for url in map(around.thumbnail, reversed(photos)) if url]
    unknown = _("Somebody")
    return Haw(
        path=path,
        title=in_language(around.titles.get(path, {}), around.language) or path,
        state=facts["state"],
        number=number,
        count=max(facts.get("rounds", 0), 1),
        thumbnail_url=thumbnails[0] if thumbnails else None,
        photos=len(photos),
        who=tuple(around.names.get(ref, unknown) for ref in facts.get("by", [])),
        at=datetime.fromisoformat(facts["at"]) if "at" in facts else None,
        found=facts.get("found", False),
        overdue=facts.get("overdue", False),
        badges=around.badges.get(path, ()),
        href=around.href(path) if around.href else None,
        selected=path == around.selected,
    )

"""Which jobs are asked for: what a board shows is chosen by the few things that people say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from tanghulu.apps.directory import finding
from tanghulu.apps.jobs.models import Run, RunMember
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.jobs.standing import Urgency
from tanghulu.core.access import Actor
from tanghulu.core.days import beginning

Show = Literal["open", "stopped", "overdue", "inside", "ended", "all"]
SHOWS: tuple[Show, ...] = ("open", "stopped", "overdue", "inside", "ended", "all")
_MOST_LIVE_OF_A_PERSON = 300


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; what is empty does not matter. Dates are days of the reader, both included."""

    show: Show = "open"
    template: str = ""
    place: int | None = None
    equipment: str = ""
    person: str = ""
    unit: int | None = None
    since: date | None = None
    until: date | None = None
    mine: bool = False

    @property
    def is_live(self) -> bool:
        """Whether only jobs that are going on are asked for."""
        return self.show not in {"ended", "all"}

    @property
    def is_narrow(self) -> bool:
        """Whether more than the kind of jobs is chosen."""
        return self != Filters(show=self.show)

    @property
    def opened(self) -> str:
        """The column by which the runs that are asked for come newest first: that of the smallest index."""
        return "part__opened_at" if self.person and not self.is_live else "opened_at"

    def of(self, *, person: str = "", equipment: str = "") -> Filters:
        """The same, of one person or one machine."""
        return replace(self, person=person or self.person, equipment=equipment or self.equipment)


def chosen(actor: Actor, filters: Filters, *, at: datetime, zone: ZoneInfo) -> QuerySet[Run]:
    """The runs that are asked for, in no order yet; of a person, joined with their `part` in them."""
    runs = _shown(filters.show)
    if filters.template:
        runs = runs.filter(template=filters.template)
    if filters.equipment:
        runs = runs.filter(equipment=filters.equipment)
    if filters.place is not None:
        runs = runs.filter(equipment__in=finding.equipment_at(actor, places=[filters.place]))
    if filters.person:
        theirs = Q(members__member=filters.person, members__tenant_id=actor.tenant)
        runs = runs.alias(part=FilteredRelation("members", condition=theirs)).filter(part__opened_at__isnull=False)
    if filters.unit is not None:
        people = RunMember.objects.filter(run=OuterRef("pk"), member__in=finding.members_of(actor, unit=filters.unit))
        runs = runs.filter(Exists(people))
    if filters.since is not None:
        runs = runs.filter(opened_at__gte=beginning(filters.since, zone))
    if filters.until is not None:
        runs = runs.filter(opened_at__lt=beginning(filters.until + timedelta(days=1), zone))
    return runs.filter(pk__in=_waiting_for(actor, at)) if filters.mine else runs


def _shown(show: Show) -> QuerySet[Run]:
    if show == "ended":
        return Run.objects.filter(status="ended")
    if show == "all":
        return Run.objects.filter(opened_at__isnull=False)
    conditions = {
        "open": Q(urgency__gte=0),
        "stopped": Q(urgency=Urgency.STOPPED),
        "overdue": Q(urgency=Urgency.OVERDUE),
        "inside": Q(urgency__gte=0, inside__gte=1),
    }
    return Run.objects.filter(conditions[show])


def _waiting_for(actor: Actor, at: datetime) -> list[int]:
    """The live runs in which it is the actor's turn."""
    runs = Run.objects.filter(status="open", members__member=actor.member, members__tenant_id=actor.tenant)
    rows = list(runs.order_by("-opened_at", "pk")[:_MOST_LIVE_OF_A_PERSON])
    scripts = parts.scripts_of(rows)
    return [row.pk for row in rows if parts.is_turn_of(actor.member, row, scripts.get(row.version), at)]

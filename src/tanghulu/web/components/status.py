"""How the server is, in words: for each thing a state, what was found, and what to do about it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tanghulu import __version__
from tanghulu.apps.evidence import queries as evidence
from tanghulu.apps.jobs import queries as jobs
from tanghulu.apps.tenancy import queries as tenancy
from tanghulu.core import vitals
from tanghulu.core.access import Actor
from tanghulu.core.vitals import DAY, HOUR, MINUTE, Line, State
from tanghulu.gateways import backups
from tanghulu.gateways.certificates import good_until
from tanghulu.gateways.disk import Disk
from tanghulu.web.components.finding_words import ADVICE, FACTS

_TITLES: Mapping[str, str | Promise] = {
    "worker": gettext_lazy("Background work"),
    "queue": gettext_lazy("Queue"),
    "log": gettext_lazy("Evidence log"),
    "disk": gettext_lazy("Disk"),
    "clock": gettext_lazy("Clock"),
    "backup": gettext_lazy("Backup"),
    "certificate": gettext_lazy("Certificate for phones"),
    "version": gettext_lazy("Version"),
}
_STATES: Mapping[State, tuple[str, str, str | Promise]] = {
    State.GOOD: ("done", "tick", pgettext_lazy("state of the server", "Good")),
    State.LOOK: ("held", "clock", pgettext_lazy("state of the server", "Look")),
    State.ACT: ("alarm", "warn", pgettext_lazy("state of the server", "Act")),
}


@dataclass(frozen=True, slots=True)
class Pill:
    """A state as it is drawn: colour, shape and word."""

    kind: str
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One thing: its state, what was found, and what to do; `advice` is empty where there is nothing to do."""

    name: str
    title: str
    pill: Pill
    fact: str
    advice: str


def measured(actor: Actor, *, at: datetime, disk: Disk) -> list[Line]:
    """Everything that is looked at, at this time: the server as a whole, and the actor's own company."""
    engines = tenancy.engines(actor, at=at)
    work, log = jobs.waiting_work(actor, at=at), evidence.log_health(actor, at=at)
    room, saved = disk.room(), backups.last()
    lines = [
        vitals.worker(engines.silent),
        vitals.queue(work.count, work.oldest),
        vitals.log(log.entries, log.unpublished, oldest=log.oldest, checkpoint=log.checkpoint),
        vitals.disk(room.free, room.total),
        vitals.clock(engines.database, phones=evidence.phones_ahead(actor, at=at), jump=engines.jump),
        vitals.backup(
            (at - saved.made_at).total_seconds() if saved else None,
            missing=saved.missing if saved else 0,
            with_keys=saved.with_keys if saved else False,
        ),
    ]
    until = good_until(Path(settings.PHONES_CERTIFICATE)) if settings.PHONES_CERTIFICATE else None
    return [*lines, vitals.certificate((until - at).days)] if until else lines


def told(line: Line) -> StatusLine:
    """A line in the reader's language."""
    values = {name: _MEASURES.get(name, str)(value) for name, value in line.values.items()}
    return StatusLine(
        name=line.name,
        title=str(_TITLES[line.name]),
        pill=pill(line.state),
        fact=str(FACTS[line.finding]) % values,
        advice=str(ADVICE.get(line.finding, "")) % values,
    )


def version_line() -> StatusLine:
    """Which versions run here."""
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    fact = f"Tanghulu {__version__} · Python {platform.python_version()} · {_ENGINES.get(engine, engine)}"
    return StatusLine("version", str(_TITLES["version"]), pill(State.GOOD), fact, "")


_ENGINES = {"sqlite3": "SQLite", "postgresql": "PostgreSQL"}


def pill(state: State) -> Pill:
    """The sign of a state."""
    kind, sign, word = _STATES[state]
    return Pill(kind, sign, str(word))


def _span(seconds: int) -> str:
    """A length of time in the largest unit that fits."""
    if seconds < MINUTE:
        return _("%(count)s s") % {"count": seconds}
    if seconds < 2 * HOUR:
        return _("%(minutes)s min") % {"minutes": seconds // MINUTE}
    if seconds < 2 * DAY:
        return _("%(hours)s h") % {"hours": seconds // HOUR}
    return _("%(days)s days") % {"days": seconds // DAY}


_MEASURES: Mapping[str, Callable[[int], str]] = {"seconds": _span, "age": _span, "free": filesizeformat}

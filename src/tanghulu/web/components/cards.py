"""Small skewers, drawn once for everybody who looks: a job that has not changed is not read or drawn again.

What is kept is kept in this process, under the company, the run and the time of its last change. Names and titles come
from elsewhere and may change without the run, so nothing is kept for long.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tanghulu.apps.jobs import queries
from tanghulu.apps.photos.derivatives import SMALL
from tanghulu.core.access import Actor
from tanghulu.web.components.skewer import Surroundings, build_skewer
from tanghulu.web.components.steps import photo_url
from tanghulu.web.components.texts import in_language

_LONGEST = timedelta(minutes=5)
_MOST = 1500


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a line of the board shows of a job: its process, its people, its skewer as HTML."""

    title: str
    people: str
    skewer: SafeString


@dataclass(frozen=True, slots=True)
class _Kept:
    made_at: datetime
    drawn: Drawn


_Key = tuple[str, str, str, datetime]
_kept: OrderedDict[_Key, _Kept] = OrderedDict()
_lock = threading.Lock()


def drawn(actor: Actor, rows: Sequence[queries.JobBrief], *, language: str, now: datetime) -> dict[str, Drawn]:
    """The drawings of these jobs, by run."""
    found = {}
    for row in rows:
        kept = _kept.get((actor.tenant, language, row.run, row.changed_at))
        if kept is not None and now - kept.made_at < _LONGEST:
            found[row.run] = kept.drawn
    for card in queries.cards(actor, refs=[row.run for row in rows if row.run not in found]):
        found[card.run] = draw(card, language)
        _keep((actor.tenant, language, card.run, card.changed_at), _Kept(now, found[card.run]))
    return found


def _keep(key: _Key, kept: _Kept) -> None:
    with _lock:
        _kept[key] = kept
        _kept.move_to_end(key)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)


def draw(card: queries.JobCard, language: str) -> Drawn:
    """Draw a job."""
    title = in_language(card.title, language)
    around = Surroundings(
        titles=card.titles,
        stages=card.stages,
        names=card.names,
        thumbnail=lambda commitment: photo_url(commitment, SMALL),
        language=language,
    )
    # The bytes of a step's photos are all here once it is done; before that a picture might be asked for in vain.
    haws = [haw if haw["state"] == "done" else {**haw, "photos": []} for haw in card.haws]
    skewer = build_skewer(title, haws, around=around, status=card.status, outcome=card.outcome)
    return Drawn(
        title=title,
        people=_(", ").join(dict.fromkeys(name for names in card.people.values() for name in names)),
        skewer=render_to_string("components/skewer.html", {"view": skewer, "size": "small"}),
    )

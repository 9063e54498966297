"""Stories told with small templates, from which the vectors of both kernels are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.support.flow_stories.evidence import photos, readings, registers
from tests.support.flow_stories.newcomers import newcomers
from tests.support.flow_stories.people import decisions, people, stops
from tests.support.flow_stories.removals import removals
from tests.support.flow_stories.retakes import retakes
from tests.support.flow_stories.revocations import revocations
from tests.support.flow_stories.samples import samples
from tests.support.flow_stories.telling import Case
from tests.support.flow_stories.times import belt, forms, times
from tests.support.flow_stories.ways import choices, orders, repeats

STORIES: dict[str, Callable[[], Iterator[Case]]] = {
    "orders": orders,
    "choices": choices,
    "repeats": repeats,
    "registers": registers,
    "readings": readings,
    "samples": samples,
    "times": times,
    "stops": stops,
    "photos": photos,
    "retakes": retakes,
    "people": people,
    "newcomers": newcomers,
    "removals": removals,
    "revocations": revocations,
    "decisions": decisions,
    "forms": forms,
    "belt-conveyor": belt,
}

"""The values behind commitments are kept, off the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tanghulu.apps.evidence.models import Opening
from tanghulu.apps.tenancy import rows
from tanghulu.core.chain import commitment
from tanghulu.core.chain.text import holds_nul
from tanghulu.core.errors import Invalid

Openings = Sequence[commitment.Opening]


def keep_openings(sent: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Keep openings; those that are kept already change nothing. Raises Invalid `opening_invalid`."""
    write_openings(examine_openings(sent), at=at)


def examine_openings(sent: Sequence[Mapping[str, Any]]) -> Openings:
    """The openings, each of which opens its commitment. Raises Invalid `opening_invalid`."""
    if not isinstance(sent, list | tuple):
        raise Invalid("opening_invalid")
    return [_examined(one) for one in sent]


def write_openings(openings: Openings, *, at: datetime) -> None:
    """Keep openings that have been examined; those that are kept already change nothing."""
    values = {one.commitment: (one.commitment, one.salt, one.value, at) for one in openings}
    rows.insert_missing(Opening, ("commitment", "salt", "value", "kept_at"), list(values.values()))


def _examined(sent: Mapping[str, Any]) -> commitment.Opening:
    try:
        opening = commitment.opening_of(dict(sent))
    except (Invalid, TypeError, ValueError) as error:
        raise Invalid("opening_invalid") from error
    if not opening.opens() or holds_nul(opening.value):
        raise Invalid("opening_invalid")
    return opening

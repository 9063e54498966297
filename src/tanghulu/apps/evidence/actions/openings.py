"""The values behind commitments are kept, off the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tanghulu.apps.evidence.models import Opening
from tanghulu.core.chain import commitment
from tanghulu.core.errors import Invalid


def keep_openings(sent: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Keep openings; those that are kept already change nothing. Raises Invalid `opening_invalid`."""
    found = [_examined(one) for one in sent]
    wanted = [one.commitment for one in found]
    known = set(Opening.objects.filter(commitment__in=wanted).values_list("commitment", flat=True))
    fresh = {one.commitment: one for one in found if one.commitment not in known}
    Opening.objects.bulk_create(
        (Opening(commitment=one.commitment, salt=one.salt, value=one.value, kept_at=at) for one in fresh.values()),
        ignore_conflicts=True,
    )


def _examined(sent: Mapping[str, Any]) -> commitment.Opening:
    try:
        opening = commitment.opening_of(dict(sent))
    except (Invalid, TypeError, ValueError) as error:
        raise Invalid("opening_invalid") from error
    if not opening.opens():
        raise Invalid("opening_invalid")
    return opening

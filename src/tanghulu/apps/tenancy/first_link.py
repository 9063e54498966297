"""The link with which a new installation is set up: good for a day, and only while there is no company.

Whoever runs the server has it from the command line. It is signed with the key of the installation and stored nowhere.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

from tanghulu.apps.tenancy.models import Tenant
from tanghulu.core.errors import NotFound

LIVES = timedelta(days=1)
_FORM = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{20,})")


def make_first_link(*, at: datetime) -> str | None:
    """The code of a link; None where there is a company already."""
    if Tenant.objects.exists():
        return None
    return _signer().sign(str(int((at + LIVES).timestamp())))


def read_first_link(code: str, *, at: datetime) -> None:
    """Accept a code, or raise NotFound `link_unknown`: also when it is old, or when there is a company."""
    form = _FORM.fullmatch(code)
    try:
        until = datetime.fromtimestamp(int(_signer().unsign(code)), UTC) if form else at
    except (BadSignature, ValueError, OverflowError):
        until = at
    if until <= at or Tenant.objects.exists():
        raise NotFound("link_unknown")


def _signer() -> Signer:
    return Signer(sep=".", salt="tanghulu.first-link")

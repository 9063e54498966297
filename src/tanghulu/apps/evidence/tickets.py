"""One-time codes, with which a phone asks to come in, and tickets, which it shows until it has a token."""

from __future__ import annotations

import re
import secrets

from tanghulu.apps.directory.one_way import digest
from tanghulu.apps.evidence.models import EnrolmentCode
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.core.errors import NotFound

# The tenant stands in the ticket, so that it is looked up inside its tenant and nowhere else.
_TICKET = re.compile(r"tgt_([a-z][a-z0-9-]{1,39})_[A-Za-z0-9_-]{43}")


def new_code() -> str:
    """A one-time code: 24 random bytes."""
    return secrets.token_urlsafe(24)


def new_ticket() -> str:
    """A ticket of the current tenant. It opens one address only."""
    return f"tgt_{scope.current()}_{secrets.token_urlsafe(32)}"


def tenant_of_code(code: str) -> str:
    """The tenant that gave the code out. Raises NotFound `code_unknown`."""
    # A phone that asks to come in knows its code and not yet its company.
    with scope.across_tenants():
        found = EnrolmentCode.everywhere.filter(sha256=digest(code)).values_list("tenant_id", flat=True).first()
    if found is None:
        raise NotFound("code_unknown")
    return found


def tenant_of_ticket(ticket: str) -> str:
    """The tenant that the ticket names. Raises NotFound `device_not_found` for what is no ticket."""
    match = _TICKET.fullmatch(ticket)
    if match is None or not companies.exists(match[1]):
        raise NotFound("device_not_found")
    return match[1]

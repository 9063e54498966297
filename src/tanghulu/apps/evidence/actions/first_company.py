"""A new installation gets its first company, with an administrator and an open log."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tanghulu.apps.directory import actions as directory
from tanghulu.apps.evidence.actions.opening_log import open_log
from tanghulu.apps.tenancy import actions as tenancy
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Role
from tanghulu.core.errors import Invalid, NotAllowed


def begin_first_company(
    actor: Actor, *, slug: str, company: str, language: str, name: str, username: str, password: str, at: datetime
) -> str:
    """Add the company, its administrator, who can sign in, and its log; return the administrator's ref.

    The administrator is the log's founder: the server itself vouches for their first device, and they for others.
    Raises as `add_tenant`, `add_member` and `open_log` do, and Conflict `company_exists`.
    """
    if not actor.is_operator:
        raise NotAllowed("not_allowed")
    if not password:
        raise Invalid("text_missing", field="password")
    with transaction.atomic():
        tenancy.add_first_tenant(actor, slug=slug, name=company, language=language, at=at)
        with scope.within(slug):
            ref = directory.add_member(
                actor,
                name=name,
                roles=[Role.ADMINISTRATOR],
                username=username,
                password=password,
                language=language,
                at=at,
            )
            open_log(actor, founders=[ref], at=at)
    return ref

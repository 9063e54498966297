"""Say which account elsewhere a person signs in with, such as one who belongs to several companies."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from tanghulu.apps.directory import actions, identities, queries
from tanghulu.apps.directory.identities import Kind
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.queries import company
from tanghulu.core.access import Actor
from tanghulu.core.errors import NotFound


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu link-account", description=__doc__)
    parser.add_argument("tenant", help="the short name of the company")
    parser.add_argument("username", help="the person's sign-in name")
    parser.add_argument("kind", type=Kind, choices=list(Kind), help="company (OpenID Connect) or dingtalk")
    parser.add_argument("subject", help="the id of the account there: the subject, or the union id")
    parser.add_argument("--remove", action="store_true", help="take it away again, and end the person's sessions")
    given = parser.parse_args(arguments)
    actor, now = Actor.operator(given.tenant), datetime.now(UTC)
    with scope.within(given.tenant):
        company()
        member = queries.ref_by_username(given.username)
        if given.remove:
            held = _held(actor, member, given.kind, given.subject)
            actions.remove_identity(actor, member=member, identity=held, at=now)
        else:
            actions.link_identity(actor, member=member, kind=given.kind, subject=given.subject, at=now)
    return 0


def _held(actor: Actor, member: str, kind: Kind, subject: str) -> int:
    for row in identities.identities(actor, member=member):
        if (row.kind, row.subject) == (kind, subject):
            return row.id
    raise NotFound("identity_not_found")

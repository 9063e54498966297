"""Issue a bearer token for the API to a person, or withdraw the tokens that a person has."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.queries import company
from tanghulu.core.access import Actor


def main(arguments: list[str]) -> int:
    """Run the command; its exit code. Prints the token, which is kept nowhere in clear."""
    parser = argparse.ArgumentParser(prog="tanghulu token", description=__doc__)
    parser.add_argument("tenant", help="the short name of the company")
    parser.add_argument("username", help="the person's sign-in name")
    parser.add_argument("--purpose", default="api", help="what it is for, such as the name of a program")
    parser.add_argument("--days", type=int, default=0, help="let it end by itself after so many days")
    parser.add_argument("--revoke", action="store_true", help="withdraw the person's tokens with this purpose instead")
    given = parser.parse_args(arguments)
    actor, now = Actor.operator(given.tenant), datetime.now(UTC)
    with scope.within(given.tenant):
        company()
        member = queries.ref_by_username(given.username)
        if given.revoke:
            withdrawn = actions.revoke_tokens(actor, member=member, purpose=given.purpose, at=now)
            print(f"withdrawn: {withdrawn}")
        else:
            ends = now + timedelta(days=given.days) if given.days else None
            print(actions.issue_token(actor, member=member, purpose=given.purpose, at=now, expires_at=ends))
    return 0

"""Make a link with which a person chooses a password, such as the only administrator who has forgotten theirs."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from django.conf import settings

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.queries import company
from tanghulu.core.access import Actor


def main(arguments: list[str]) -> int:
    """Run the command; its exit code. Prints the link, which works once."""
    parser = argparse.ArgumentParser(prog="tanghulu sign-in-link", description=__doc__)
    parser.add_argument("tenant", help="the short name of the company")
    parser.add_argument("username", help="the person's sign-in name")
    parser.add_argument(
        "--reset-second-factor", action="store_true", help="also take away the second factor, when it is lost"
    )
    given = parser.parse_args(arguments)
    actor, now = Actor.operator(given.tenant), datetime.now(UTC)
    with scope.within(given.tenant):
        company()
        member = queries.ref_by_username(given.username)
        if given.reset_second_factor:
            actions.reset_second_factor(actor, member=member, at=now)
        link = actions.make_link(actor, member=member, at=now)
    scheme = "https" if settings.HTTPS or settings.CERTIFICATE else "http"
    print(f"{scheme}://{settings.HOST}/password/link/{link.code}/")
    return 0

"""Add a person to a company. The password is read from the terminal, or from standard input where it is none."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.queries import company
from tanghulu.core.access import Actor, Role


def main(arguments: list[str]) -> int:
    """Run the command; its exit code. Prints the person's ref."""
    parser = argparse.ArgumentParser(prog="tanghulu add-member", description=__doc__)
    parser.add_argument("tenant", help="the short name of the company")
    parser.add_argument("name", help="the person's name")
    parser.add_argument("--role", action="append", default=[], choices=[role.value for role in Role], help="repeatable")
    parser.add_argument("--number", default="", help="as printed on the badge")
    parser.add_argument("--username", default="", help="to sign in with; an account that exists joins the company")
    parser.add_argument("--email", default="")
    given = parser.parse_args(arguments)
    with scope.within(given.tenant):
        company()
        new_account = given.username and not queries.account_exists(given.username)
        ref = actions.add_member(
            Actor.operator(given.tenant),
            name=given.name,
            roles=given.role,
            number=given.number,
            username=given.username,
            email=given.email,
            password=_password() if new_account else "",
            at=datetime.now(UTC),
        )
    print(ref)
    return 0


def _password() -> str:
    """What was typed; empty is allowed, and then no password opens the account until one is set."""
    if sys.stdin.isatty():
        return getpass.getpass("Password / 密码: ")
    return sys.stdin.readline().rstrip("\n")

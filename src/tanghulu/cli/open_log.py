"""Begin the evidence log of a company, once its administrators and safety officers are there.

They are its founders: the server vouches for the first device of each, and they vouch for all others. The company to
which `first-link` leads has its log from the beginning.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.queries import company
from tanghulu.core.access import Actor, Permission


def main(arguments: list[str]) -> int:
    """Run the command; its exit code, 1 where nobody could be a founder."""
    parser = argparse.ArgumentParser(
        prog="tanghulu open-log", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tenant", help="the short name of the company")
    given = parser.parse_args(arguments)
    with scope.within(given.tenant):
        company()
        founders = directory.refs_who_may(Permission.EVIDENCE_DEVICE_ENROL)
        if not founders:
            print("还没有管理员或安全员 / there is no administrator or safety officer yet", file=sys.stderr)
            return 1
        is_new = evidence.open_log(Actor.operator(given.tenant), founders=founders, at=datetime.now(UTC))
    print(f"founders: {len(founders)}" if is_new else "the log has begun already")
    return 0

"""Write the evidence pack of a run, and beside it a policy that trusts the log's key as it is today."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs import actions
from tanghulu.apps.tenancy import queries as tenancy
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.errors import NotFound


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu export", description=__doc__)
    parser.add_argument("run", help="the run's id, 32 hexadecimal digits, as in the address of its page")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where to write the pack, such as PACK.zip")
    parser.add_argument("--tenant", default="", help="the company's short name; needed only where there are several")
    given = parser.parse_args(arguments)
    with scope.within(_company(given.tenant)), tempfile.TemporaryFile() as pack:
        # What is refused leaves no half of a file behind.
        actions.write_pack(Actor.operator(scope.current()), ref=given.run, at=datetime.now(UTC), sink=pack)
        policy = chain.policy_text()
        pack.seek(0)
        with given.output.open("wb") as output:
            shutil.copyfileobj(pack, output)
    given.output.with_name(f"{given.output.name}.policy").write_text(policy, encoding="utf-8")
    print(given.output)
    return 0


def _company(wanted: str) -> str:
    slugs = tenancy.slugs()
    if wanted in slugs:
        return wanted
    if not wanted and len(slugs) == 1:
        return slugs[0]
    raise NotFound("tenant_not_found")

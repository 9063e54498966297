"""Fill an empty data directory with the demo's companies, people, templates and logs.

Prints one JSON object: for each company the tokens, refs and equipment with which simulated phones begin.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from django.core.management import call_command

from tanghulu.apps.directory import actions as people
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.flows import actions as flows
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    argparse.ArgumentParser(prog="tanghulu seed-demo", description=__doc__).parse_args(arguments)
    now = datetime.now(UTC)
    call_command("migrate", interactive=False, verbosity=0)
    people.add_demo_companies(Actor.operator("harbour"), at=now)
    print(json.dumps({slug: _furnish(slug, now) for slug in companies.slugs()}, ensure_ascii=False))
    return 0


def _furnish(slug: str, now: datetime) -> dict[str, Any]:
    actor = Actor.operator(slug)
    with scope.within(slug):
        founders = directory.refs_who_may(Permission.EVIDENCE_DEVICE_ENROL)
        evidence.open_log(actor, founders=founders, at=now)
        versions = flows.publish_library(actor, at=now)
        return {
            "versions": versions,
            "equipment": {row.number: row.ref for row in directory.equipment(actor)},
            "people": {
                person.username: {
                    "ref": person.ref,
                    "name": person.name,
                    "token": people.issue_token(actor, member=person.ref, purpose="demo", at=now),
                }
                for person in directory.colleagues(actor)
            },
        }

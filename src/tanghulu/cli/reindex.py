"""Throw the index of words away and make it anew from the logs and the openings beside them."""

from __future__ import annotations

import argparse

from tanghulu.apps.jobs import search
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu reindex", description=__doc__)
    parser.add_argument("--tenant", help="this company only")
    given = parser.parse_args(arguments)
    with scope.across_tenants():
        slugs = companies.slugs()
    if given.tenant is not None and given.tenant not in slugs:
        parser.error(f"no such company: {given.tenant}")
    for slug in [given.tenant] if given.tenant is not None else slugs:
        with scope.within(slug):
            print(f"{slug}: {search.rebuild(Actor.operator(slug))}")
    return 0

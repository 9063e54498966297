"""Recompute every log, chain, photo and run of this installation and compare.

Exits with 0 when all is as it should be, with 1 when something is not. Notes say what is not complete yet; they are no
problem.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from tanghulu.apps.evidence.fsck import Finding, check_log
from tanghulu.apps.jobs.fsck import check_runs
from tanghulu.apps.photos.fsck import check_photos
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.one_moment import as_of_one_moment

_PROBLEM = 1


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu fsck", description=__doc__)
    parser.add_argument("--tenant", help="check this company only")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--quiet", action="store_true", help="leave the notes out")
    given = parser.parse_args(arguments)
    with scope.across_tenants():
        slugs = companies.slugs()
    if given.tenant is not None and given.tenant not in slugs:
        parser.error(f"no such company: {given.tenant}")
    problems = 0
    for slug in [given.tenant] if given.tenant is not None else slugs:
        found = 0
        # As of one moment, because phones go on sending and the worker goes on publishing.
        with scope.within(slug), as_of_one_moment():
            for finding in _check():
                found += not finding.is_note
                if not (given.quiet and finding.is_note):
                    _show(slug, finding, as_json=given.json)
        if not given.json:
            print(f"{slug}: {'没有问题 / clean' if not found else f'{found} 个问题 / problems'}")
        problems += found
    return _PROBLEM if problems else 0


def _check() -> Iterator[Finding]:
    yield from check_log()
    yield from check_photos()
    yield from check_runs()


def _show(slug: str, finding: Finding, *, as_json: bool) -> None:
    if as_json:
        kind = "note" if finding.is_note else "problem"
        line = {"tenant": slug, "kind": kind, "code": finding.code, "about": finding.about, "detail": finding.detail}
        print(json.dumps(line, ensure_ascii=False))
        return
    mark = "·" if finding.is_note else "✗"
    print(f"{mark} {slug}  {finding.code}  {finding.about}: {finding.detail}")

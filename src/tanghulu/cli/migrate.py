"""Bring the database up to date, and put the static files where they are served from."""

from __future__ import annotations

import argparse

from django.core.management import call_command

from tanghulu.apps.tenancy import row_security, scope


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu migrate", description=__doc__)
    parser.parse_args(arguments)
    prepare(verbosity=1)
    return 0


def prepare(*, verbosity: int = 0) -> None:
    """Apply what is not applied yet: migrations, row-level security on PostgreSQL, static files with hashed names."""
    with scope.across_tenants():
        call_command("migrate", interactive=False, verbosity=verbosity)
    row_security.protect()
    call_command("collectstatic", interactive=False, verbosity=0)

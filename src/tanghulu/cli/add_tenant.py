"""Add a company."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from tanghulu.apps.tenancy.actions import add_tenant
from tanghulu.core.access import Actor


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu add-tenant", description=__doc__)
    parser.add_argument("slug", help="its short name, which names its evidence log for ever: small letters, digits, -")
    parser.add_argument("name", help="its name as people know it")
    parser.add_argument("--language", default="zh-hans", help="zh-hans (default), zh-hant or en")
    parser.add_argument("--time-zone", default="Asia/Shanghai", help="such as Asia/Shanghai (default)")
    given = parser.parse_args(arguments)
    add_tenant(
        Actor.operator(given.slug),
        slug=given.slug,
        name=given.name,
        language=given.language,
        time_zone=given.time_zone,
        at=datetime.now(UTC),
    )
    print(f"added {given.slug}; next: tanghulu add-member {given.slug} NAME --role administrator --username NAME")
    return 0

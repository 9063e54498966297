"""Passwords of the cast, chosen as people do: with a link that the administrator made."""

from __future__ import annotations

from tanghulu.apps.directory import actions
from tanghulu.apps.directory.sign_ins import Origin
from tanghulu.apps.tenancy import scope
from tests.support.cast import NOON, Cast


def choose_password(cast: Cast, username: str, password: str) -> None:
    """This person of Harbour chooses a password."""
    with scope.within("harbour"):
        link = actions.make_link(cast["zheng"], member=cast[username].member, at=NOON)
    actions.use_link(link.code, password=password, origin=Origin(), at=NOON)

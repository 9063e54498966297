"""Whatever has a name for ever has its line in the reference: error codes, permissions, events, commands, settings."""

import ast
import re

import pytest

from tanghulu.cli.main import COMMANDS
from tanghulu.core.access import ROLE_PERMISSIONS, Permission, Role
from tanghulu.core.chain.event import EventType
from tests.architecture.source import ROOT, Module, dotted, module, modules

REFUSALS = {"Invalid", "NotAllowed", "NotFound", "Conflict"}
CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def refused_codes(given: Module) -> set[str]:
    """The codes that a module refuses with, as far as they are written out."""
    found = set()
    for node in ast.walk(given.tree):
        if isinstance(node, ast.Call) and dotted(node.func).removeprefix("errors.") in REFUSALS and node.args:
            found |= {
                item.value
                for item in ast.walk(node.args[0])
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            }
    return found


def settings_read() -> set[str]:
    text = "".join(given.text for given in modules("src/tanghulu/config"))
    return set(re.findall(r'"(TANGHULU_[A-Z_]+)"', text))


def without_a_line(page: str, names: set[str]) -> list[str]:
    """The names that no line of the page has between backticks."""
    written = set(re.findall(r"`([^`\n]+)`", page))
    return sorted(names - written)


def page(name: str) -> str:
    path = ROOT / "docs" / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def codes() -> set[str]:
    return {code for given in modules("src") for code in refused_codes(given)}


NAMES = {
    "reference/errors.md": codes,
    "reference/permissions.md": lambda: {*Permission, *Role},
    "reference/events.md": lambda: set(EventType),
    "reference/commands.md": lambda: set(COMMANDS),
    "reference/settings.md": settings_read,
}


class TestTheReference:
    @pytest.mark.parametrize("name", NAMES)
    def test_has_every_name(self, name):
        assert without_a_line(page(name), {str(found) for found in NAMES[name]()}) == []

    @pytest.mark.parametrize("name", NAMES)
    def test_is_asked_for_something(self, name):
        assert len(NAMES[name]()) > 0

    def test_is_refused_when_a_name_is_missing(self):
        assert without_a_line("| `known` | a code |", {"known", "unknown"}) == ["unknown"]


class TestThePermissionsPage:
    def test_gives_each_permission_to_the_roles_that_have_it(self):
        rows = re.findall(r"^\| `(\w+\.\w+\.\w+)` \|.*\| (.*) \|$", page("reference/permissions.md"), re.MULTILINE)
        written = {name: set(roles.split(", ")) - {""} for name, roles in rows}
        assert written == {
            str(name): {str(role) for role in Role if name in ROLE_PERMISSIONS[role]} for name in Permission
        }


class TestCodes:
    def test_are_snake_case(self):
        assert [code for code in sorted(codes()) if not CODE.fullmatch(code)] == []

    def test_are_found_where_they_are_raised(self):
        given = module(
            "a.py", "raise Invalid('a_code', x=1)\nraise errors.Conflict('b' if c else 'd')\nraise ValueError('no')"
        )
        assert refused_codes(given) == {"a_code", "b", "d"}

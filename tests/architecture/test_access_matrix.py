"""Every address and every role: access_matrix.toml says what is allowed, and this asks the running product."""

import json
import re
import tomllib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tanghulu.apps.directory.models import Member, OrgUnit
from tanghulu.apps.evidence.models import Device
from tanghulu.apps.flows.models import TemplateVersion
from tanghulu.apps.jobs.models import Run, RunPhoto
from tanghulu.apps.photos.models import Photo
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import ROLE_PERMISSIONS, Permission, Role
from tanghulu.core.flow import new_state, state_to_json
from tests.support.cast import NOON, USERNAMES, Cast

MATRIX: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "access_matrix.toml").read_text(encoding="utf-8")
)
METHODS = ("GET", "POST", "PUT", "DELETE")
WORDS = {"public", "signed in", "absent", "framework"}
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>|{(\w+)}")
# Files are served to anybody.
BESIDES = re.compile(r"^/static/")


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path


def without_a_row(found: set[str], rows: set[str]) -> list[str]:
    return sorted(address for address in found - rows if not BESIDES.match(address))


def known_addresses() -> set[str]:
    return set(addresses(get_resolver().url_patterns))


def cells() -> list[tuple[str, str, str]]:
    return [(address, method, row[method]) for address, row in MATRIX.items() for method in METHODS if method in row]


def roles_of(rule: str) -> set[Role]:
    if rule in WORDS:
        return set(Role)
    permission = Permission(rule.removeprefix("hidden: "))
    return {role for role in Role if permission in ROLE_PERMISSIONS[role]}


def filled(address: str, things: dict[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: things[found[1] or found[2]], address)


def ask(client: Client, method: str, address: str, body: Any) -> int:
    if address.startswith("/api/"):
        answer = client.generic(method, address, json.dumps(body or {}), content_type="application/json")
        if answer.streaming:
            # A file that is sent piece by piece is closed at its end.
            answer.getvalue()
    else:
        answer = getattr(client, method.lower())(address, body or {})
    to_the_door = answer.status_code == HTTPStatus.FOUND and "/sign-in/" in answer["Location"]
    return HTTPStatus.UNAUTHORIZED if to_the_door else answer.status_code


def verdict(status: int) -> str:
    """What a status means to the one who asked; 404 and 422 come after the permission, so it was there."""
    named = {401: "stranger", 403: "refused"}
    return named.get(status) or ("broken" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "let in")


# Refs, numbers and hashes that nothing has.
NOTHING = {
    "certificate": "999999",
    "identity": "999999",
    "token": "999999",
    "number": "999999",
    "session": "999999",
    "unit": "999999",
    "pk": "999999",
    "provider_id": "company",
    "code": "tgl_harbour_" + "0" * 32,
    "dseq": "1",
    "size": "320",
    "tenant": "harbour",
    "path": "checkpoint",
    **dict.fromkeys(("run", "ref"), "0" * 32),
    **dict.fromkeys(("device", "sha256", "commitment", "version"), "0" * 64),
}
# What really exists at Quarry, so that a 404 at Harbour is not an empty one.
FOREIGN = {
    "run": "a" * 32,
    "version": "b" * 64,
    "commitment": "c" * 64,
    "sha256": "d" * 64,
    "device": "e" * 64,
}


def add_things(names: dict[str, str]) -> None:
    """A job with a photo, a template and a waiting device, in the present company."""
    run = Run.objects.create(
        ref=names["run"], version=names["version"], status="open", state=state_to_json(new_state()), changed_at=NOON
    )
    RunPhoto.objects.create(
        run=run, commitment=names["commitment"], sha256=names["sha256"], media_type="image/jpeg", size=1
    )
    Photo.objects.create(sha256=names["sha256"], size=1, media_type="image/jpeg", subject="0" * 32, stored_at=NOON)
    TemplateVersion.objects.create(
        template="quarrying", number=1, version=names["version"], document=b"{}", published_at=NOON
    )
    Device.objects.create(
        device=names["device"], spki=b"", member="0" * 32, assurance="webcrypto", status="pending", envelope=b"{}",
        asked_at=NOON,
    )  # fmt: skip


@pytest.fixture
def things(cast: Cast) -> dict[str, dict[str, str]]:
    """What stands in the addresses, by company: somebody's ref, and numbers and hashes that nothing has."""
    with scope.across_tenants():
        people = dict(Member.everywhere.values_list("account__username", "ref"))
    with scope.within("quarry"):
        add_things(FOREIGN)
        theirs = str(OrgUnit.objects.values_list("pk", flat=True)[0])
    return {
        "harbour": NOTHING | {"ref": people["li"]},
        "quarry": NOTHING | FOREIGN | {"ref": people["quentin"], "tenant": "quarry", "unit": theirs},
    }


class TestTheMatrix:
    def test_has_a_row_for_every_address(self):
        assert without_a_row(known_addresses(), set(MATRIX)) == []

    def test_has_no_row_for_an_address_that_is_gone(self):
        assert sorted(set(MATRIX) - known_addresses()) == []

    def test_says_in_each_row_what_is_asked(self):
        assert [address for address, row in MATRIX.items() if not set(row) & set(METHODS)] == []
        rules = {rule.removeprefix("hidden: ") for _, _, rule in cells()}
        assert sorted(rules - WORDS - set(Permission)) == []

    def test_is_refused_when_an_address_has_no_row(self):
        assert without_a_row({"/a/", "/b/", "/static/x.js"}, {"/a/"}) == ["/b/"]


class TestVerdict:
    @pytest.mark.parametrize(
        ("status", "meaning"), [(401, "stranger"), (403, "refused"), (404, "let in"), (302, "let in"), (500, "broken")]
    )
    def test_says(self, status, meaning):
        assert verdict(status) == meaning


decided_here = pytest.mark.parametrize(
    ("address", "method", "rule"), [cell for cell in cells() if cell[2] != "framework"]
)
of_a_company = pytest.mark.parametrize(
    ("address", "method", "rule"), [cell for cell in cells() if "foreign" in MATRIX[cell[0]]]
)


class TestEveryAddress:
    @decided_here
    def test_lets_in_exactly_the_roles_of_its_row(self, cast, things, address, method, rule):
        body, path = MATRIX[address].get("body"), filled(address, things["harbour"])
        answers = {}
        for username, role in USERNAMES.items():
            client = cast.phone(username) if path.startswith("/api/") else cast.browser(username)
            answers[username, role] = ask(client, method, path, body)
        if rule == "absent":
            assert set(answers.values()) == {HTTPStatus.NOT_FOUND}
        elif rule.startswith("hidden: "):
            hidden = {who: status for who, status in answers.items() if who[1] not in roles_of(rule)}
            assert set(hidden.values()) <= {HTTPStatus.NOT_FOUND}
            assert {verdict(status) for status in answers.values()} == {"let in"}
        else:
            allowed = roles_of(rule)
            expected = {who: "let in" if who[1] in allowed else "refused" for who in answers}
            assert {who: verdict(status) for who, status in answers.items()} == expected

    @decided_here
    @pytest.mark.django_db
    def test_knows_strangers(self, address, method, rule):
        status = ask(Client(), method, filled(address, NOTHING), MATRIX[address].get("body"))
        if rule == "absent" or rule.startswith("hidden: "):
            assert status == HTTPStatus.NOT_FOUND
        else:
            assert verdict(status) == ("let in" if rule == "public" else "stranger")

    @of_a_company
    def test_does_not_know_what_is_another_companys(self, cast, things, address, method, rule):
        body, path = MATRIX[address].get("body"), filled(address, things["quarry"])
        allowed = [username for username, role in USERNAMES.items() if role in roles_of(rule)]
        assert allowed
        for username in allowed:
            client = cast.phone(username) if path.startswith("/api/") else cast.browser(username)
            assert ask(client, method, path, body) == HTTPStatus.NOT_FOUND

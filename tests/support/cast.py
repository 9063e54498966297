"""The cast: Wen works and Vera looks on at Harbour; Quentin at Quarry must see nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import DjangoDbBlocker

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory.models import Member
from tanghulu.apps.tenancy import row_security, scope
from tanghulu.core.access import Actor, Role

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # noon at Harbour
USERNAMES = {
    "wen": Role.WORKER,
    "li": Role.WORKER,
    "vera": Role.GUARDIAN,
    "zhao": Role.TEAM_LEADER,
    "chen": Role.SAFETY_OFFICER,
    "sun": Role.TEMPLATE_AUTHOR,
    "zhou": Role.MANAGER,
    "wu": Role.AUDITOR,
    "zheng": Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Cast:
    """Two companies and everybody in them, by sign-in name."""

    actors: dict[str, Actor]

    def __getitem__(self, username: str) -> Actor:
        return self.actors[username]

    def browser(self, username: str) -> Client:
        """A browser in which this person is signed in."""
        client = Client(headers={"accept-language": "en"})
        client.force_login(get_user_model().objects.get(username=username))
        return client

    def phone(self, username: str) -> Client:
        """A client of the API with this person's bearer token."""
        actor = self[username]
        with scope.within(actor.tenant):
            token = actions.issue_token(
                Actor.operator(actor.tenant), member=actor.member, purpose="test", at=NOON - timedelta(days=1)
            )
        return Client(headers={"authorization": f"Bearer {token}", "accept-language": "en"})


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, on PostgreSQL with row-level security, as `tanghulu migrate` leaves it."""
    with django_db_blocker.unblock():
        row_security.protect()


@pytest.fixture
def cast(db: None) -> Cast:
    """Harbour and Quarry with their people; no tenant is entered yet."""
    actions.add_demo_companies(Actor.operator("harbour"), at=NOON)
    with scope.across_tenants():
        rows = list(Member.everywhere.values_list("tenant_id", "ref", "account__username"))
    actors = {}
    for tenant, ref, username in rows:
        with scope.within(tenant):
            actors[username] = queries.actor_for(ref)
    return Cast(actors)


@pytest.fixture
def wen(cast: Cast) -> Actor:
    return cast["wen"]


@pytest.fixture
def vera(cast: Cast) -> Actor:
    return cast["vera"]


@pytest.fixture
def quentin(cast: Cast) -> Actor:
    return cast["quentin"]


@pytest.fixture
def at_harbour(cast: Cast) -> Iterator[Cast]:
    """The cast, with the test running inside Harbour."""
    with scope.within("harbour"):
        yield cast

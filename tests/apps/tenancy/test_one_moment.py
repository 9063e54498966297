from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from tanghulu.apps.tenancy.models import Tenant
from tanghulu.apps.tenancy.one_moment import as_of_one_moment


def add_company(slug: str) -> None:
    def add() -> None:
        try:
            Tenant.objects.create(slug=slug, name=slug, language="en", time_zone="UTC", created_at=timezone.now())
        finally:
            connection.close()

    thread = threading.Thread(target=add)
    thread.start()
    thread.join(20)


def slugs() -> list[str]:
    return list(Tenant.objects.order_by("slug").values_list("slug", flat=True))


@pytest.mark.django_db(transaction=True)
class TestAsOfOneMoment:
    def test_shows_what_was_there_at_first_while_others_go_on_writing(self) -> None:
        add_company("harbour")
        with as_of_one_moment():
            assert slugs() == ["harbour"]
            add_company("quarry")
            assert slugs() == ["harbour"]
        assert slugs() == ["harbour", "quarry"]

    def test_leaves_the_connection_as_it_was_when_reading_fails(self) -> None:
        add_company("harbour")
        with pytest.raises(ValueError, match="harbour"), as_of_one_moment():
            raise ValueError(*slugs())
        add_company("quarry")
        assert slugs() == ["harbour", "quarry"]


@pytest.mark.django_db
class TestInsideATransaction:
    def test_is_that_transaction_s_business(self) -> None:
        with as_of_one_moment():
            Tenant.objects.create(slug="harbour", name="x", language="en", time_zone="UTC", created_at=timezone.now())
        assert slugs() == ["harbour"]

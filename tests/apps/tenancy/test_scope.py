import threading

import pytest
from django.db import models

from tanghulu.apps.directory.models import Equipment, Member, MemberRole, OrgUnit, Place
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.scope import OutsideTenant
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db


class TestWithin:
    def test_sets_the_tenant_and_gives_back_what_was_before(self) -> None:
        with scope.within("harbour"):
            assert scope.current() == "harbour"
            with scope.within("quarry"):
                assert scope.current() == "quarry"
            assert scope.current() == "harbour"
        with pytest.raises(OutsideTenant):
            scope.current()

    def test_gives_back_after_an_error_too(self) -> None:
        with pytest.raises(ZeroDivisionError), scope.within("harbour"):
            raise ZeroDivisionError
        with pytest.raises(OutsideTenant):
            scope.current()

    @pytest.mark.parametrize("slug", ["", "*"])
    def test_refuses_what_is_no_slug(self, slug: str) -> None:
        with pytest.raises(OutsideTenant), scope.within(slug):
            pytest.fail("it was entered")

    def test_holds_for_its_own_thread_only(self) -> None:
        seen: list[str] = []

        def look() -> None:
            try:
                seen.append(scope.current())
            except OutsideTenant:
                seen.append("nothing")

        with scope.within("harbour"):
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
        assert seen == ["nothing"]


class TestObjects:
    def test_raises_outside_a_tenant(self, cast: Cast) -> None:
        with pytest.raises(OutsideTenant):
            Member.objects.all()

    def test_raises_in_work_over_every_tenant(self, cast: Cast) -> None:
        with scope.across_tenants(), pytest.raises(OutsideTenant):
            Member.objects.all()

    @pytest.mark.parametrize("model", [Member, MemberRole, OrgUnit, Place, Equipment])
    def test_sees_its_own_tenant_only(self, cast: Cast, model: type[models.Model]) -> None:
        for slug in ("harbour", "quarry"):
            with scope.within(slug):
                tenants = set(model.objects.values_list("tenant_id", flat=True))  # type: ignore[attr-defined]
            assert tenants == {slug}

    def test_finds_nothing_of_another_by_its_key(self, cast: Cast) -> None:
        with scope.within("harbour"):
            key = Member.objects.get(ref=cast["wen"].member).pk
        with scope.within("quarry"):
            assert Member.objects.filter(pk=key).first() is None
            assert not Member.objects.filter(pk=key).update(name="x")
            assert Member.objects.filter(pk=key).delete()[0] == 0

    def test_never_turns_to_another_tenant_when_it_is_read_later(self, cast: Cast) -> None:
        with scope.within("harbour"):
            later = Equipment.objects.order_by("number")
        with scope.within("quarry"):
            # PostgreSQL, where the rows are locked away as well, gives nothing at all.
            assert [row.number for row in later] in (["C1", "C2", "C3", "H1", "S1"], [])


class TestEverywhere:
    def test_raises_inside_one_tenant(self, at_harbour: Cast) -> None:
        with pytest.raises(OutsideTenant):
            Member.everywhere.all()

    def test_sees_all_in_work_over_every_tenant(self, cast: Cast) -> None:
        with scope.across_tenants():
            assert set(Member.everywhere.values_list("tenant_id", flat=True)) == {"harbour", "quarry"}


class TestSave:
    def test_puts_a_new_row_into_the_tenant(self, at_harbour: Cast) -> None:
        assert Place.objects.create(name="煤场").tenant_id == "harbour"
        assert Place.objects.bulk_create([Place(name="矿场")])[0].tenant_id == "harbour"

    def test_refuses_outside(self, cast: Cast) -> None:
        with pytest.raises(OutsideTenant):
            Place(name="煤场").save()

    def test_refuses_a_row_of_another_tenant(self, cast: Cast) -> None:
        with scope.within("harbour"):
            row = Place.objects.first()
        assert row is not None
        with scope.within("quarry"), pytest.raises(OutsideTenant):
            row.save()

    def test_refuses_to_point_to_a_row_of_another_tenant(self, cast: Cast) -> None:
        with scope.within("harbour"):
            unit = OrgUnit.objects.first()
        with scope.within("quarry"):
            member = Member.objects.get(ref=cast["quentin"].member)
            member.unit = unit
            with pytest.raises(OutsideTenant):
                member.save()

from datetime import date, timedelta

import pytest

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory.models import Account
from tanghulu.core.access import Actor, Permission, Role
from tanghulu.core.errors import NotAllowed, NotFound
from tests.support.cast import NOON, Cast


class TestSeatsOf:
    def test_says_who_the_account_is(self, cast: Cast) -> None:
        (seat,) = queries.seats_of(Account.objects.get(username="wen").pk)
        assert seat.actor == cast["wen"]
        assert (seat.name, seat.company, seat.time_zone) == ("王维", "港湾散货码头", "Asia/Shanghai")

    def test_gives_a_stranger_none(self, cast: Cast) -> None:
        assert queries.seats_of(None) == []
        assert queries.seats_of(999_999) == []


class TestMembers:
    def names(self, cast: Cast, **asked: object) -> list[str]:
        return [row.name for row in queries.members(cast["zheng"], **asked).rows]  # type: ignore[arg-type]

    def test_lists_by_number(self, at_harbour: Cast) -> None:
        rows = queries.members(at_harbour["zheng"]).rows
        assert [row.number for row in rows] == sorted(row.number for row in rows)
        assert "昆廷" not in {row.name for row in rows}

    def test_searches_names_and_numbers(self, at_harbour: Cast) -> None:
        assert self.names(at_harbour, search="王") == ["王维"]
        assert self.names(at_harbour, search=" 0232") == ["李强"]

    def test_takes_one_role(self, at_harbour: Cast) -> None:
        assert self.names(at_harbour, role="guardian") == ["魏娜", "刘洋"]

    def test_takes_those_who_left_when_asked(self, at_harbour: Cast) -> None:
        actions.change_member(
            at_harbour["zheng"], member=at_harbour["wen"].member, name="王维", number="0231", unit=None, active=False
        )
        assert "王维" not in self.names(at_harbour)
        assert self.names(at_harbour, active=False) == ["王维"]
        assert "王维" in self.names(at_harbour, active=None)

    def test_goes_page_by_page(self, at_harbour: Cast) -> None:
        page = queries.members(at_harbour["zheng"], start=10, limit=2)
        assert (len(page.rows), page.total) == (2, 14)

    def test_needs_few_reads(self, at_harbour: Cast, django_assert_max_num_queries: object) -> None:
        with django_assert_max_num_queries(4):  # type: ignore[operator]
            queries.members(at_harbour["zheng"])

    def test_is_not_for_workers(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            queries.members(at_harbour["wen"])


class TestMember:
    def test_does_not_find_people_of_another_company(self, at_harbour: Cast) -> None:
        with pytest.raises(NotFound):
            queries.member(at_harbour["zheng"], ref=at_harbour["quentin"].member)


class TestMemberNames:
    def test_names_those_of_this_company_only(self, at_harbour: Cast) -> None:
        refs = [at_harbour["wen"].member, at_harbour["quentin"].member, "0" * 32]
        assert queries.member_names(at_harbour["vera"], refs=refs) == {at_harbour["wen"].member: "王维"}


class TestFactsOf:
    def test_states_roles_and_certificates(self, at_harbour: Cast) -> None:
        li, quentin = at_harbour["li"].member, at_harbour["quentin"].member
        day = (NOON + timedelta(days=420)).date().isoformat()
        assert queries.facts_of([li, quentin]) == {li: {"roles": ["worker"], "certificates": {"electrical": day}}}

    def test_states_of_two_certificates_the_one_that_is_good_for_longest(self, at_harbour: Cast) -> None:
        li = at_harbour["li"].member
        for number, day in (("old", date(2020, 1, 1)), ("new", date(2099, 1, 1))):
            actions.add_certificate(at_harbour["chen"], member=li, kind="electrical", number=number, valid_until=day)
        assert queries.facts_of([li])[li]["certificates"] == {"electrical": "2099-01-01"}


class TestActorFor:
    def test_does_not_find_people_of_another_company(self, at_harbour: Cast) -> None:
        with pytest.raises(NotFound):
            queries.actor_for(at_harbour["quentin"].member)


class TestColleagues:
    def test_names_everybody_active_for_a_worker(self, at_harbour: Cast) -> None:
        names = {row.name for row in queries.colleagues(at_harbour["wen"])}
        assert {"王维", "魏娜"} <= names
        assert "昆廷" not in names

    def test_is_not_for_somebody_without_a_role(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            queries.colleagues(Actor("harbour", "a" * 32))


class TestRefsWhoMay:
    def test_takes_those_of_this_company(self, at_harbour: Cast) -> None:
        refs = queries.refs_who_may(Permission.EVIDENCE_DEVICE_ENROL)
        assert at_harbour["chen"].member in refs
        assert at_harbour["wen"].member not in refs
        assert at_harbour["quentin"].member not in refs


class TestEquipment:
    def test_takes_one_kind(self, at_harbour: Cast) -> None:
        assert len(queries.equipment(at_harbour["wen"], kind="conveyor")) == 3
        assert queries.equipment(at_harbour["wen"], kind="crane") == []

    def test_does_not_find_that_of_another_company(self, at_harbour: Cast) -> None:
        ref = queries.equipment(at_harbour["wen"])[0].ref
        assert queries.equipment_by_ref(at_harbour["wen"], ref=ref).number == "C1"
        with pytest.raises(NotFound, match="equipment_not_found"):
            queries.equipment_by_ref(at_harbour["wen"], ref="0" * 32)


class TestCertificates:
    def test_lists_what_ends_first_first(self, at_harbour: Cast) -> None:
        held = queries.certificates(at_harbour["wu"])
        assert held[0].name == "何伟"
        assert held[0].certificate.expired(NOON.date())
        days = [each.certificate.valid_until for each in held]
        assert days == sorted(days)

    def test_counts_the_last_day_as_good(self) -> None:
        row = queries.CertificateRow(1, "height", "1", date(2026, 3, 2))
        assert not row.expired(date(2026, 3, 2))
        assert row.expired(date(2026, 3, 3))


class TestRefByUsername:
    def test_finds_within_the_company_only(self, at_harbour: Cast) -> None:
        assert queries.ref_by_username("wen") == at_harbour["wen"].member
        with pytest.raises(NotFound):
            queries.ref_by_username("quentin")


class TestDemoPeople:
    def test_are_those_without_a_password(self, cast: Cast) -> None:
        people = {person.username: person for person in queries.demo_people()}
        assert people["wen"].roles == (Role.WORKER,)
        assert "quentin" in people
        account = Account.objects.get(username="wen")
        account.set_password("three-haws-on-a-stick")
        account.save()
        assert "wen" not in {person.username for person in queries.demo_people()}

import pytest

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory.models import Certificate, Equipment, Member, OrgUnit, Place
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission, Role
from tanghulu.core.errors import NotAllowed
from tests.support.cast import NOON, Cast


class TestAddDemoCompanies:
    def test_has_somebody_in_each_role(self, at_harbour: Cast) -> None:
        held = {role for row in queries.members(at_harbour["zheng"]).rows for role in row.roles}
        assert held == set(Role)

    def test_has_three_conveyors(self, at_harbour: Cast) -> None:
        rows = queries.equipment(at_harbour["wen"], kind="conveyor")
        assert [(row.number, row.name) for row in rows] == [
            ("C1", "1号皮带机"),
            ("C2", "2号皮带机"),
            ("C3", "3号皮带机"),
        ]

    def test_has_an_electrician_and_two_guardians_whose_certificates_hold(self, at_harbour: Cast) -> None:
        good = {
            (each.certificate.kind, each.name)
            for each in queries.certificates(at_harbour["zheng"])
            if not each.certificate.expired(NOON.date())
        }
        assert {("electrical", "李强"), ("guardian", "魏娜"), ("guardian", "刘洋")} <= good

    def test_has_several_who_may_confirm_devices(self, at_harbour: Cast) -> None:
        assert len(queries.refs_who_may(Permission.EVIDENCE_DEVICE_ENROL)) >= 3

    def test_leaves_alone_what_is_there(self, cast: Cast) -> None:
        def counts() -> list[int]:
            with scope.within("harbour"):
                return [model.objects.count() for model in (Member, OrgUnit, Place, Equipment, Certificate)]

        before = counts()
        actions.add_demo_companies(Actor.operator("harbour"), at=NOON)
        assert counts() == before

    def test_is_the_operators_alone(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.add_demo_companies(cast["zheng"], at=NOON)

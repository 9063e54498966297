import re

import pytest

from tanghulu.core.access import ROLE_PERMISSIONS, Actor, Permission, Role, permissions_of
from tanghulu.core.errors import NotAllowed


def actor(*roles: Role) -> Actor:
    return Actor(tenant="harbour", member="a" * 32, roles=frozenset(roles))


class TestPermission:
    def test_is_named_scope_resource_verb(self) -> None:
        assert all(re.fullmatch(r"[a-z]+\.[a-z]+\.[a-z]+", permission) for permission in Permission)

    def test_stands_in_alphabetical_order(self) -> None:
        assert list(Permission) == sorted(Permission)

    def test_is_called_in_code_as_in_the_log(self) -> None:
        assert all(permission.name == permission.value.replace(".", "_").upper() for permission in Permission)


class TestRolePermissions:
    def test_has_a_line_for_each_role(self) -> None:
        assert set(ROLE_PERMISSIONS) == set(Role)

    def test_gives_each_permission_to_somebody(self) -> None:
        assert permissions_of(frozenset(Role)) == set(Permission)

    @pytest.mark.parametrize("role", list(Role))
    def test_lets_everybody_read_jobs(self, role: Role) -> None:
        assert Permission.JOBS_RUN_READ in ROLE_PERMISSIONS[role]

    def test_lets_an_auditor_change_nothing(self) -> None:
        verbs = {permission.rpartition(".")[2] for permission in ROLE_PERMISSIONS[Role.AUDITOR]}
        assert verbs == {"read", "export"}

    def test_keeps_confirming_devices_to_two_roles(self) -> None:
        may = {role for role in Role if Permission.EVIDENCE_DEVICE_ENROL in ROLE_PERMISSIONS[role]}
        assert may == {Role.SAFETY_OFFICER, Role.ADMINISTRATOR}

    def test_keeps_people_to_administrators(self) -> None:
        may = {role for role in Role if Permission.DIRECTORY_MEMBER_WRITE in ROLE_PERMISSIONS[role]}
        assert may == {Role.ADMINISTRATOR}

    def test_keeps_acting_in_jobs_to_those_who_are_there(self) -> None:
        may = {role for role in Role if Permission.JOBS_RUN_ACT in ROLE_PERMISSIONS[role]}
        assert may == {Role.WORKER, Role.GUARDIAN, Role.TEAM_LEADER, Role.SAFETY_OFFICER}


class TestActor:
    def test_may_what_one_of_the_roles_allows(self) -> None:
        both = actor(Role.WORKER, Role.AUDITOR)
        assert both.may(Permission.JOBS_RUN_ACT)
        assert both.may(Permission.EVIDENCE_LOG_READ)
        assert not both.may(Permission.FLOWS_TEMPLATE_WRITE)

    def test_refuses_what_no_role_allows(self) -> None:
        with pytest.raises(NotAllowed) as refused:
            actor(Role.WORKER).require(Permission.DIRECTORY_MEMBER_WRITE)
        assert refused.value.code == "permission_missing"
        assert refused.value.params == {"permission": "directory.member.write"}

    def test_without_roles_may_nothing(self) -> None:
        assert not any(actor().may(permission) for permission in Permission)
        assert actor().permissions == frozenset()

    def test_as_operator_may_everything_in_the_tenant(self) -> None:
        operator = Actor.operator("harbour")
        assert operator.tenant == "harbour"
        assert operator.member == ""
        assert operator.permissions == set(Permission)
        operator.require(Permission.DIRECTORY_MEMBER_WRITE)

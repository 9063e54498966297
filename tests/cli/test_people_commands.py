"""The commands that add companies, people and tokens, run in this process against the test database."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.utils import timezone

from tanghulu.apps.directory import actions, identities, queries
from tanghulu.apps.evidence import queries as evidence
from tanghulu.apps.tenancy import scope
from tanghulu.cli import add_member, add_tenant, first_link, link_account, migrate, open_log, sign_in_link, token
from tanghulu.core.access import Actor, Role
from tanghulu.core.errors import Conflict, NotAllowed, NotFound
from tests.support.cast import Cast

PASSWORD = "three-haws-on-a-stick"


@pytest.mark.django_db
class TestAddTenant:
    def test_adds_a_company(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert add_tenant.main(["island", "海岛公司", "--language", "en"]) == 0
        assert "added island" in capsys.readouterr().out
        with pytest.raises(Conflict):
            add_tenant.main(["island", "海岛公司"])


class TestAddMember:
    def test_adds_a_person_who_can_sign_in(
        self, cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
        arguments = ["harbour", "丁一", "--role", "worker", "--role", "guardian", "--username", "ding"]
        assert add_member.main(arguments) == 0
        ref = capsys.readouterr().out.strip()
        with scope.within("harbour"):
            assert queries.actor_for(ref).roles == {Role.WORKER, Role.GUARDIAN}
        assert authenticate(None, username="ding", password=PASSWORD) is not None

    def test_joins_an_account_that_exists_without_asking_for_a_password(self, cast: Cast) -> None:
        assert add_member.main(["quarry", "郑洁", "--role", "auditor", "--username", "zheng"]) == 0

    def test_refuses_a_company_that_is_not_there(self, cast: Cast) -> None:
        with pytest.raises(NotFound, match="tenant_not_found"):
            add_member.main(["nowhere", "丁一"])

    def test_refuses_a_role_that_is_not_there(self, cast: Cast) -> None:
        with pytest.raises(SystemExit) as stopped:
            add_member.main(["harbour", "丁一", "--role", "emperor"])
        assert stopped.value.code == 2


class TestOpenLog:
    def test_begins_a_log_once_with_those_who_may_let_devices_in(
        self, cast: Cast, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert open_log.main(["harbour"]) == 0
        assert capsys.readouterr().out == "founders: 3\n"
        assert open_log.main(["harbour"]) == 0
        assert "already" in capsys.readouterr().out
        with scope.within("harbour"):
            assert evidence.log_position() == 1

    @pytest.mark.django_db
    def test_refuses_a_company_without_founders(self, capsys: pytest.CaptureFixture[str]) -> None:
        add_tenant.main(["island", "海岛公司"])
        assert open_log.main(["island"]) == 1
        assert "no administrator" in capsys.readouterr().err


class TestFirstLink:
    @pytest.mark.django_db
    def test_leads_to_the_set_up_until_there_is_a_company(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert first_link.main(["--address", "http://localhost:1", "--network", "https://port.example:8443"]) == 0
        told = capsys.readouterr().out
        path = (
            next(line for line in told.splitlines() if "localhost" in line).strip().removeprefix("http://localhost:1")
        )
        assert f"https://port.example:8443{path}" in told
        assert Client().get(path).status_code == 200
        add_tenant.main(["island", "海岛公司"])
        capsys.readouterr()
        assert first_link.main([]) == 0
        assert not capsys.readouterr().out

    @pytest.mark.django_db
    def test_is_not_printed_where_the_command_alone_is_to_be_mentioned(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert first_link.main(["--address", "http://localhost:1", "--mention"]) == 0
        told = capsys.readouterr().out
        assert told.strip().endswith("tanghulu first-link --address http://localhost:1")
        assert "/begin/" not in told


class TestToken:
    def test_issues_and_withdraws(self, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
        assert token.main(["harbour", "wen"]) == 0
        text = capsys.readouterr().out.strip()
        assert actions.resolve_token(text, at=timezone.now()) == cast["wen"]
        assert token.main(["harbour", "wen", "--revoke"]) == 0
        assert capsys.readouterr().out == "withdrawn: 1\n"
        with pytest.raises(NotAllowed):
            actions.resolve_token(text, at=timezone.now())

    def test_issues_one_that_ends_by_itself(self, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
        assert token.main(["harbour", "wen", "--days", "30"]) == 0
        text = capsys.readouterr().out.strip()
        assert actions.resolve_token(text, at=timezone.now()) == cast["wen"]
        with pytest.raises(NotAllowed):
            actions.resolve_token(text, at=timezone.now() + timedelta(days=31))

    def test_refuses_somebody_of_another_company(self, cast: Cast) -> None:
        with pytest.raises(NotFound, match="member_not_found"):
            token.main(["harbour", "quentin"])


@pytest.mark.django_db
class TestMigrate:
    def test_may_be_repeated(self) -> None:
        assert migrate.main([]) == 0
        migrate.prepare()


class TestSignInLink:
    def test_lets_somebody_choose_a_password(self, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
        assert sign_in_link.main(["harbour", "zheng"]) == 0
        address = capsys.readouterr().out.strip()
        assert address.startswith("http://localhost:8000/password/link/tgl_harbour_")
        Client().post(address.removeprefix("http://localhost:8000"), {"password": PASSWORD, "again": PASSWORD})
        assert authenticate(None, username="zheng", password=PASSWORD) is not None

    def test_resets_a_second_factor_only_where_there_is_one(self, cast: Cast) -> None:
        with pytest.raises(NotFound, match="second_factor_not_found"):
            sign_in_link.main(["harbour", "zheng", "--reset-second-factor"])

    def test_does_not_find_somebody_of_another_company(self, cast: Cast) -> None:
        with pytest.raises(NotFound, match="member_not_found"):
            sign_in_link.main(["harbour", "quentin"])


class TestLinkAccount:
    def test_links_and_removes_even_for_somebody_of_two_companies(self, cast: Cast) -> None:
        with scope.within("quarry"):
            actions.add_member(Actor.operator("quarry"), name="王维", roles=[], username="wen", at=timezone.now())
        given = ["harbour", "wen", "dingtalk", "u-1"]
        assert link_account.main(given) == 0
        with scope.within("harbour"):
            (held,) = identities.identities(cast["zheng"], member=cast["wen"].member)
        assert (held.kind, held.subject) == ("dingtalk", "u-1")
        assert link_account.main([*given, "--remove"]) == 0
        with pytest.raises(NotFound, match="identity_not_found"):
            link_account.main([*given, "--remove"])

    def test_refuses_a_place_that_there_is_not(self, cast: Cast) -> None:
        with pytest.raises(SystemExit):
            link_account.main(["harbour", "wen", "elsewhere", "u-1"])

import re
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tanghulu.apps.directory import actions, queries, tokens
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Role
from tests.support.cast import NOON, Cast

PASSWORD = "three-haws-on-a-stick"


@pytest.fixture
def office(cast: Cast) -> Client:
    """The administrator's browser."""
    return cast.browser("zheng")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def known(cast: Cast, username: str) -> queries.MemberRow:
    with scope.within("harbour"):
        return queries.member(cast["zheng"], ref=cast[username].member)


class TestPeople:
    def test_lists_the_company_and_nobody_else(self, office: Client) -> None:
        page = text(office, "/people/")
        assert "王维" in page
        assert "team leader" in page
        assert "昆廷" not in page

    def test_marks_a_certificate_that_has_expired(self, cast: Cast, office: Client) -> None:
        with scope.within("harbour"):
            actions.add_certificate(
                cast["zheng"],
                member=cast["wen"].member,
                kind="crane",
                number="1",
                valid_until=timezone.localdate() - timedelta(days=2),
            )
        assert "pill-alarm" in text(office, "/people/?search=0231")
        assert "pill-alarm" not in text(office, "/people/?search=0303")

    def test_searches(self, office: Client) -> None:
        page = text(office, "/people/?search=%E7%8E%8B")
        assert "王维" in page
        assert "李强" not in page
        assert "Nobody here fits." in text(office, "/people/?search=nobody")

    def test_shows_no_word_of_a_search_as_markup(self, office: Client) -> None:
        assert "<b>x" not in text(office, "/people/?search=%3Cb%3Ex")

    def test_bears_a_start_that_is_no_number(self, office: Client) -> None:
        for start in ("x", "-1", "²", "9" * 30):
            assert office.get("/people/", {"start": start}).status_code == 200

    def test_offers_to_add_only_to_those_who_may(self, cast: Cast, office: Client) -> None:
        assert "/people/add/" in text(office, "/people/")
        assert "/people/add/" not in text(cast.browser("wu"), "/people/")

    @pytest.mark.parametrize(
        ("username", "status"),
        [("wen", 403), ("vera", 403), ("zhao", 200), ("chen", 200), ("wu", 200), ("quentin", 200)],
    )
    def test_is_for_the_office(self, cast: Cast, username: str, status: int) -> None:
        assert cast.browser(username).get("/people/").status_code == status

    def test_speaks_chinese(self, office: Client) -> None:
        page = office.get("/people/", headers={"accept-language": "zh-CN"}).content.decode()
        assert "<h1>人员</h1>" in page
        assert "班组长" in page


class TestAddPerson:
    def test_adds(self, cast: Cast, office: Client) -> None:
        assert 'type="password"' not in text(office, "/people/add/")
        answer = office.post("/people/add/", {"name": "丁一", "number": "0777", "roles": ["worker"]})
        assert answer["Location"] == "/people/"
        assert "丁一 has been added." in text(office, "/people/")

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"name": ""}, "This field is required."),
            ({"number": "0231"}, "Another person already has the number 0231."),
            ({"username": "wen"}, "Another account already has this sign-in name."),
            ({"username": "a b"}, "Enter a valid username"),
            ({"roles": ["emperor"]}, "emperor is not one of the available choices"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, office: Client, changed: dict[str, object], said: str
    ) -> None:
        answer = office.post("/people/add/", {"name": "丁一", "email": "ding@example.com", **changed})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert 'value="ding@example.com"' in answer.content.decode()

    def test_is_for_administrators(self, cast: Cast) -> None:
        assert cast.browser("chen").get("/people/add/").status_code == 403
        assert cast.browser("chen").post("/people/add/", {"name": "x"}).status_code == 403


class TestPerson:
    def test_shows_what_is_known(self, cast: Cast, office: Client) -> None:
        page = text(office, f"/people/{cast['li'].member}/")
        assert "李强" in page
        assert "0232-1" in page
        assert cast["li"].member in page

    def test_has_no_forms_for_those_who_only_read(self, cast: Cast) -> None:
        page = text(cast.browser("wu"), f"/people/{cast['li'].member}/")
        assert f'action="/people/{cast["li"].member}/' not in page

    def test_changes(self, cast: Cast, office: Client) -> None:
        answer = office.post(f"/people/{cast['wen'].member}/", {"name": "王伟", "number": "0231", "active": "on"})
        assert answer["Location"] == f"/people/{cast['wen'].member}/"
        assert known(cast, "wen").name == "王伟"
        assert known(cast, "wen").active

    def test_says_why_it_does_not_change(self, cast: Cast, office: Client) -> None:
        answer = office.post(f"/people/{cast['zheng'].member}/", {"name": "郑洁"})
        assert answer.status_code == 422
        assert "The company must keep one active administrator." in answer.content.decode()

    def test_changes_for_administrators_alone(self, cast: Cast) -> None:
        assert cast.browser("chen").post(f"/people/{cast['wen'].member}/", {"name": "x"}).status_code == 403

    @pytest.mark.parametrize("path", ["", "roles/", "link/", "certificates/", "certificates/1/remove/"])
    def test_is_not_there_for_another_company(self, cast: Cast, path: str) -> None:
        browser = cast.browser("qiu")
        form = {
            "name": "x",
            "roles": ["worker"],
            "kind": "crane",
            "number": "1",
            "valid_until": "2030-01-01",
        }
        answer = browser.post(f"/people/{cast['wen'].member}/{path}", form)
        assert answer.status_code == 404
        assert "王维" not in answer.content.decode()
        assert known(cast, "wen").name == "王维"


class TestRoles:
    def test_are_exactly_those_ticked(self, cast: Cast, office: Client) -> None:
        office.post(f"/people/{cast['wen'].member}/roles/", {"roles": ["guardian", "team_leader"]})
        assert known(cast, "wen").roles == (Role.GUARDIAN, Role.TEAM_LEADER)

    def test_are_for_administrators(self, cast: Cast) -> None:
        answer = cast.browser("chen").post(f"/people/{cast['chen'].member}/roles/", {"roles": ["administrator"]})
        assert answer.status_code == 403


class TestLink:
    def test_is_shown_once_and_opens_the_door(self, cast: Cast, office: Client) -> None:
        answer = office.post(f"/people/{cast['wen'].member}/link/")
        assert answer["Cache-Control"] == "no-store"
        path = re.search(r"/password/link/tgl_harbour_[\w-]{32}/", answer.content.decode())
        assert path is not None
        phone = Client(headers={"accept-language": "en"})
        assert "王维" in phone.get(path[0]).content.decode()
        phone.post(path[0], {"password": PASSWORD, "again": PASSWORD})
        assert authenticate(None, username="wen", password=PASSWORD) is not None

    def test_is_made_for_a_new_person_who_signs_in(self, office: Client) -> None:
        answer = office.post("/people/add/", {"name": "丁一", "roles": ["worker"], "username": "ding"})
        assert "/password/link/tgl_harbour_" in answer.content.decode()

    def test_is_for_administrators(self, cast: Cast) -> None:
        assert cast.browser("chen").post(f"/people/{cast['wen'].member}/link/").status_code == 403


class TestCertificates:
    def test_are_added_and_removed(self, cast: Cast) -> None:
        officer, path = cast.browser("chen"), f"/people/{cast['wen'].member}/certificates/"
        officer.post(path, {"kind": "crane", "number": "K-1", "valid_until": "2030-01-01"})
        (held,) = known(cast, "wen").certificates
        assert (held.kind, held.number) == ("crane", "K-1")
        officer.post(f"{path}{held.id}/remove/")
        assert known(cast, "wen").certificates == ()

    def test_are_refused_twice(self, cast: Cast, office: Client) -> None:
        form = {"kind": "electrical", "number": "0232-1", "valid_until": "2030-01-01"}
        answer = office.post(f"/people/{cast['li'].member}/certificates/", form)
        assert answer.status_code == 422
        assert "This certificate is already entered." in answer.content.decode()

    def test_need_a_day_that_is_one(self, cast: Cast, office: Client) -> None:
        form = {"kind": "crane", "number": "1", "valid_until": "31.02.2030"}
        assert office.post(f"/people/{cast['li'].member}/certificates/", form).status_code == 422

    def test_are_not_for_workers(self, cast: Cast) -> None:
        assert cast.browser("wen").post(f"/people/{cast['wen'].member}/certificates/", {}).status_code == 403


class TestTokens:
    def test_are_withdrawn(self, cast: Cast, office: Client) -> None:
        with scope.within("harbour"):
            actions.issue_token(cast["zheng"], member=cast["wen"].member, purpose="robot", at=NOON)
            (token,) = tokens.tokens(cast["zheng"], member=cast["wen"].member)
        assert "robot" in text(office, f"/people/{cast['wen'].member}/")
        office.post(f"/people/{cast['wen'].member}/tokens/{token.id}/revoke/")
        assert "robot" not in text(office, f"/people/{cast['wen'].member}/")


class TestIdentities:
    @pytest.fixture(autouse=True)
    def _set_up(self, settings: Settings) -> None:
        settings.DINGTALK = True

    def test_are_linked_and_removed(self, cast: Cast, office: Client) -> None:
        path = f"/people/{cast['wen'].member}/"
        office.post(f"{path}identities/", {"kind": "dingtalk", "subject": "u-1"})
        page = text(office, path)
        assert "u-1" in page
        (held,) = re.findall(r"identities/(\d+)/remove/", page)
        office.post(f"{path}identities/{held}/remove/")
        assert "u-1" not in text(office, path)

    def test_are_refused_where_somebody_has_it(self, cast: Cast, office: Client) -> None:
        form = {"kind": "dingtalk", "subject": "u-1"}
        office.post(f"/people/{cast['wen'].member}/identities/", form)
        answer = office.post(f"/people/{cast['li'].member}/identities/", form)
        assert answer.status_code == 422
        assert "This account belongs to somebody already." in answer.content.decode()

    def test_are_of_places_that_are_set_up(self, cast: Cast, office: Client) -> None:
        path = f"/people/{cast['wen'].member}/identities/"
        assert office.post(path, {"kind": "company", "subject": "u-1"}).status_code == 422

    def test_are_not_asked_for_where_nothing_is_set_up(self, cast: Cast, office: Client, settings: Settings) -> None:
        settings.DINGTALK = False
        assert "Outside accounts" not in text(office, f"/people/{cast['wen'].member}/")

    def test_are_shown_to_administrators_only(self, cast: Cast) -> None:
        assert "Outside accounts" not in text(cast.browser("chen"), f"/people/{cast['wen'].member}/")

    def test_share_no_field_with_another_form_of_the_page(self, cast: Cast, office: Client) -> None:
        ids = re.findall(r' id="([^"]+)"', text(office, f"/people/{cast['wen'].member}/"))
        assert sorted(ids) == sorted(set(ids))

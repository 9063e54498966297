from datetime import timedelta

import pytest
from django.contrib.auth import authenticate

from tanghulu.apps.directory import actions
from tanghulu.apps.directory.models import PasswordLink
from tanghulu.apps.directory.sign_ins import Origin
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.cast import NOON, Cast

PASSWORD = "three-haws-on-a-stick"
LATER = NOON + timedelta(hours=1)


def link_of(cast: Cast, username: str = "wen") -> str:
    with scope.within("harbour"):
        return actions.make_link(cast["zheng"], member=cast[username].member, at=NOON).code


def use(code: str, password: str = PASSWORD, hours: int = 1) -> str:
    return actions.use_link(code, password=password, origin=Origin(), at=NOON + timedelta(hours=hours))


class TestMakeLink:
    def test_keeps_no_more_than_a_hash(self, cast: Cast) -> None:
        code = link_of(cast)
        with scope.within("harbour"):
            assert code not in {str(value) for value in vars(PasswordLink.objects.get()).values()}

    def test_ends_an_earlier_one(self, cast: Cast) -> None:
        first, second = link_of(cast), link_of(cast)
        with pytest.raises(NotFound, match="link_unknown"):
            use(first)
        assert use(second) == "wen"

    def test_refuses_for_somebody_who_does_not_sign_in(self, at_harbour: Cast) -> None:
        ref = actions.add_member(at_harbour["zheng"], name="丁一", roles=[], at=NOON)
        with pytest.raises(NotFound, match="account_not_found"):
            actions.make_link(at_harbour["zheng"], member=ref, at=NOON)

    def test_opens_no_door_of_another_company(self, cast: Cast) -> None:
        with scope.within("quarry"):
            actions.add_member(Actor.operator("quarry"), name="王维", roles=[], username="wen", at=NOON)
        with pytest.raises(Conflict, match="account_shared"):
            link_of(cast)
        with scope.within("harbour"):
            actions.make_link(Actor.operator("harbour"), member=cast["wen"].member, at=NOON)

    def test_does_not_find_people_of_another_company(self, cast: Cast) -> None:
        with pytest.raises(NotFound, match="member_not_found"):
            link_of(cast, "quentin")

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.make_link(at_harbour["chen"], member=at_harbour["wen"].member, at=NOON)


class TestReadLink:
    def test_says_whom_it_is_for(self, cast: Cast) -> None:
        invited = actions.read_link(link_of(cast), at=LATER)
        assert (invited.name, invited.username) == ("王维", "wen")

    @pytest.mark.parametrize("code", ["", "x", "tgl_harbour_" + "0" * 32, "tgl_nowhere_" + "0" * 32, "é"])
    def test_refuses_what_nobody_made(self, cast: Cast, code: str) -> None:
        with pytest.raises(NotFound, match="link_unknown"):
            actions.read_link(code, at=LATER)


class TestUseLink:
    def test_sets_the_password_once(self, cast: Cast) -> None:
        code = link_of(cast)
        assert use(code) == "wen"
        assert authenticate(None, username="wen", password=PASSWORD) is not None
        with pytest.raises(NotFound, match="link_unknown"):
            use(code, "another-good-password")

    def test_refuses_after_three_days(self, cast: Cast) -> None:
        with pytest.raises(NotFound, match="link_unknown"):
            use(link_of(cast), hours=72)

    @pytest.mark.parametrize(
        ("password", "code"), [("password12", "password_weak"), ("", "text_missing"), (PASSWORD, "password_weak")]
    )
    def test_refuses_a_weak_password_and_the_present_one_and_stays_good(
        self, cast: Cast, password: str, code: str
    ) -> None:
        use(link_of(cast))
        link = link_of(cast)
        with pytest.raises(Invalid, match=code):
            use(link, password)
        use(link, "another-good-password")

    def test_refuses_for_somebody_who_left(self, cast: Cast) -> None:
        code = link_of(cast)
        with scope.within("harbour"):
            actions.change_member(
                cast["zheng"], member=cast["wen"].member, name="王维", number="", unit=None, active=False
            )
        with pytest.raises(NotFound, match="link_unknown"):
            use(code)

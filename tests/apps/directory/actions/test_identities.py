import pytest
from allauth.socialaccount.models import SocialAccount

from tanghulu.apps.directory import actions, sign_ins
from tanghulu.apps.directory.identities import Kind, identities
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.cast import NOON, Cast


def link(cast: Cast, who: str = "wen", subject: str = "u-1", *, kind: Kind = Kind.DINGTALK, by: str = "zheng") -> None:
    actions.link_identity(cast[by], member=cast[who].member, kind=kind, subject=subject, at=NOON)


def linked(cast: Cast, who: str = "wen") -> list[tuple[Kind, str]]:
    return [(row.kind, row.subject) for row in identities(cast["zheng"], member=cast[who].member)]


def remove(cast: Cast, who: str = "wen", *, by: str = "zheng") -> None:
    held = SocialAccount.objects.get().pk
    actions.remove_identity(cast[by], member=cast[who].member, identity=held, at=NOON)


class TestLinkIdentity:
    def test_gives_the_account_to_the_person(self, at_harbour: Cast) -> None:
        link(at_harbour, subject=" u-1 ")
        link(at_harbour, kind=Kind.COMPANY)
        assert linked(at_harbour) == [(Kind.COMPANY, "u-1"), (Kind.DINGTALK, "u-1")]
        assert linked(at_harbour, "li") == []

    def test_is_written_down_with_who_did_it(self, at_harbour: Cast) -> None:
        link(at_harbour)
        (row,) = sign_ins.records(at_harbour["zheng"]).rows
        assert (row.name, row.what, row.way, row.by, row.at) == ("王维", "identity_linked", "dingtalk", "郑洁", NOON)

    @pytest.mark.parametrize("who", ["wen", "li"])
    def test_refuses_one_that_somebody_has(self, at_harbour: Cast, who: str) -> None:
        link(at_harbour)
        with pytest.raises(Conflict, match="identity_taken"):
            link(at_harbour, who)
        assert linked(at_harbour) == [(Kind.DINGTALK, "u-1")]

    @pytest.mark.parametrize(("subject", "code"), [(" ", "text_missing"), ("u" * 192, "text_too_long")])
    def test_refuses_what_is_no_id(self, at_harbour: Cast, subject: str, code: str) -> None:
        with pytest.raises(Invalid, match=code):
            link(at_harbour, subject=subject)

    def test_refuses_for_somebody_who_does_not_sign_in(self, at_harbour: Cast) -> None:
        ref = actions.add_member(at_harbour["zheng"], name="丁一", roles=[], at=NOON)
        with pytest.raises(NotFound, match="account_not_found"):
            actions.link_identity(at_harbour["zheng"], member=ref, kind=Kind.DINGTALK, subject="u-1", at=NOON)

    def test_opens_no_door_of_another_company(self, cast: Cast) -> None:
        with scope.within("quarry"):
            actions.add_member(Actor.operator("quarry"), name="王维", roles=[], username="wen", at=NOON)
        with scope.within("harbour"), pytest.raises(Conflict, match="account_shared"):
            link(cast)

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            link(at_harbour, by="wen")

    def test_does_not_reach_into_another_company(self, cast: Cast) -> None:
        with scope.within("harbour"), pytest.raises(NotFound, match="member_not_found"):
            link(cast, "quentin")


class TestRemoveIdentity:
    def test_takes_the_account_away_and_ends_the_sessions(self, at_harbour: Cast) -> None:
        link(at_harbour)
        browser = at_harbour.browser("wen")
        assert browser.get("/equipment/").status_code == 200
        remove(at_harbour)
        assert linked(at_harbour) == []
        assert browser.get("/equipment/").status_code == 302
        assert sign_ins.records(at_harbour["zheng"]).rows[0].what == "identity_removed"

    def test_refuses_what_is_another_persons(self, at_harbour: Cast) -> None:
        link(at_harbour)
        with pytest.raises(NotFound, match="identity_not_found"):
            remove(at_harbour, "li")
        assert linked(at_harbour) == [(Kind.DINGTALK, "u-1")]

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        link(at_harbour)
        with pytest.raises(NotAllowed):
            remove(at_harbour, by="wen")

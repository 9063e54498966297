from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tanghulu.apps.directory import actions, queries, tokens
from tanghulu.apps.directory.models import AccessToken, SignInRecord
from tanghulu.apps.tenancy import scope
from tanghulu.core.errors import Invalid, NotAllowed, NotFound
from tests.support.cast import NOON, Cast


def token_of(cast: Cast, username: str, device: str = "") -> str:
    return actions.issue_token(cast["zheng"], member=cast[username].member, purpose="phone", device=device, at=NOON)


class TestIssueToken:
    def test_keeps_no_more_than_a_hash(self, at_harbour: Cast) -> None:
        text = token_of(at_harbour, "wen", device="d" * 64)
        row = AccessToken.objects.get()
        assert text not in {str(value) for value in vars(row).values()}
        assert (row.purpose, row.device, len(row.sha256)) == ("phone", "d" * 64, 64)

    def test_does_not_find_people_of_another_company(self, at_harbour: Cast) -> None:
        with pytest.raises(NotFound):
            token_of(at_harbour, "quentin")

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.issue_token(at_harbour["wen"], member=at_harbour["wen"].member, purpose="phone", at=NOON)

    def test_stands_in_the_book_at_the_door_unless_it_is_a_devices(self, at_harbour: Cast) -> None:
        token_of(at_harbour, "wen")
        token_of(at_harbour, "li", device="d" * 64)
        (record,) = SignInRecord.objects.all()
        assert (record.what, record.way, record.by) == ("token_issued", "phone", at_harbour["zheng"].member)
        assert record.member.ref == at_harbour["wen"].member

    def test_ends_in_the_future_only(self, at_harbour: Cast) -> None:
        wen = at_harbour["wen"].member
        with pytest.raises(Invalid, match="expiry_past"):
            actions.issue_token(at_harbour["zheng"], member=wen, purpose="api", at=NOON, expires_at=NOON)


class TestLimitTokens:
    def test_lets_a_device_bring_and_ask_for_nothing(self, cast: Cast) -> None:
        with scope.within("harbour"):
            lost, other = token_of(cast, "wen", device="a" * 64), token_of(cast, "wen", device="b" * 64)
            actions.limit_tokens(cast["zheng"], member=cast["wen"].member, device="a" * 64)
        assert actions.resolve_token(lost, at=NOON, to_send=True).member == cast["wen"].member
        with pytest.raises(NotAllowed, match="device_revoked"):
            actions.resolve_token(lost, at=NOON)
        assert actions.resolve_token(other, at=NOON).member == cast["wen"].member


class TestResolveToken:
    def test_ends_by_itself(self, cast: Cast) -> None:
        with scope.within("harbour"):
            ends = NOON + timedelta(days=1)
            wen = cast["wen"].member
            text = actions.issue_token(cast["zheng"], member=wen, purpose="api", at=NOON, expires_at=ends)
        assert actions.resolve_token(text, at=ends - timedelta(seconds=1)).member == wen
        with pytest.raises(NotAllowed, match="token_unknown"):
            actions.resolve_token(text, at=ends)

    def test_gives_the_actor_with_all_roles(self, cast: Cast) -> None:
        with scope.within("harbour"):
            text = token_of(cast, "wen")
            actions.change_roles(cast["zheng"], member=cast["wen"].member, roles=["worker", "guardian"])
            expected = queries.actor_for(cast["wen"].member)
        assert actions.resolve_token(text, at=NOON) == expected

    def test_gives_somebody_without_a_role_none(self, cast: Cast) -> None:
        with scope.within("harbour"):
            text = token_of(cast, "wen")
            actions.change_roles(cast["zheng"], member=cast["wen"].member, roles=[])
        assert actions.resolve_token(text, at=NOON).roles == frozenset()

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: "",
            lambda text: text[:-1],
            lambda text: text + "A",
            lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
            lambda text: text.replace("harbour", "quarry"),
            lambda text: text.replace("harbour", "nowhere"),
            lambda text: text + "\n",
            lambda text: "港" + text,
        ],
    )
    def test_refuses_any_other_text(self, cast: Cast, change: object) -> None:
        with scope.within("harbour"):
            text = token_of(cast, "wen")
        with pytest.raises(NotAllowed, match="token_unknown"):
            actions.resolve_token(change(text), at=NOON)  # type: ignore[operator]

    def test_refuses_somebody_who_left(self, cast: Cast) -> None:
        with scope.within("harbour"):
            text = token_of(cast, "wen")
            actions.change_member(
                cast["zheng"], member=cast["wen"].member, name="王维", number="", unit=None, active=False
            )
        with pytest.raises(NotAllowed, match="token_unknown"):
            actions.resolve_token(text, at=NOON)

    def test_notes_its_use_once_an_hour(self, cast: Cast) -> None:
        with scope.within("harbour"):
            text = token_of(cast, "wen")
        for minutes, noted in ((0, 0), (59, 0), (61, 61)):
            actions.resolve_token(text, at=NOON + timedelta(minutes=minutes))
            with scope.within("harbour"):
                assert AccessToken.objects.get().last_used_at == NOON + timedelta(minutes=noted)

    def test_reads_once(self, cast: Cast) -> None:
        with scope.within("harbour"):
            text = token_of(cast, "wen")
        actions.resolve_token(text, at=NOON)
        with CaptureQueriesContext(connection) as queries_made:
            actions.resolve_token(text, at=NOON)
        # PostgreSQL is told the tenant besides, before and after.
        assert len([query for query in queries_made if "set_config" not in query["sql"]]) == 1


class TestRevokeTokens:
    def test_ends_those_of_one_device(self, cast: Cast) -> None:
        with scope.within("harbour"):
            old, other = token_of(cast, "wen", device="a" * 64), token_of(cast, "wen", device="b" * 64)
            ended = actions.revoke_tokens(cast["zheng"], member=cast["wen"].member, device="a" * 64, at=NOON)
        assert ended == 1
        with pytest.raises(NotAllowed):
            actions.resolve_token(old, at=NOON)
        assert actions.resolve_token(other, at=NOON).member == cast["wen"].member


class TestRevokeToken:
    def test_ends_one(self, at_harbour: Cast) -> None:
        text = token_of(at_harbour, "wen")
        wen = at_harbour["wen"].member
        row = tokens.tokens(at_harbour["zheng"], member=wen)[0]
        actions.revoke_token(at_harbour["zheng"], member=wen, token=row.id, at=NOON)
        assert tokens.tokens(at_harbour["zheng"], member=wen) == []
        with pytest.raises(NotAllowed):
            actions.resolve_token(text, at=NOON)

    def test_does_not_end_one_of_another_person(self, at_harbour: Cast) -> None:
        token_of(at_harbour, "wen")
        row = tokens.tokens(at_harbour["zheng"], member=at_harbour["wen"].member)[0]
        with pytest.raises(NotFound, match="token_not_found"):
            actions.revoke_token(at_harbour["zheng"], member=at_harbour["li"].member, token=row.id, at=NOON)

    def test_stands_in_the_book_at_the_door(self, at_harbour: Cast) -> None:
        token_of(at_harbour, "wen")
        zheng, wen = at_harbour["zheng"], at_harbour["wen"].member
        actions.revoke_token(zheng, member=wen, token=tokens.tokens(zheng, member=wen)[0].id, at=NOON)
        assert [one.what for one in SignInRecord.objects.order_by("id")] == ["token_issued", "token_ended"]

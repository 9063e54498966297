from datetime import timedelta

import pytest

from tanghulu.apps.directory import actions, tokens
from tanghulu.core.access import Role
from tanghulu.core.errors import NotAllowed
from tests.support.cast import NOON, Cast

DEVICE = "d" * 64


@pytest.fixture
def issued(at_harbour: Cast) -> Cast:
    """Wen has a phone, and a program that acts as Li until tomorrow."""
    zheng = at_harbour["zheng"]
    actions.issue_token(zheng, member=at_harbour["wen"].member, purpose="device", device=DEVICE, at=NOON)
    ends = NOON + timedelta(days=1)
    actions.issue_token(zheng, member=at_harbour["li"].member, purpose="erp", at=NOON, expires_at=ends)
    return at_harbour


class TestApiTokens:
    def test_lists_those_of_programs(self, issued: Cast) -> None:
        (row,) = tokens.api_tokens(issued["zheng"])
        assert (row.member, row.purpose, row.device) == (issued["li"].member, "erp", "")
        assert row.roles == tuple(sorted(issued["li"].roles))
        assert Role.ADMINISTRATOR not in row.roles
        assert [row.expired(NOON), row.expired(NOON + timedelta(days=1))] == [False, True]

    def test_is_for_those_who_issue_them(self, issued: Cast) -> None:
        with pytest.raises(NotAllowed):
            tokens.api_tokens(issued["chen"])


class TestDevicesSeenAt:
    def test_says_when_a_device_showed_its_token(self, issued: Cast) -> None:
        assert tokens.devices_seen_at([DEVICE]) == {}
        text = actions.issue_token(
            issued["zheng"], member=issued["wen"].member, purpose="device", device=DEVICE, at=NOON
        )
        actions.resolve_token(text, at=NOON + timedelta(hours=3))
        assert tokens.devices_seen_at([DEVICE]) == {DEVICE: NOON + timedelta(hours=3)}

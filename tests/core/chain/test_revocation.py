from dataclasses import replace

import pytest

from tanghulu.core.chain import enrolment, revocation
from tanghulu.core.chain.event import parse_payload
from tanghulu.core.errors import Invalid
from tests.support.log_book import LogBook
from tests.support.stories import people

STORY = people(LogBook())
WENS = STORY.book.revoke(STORY.wen, by=STORY.chen)
EVENTS = [parse_payload(entry.payload) for entry in STORY.book.entries]
ANCHOR = enrolment.anchor_of(EVENTS[0])
CHEN, WEN, VERA = (
    enrolment.enrolment_of(EVENTS[index], (one.keyid for one in STORY.book.entries[index].signatures), index)
    for index in (1, 2, 3)
)
ENROLLED = {one.device: one for one in (CHEN, WEN, VERA)}
REVOCATION = revocation.revocation_of(WENS, 4)


class TestRevocationOf:
    def test_reads_whose_key_ends_and_who_ended_it(self) -> None:
        assert (REVOCATION.device, REVOCATION.signer) == (WEN.device, CHEN.device)
        assert (REVOCATION.actor, REVOCATION.why, REVOCATION.index) == (CHEN.actor, "lost", 4)

    def test_refuses_what_ends_no_key(self) -> None:
        with pytest.raises(Invalid, match="revocation_malformed"):
            revocation.revocation_of(EVENTS[1])


class TestRevocationRefusal:
    @pytest.mark.parametrize(
        ("made", "code"),
        [
            (REVOCATION, None),
            (replace(REVOCATION, index=None), None),
            (replace(REVOCATION, device=CHEN.device), None),
            (replace(REVOCATION, device="0" * 64), "revoked_unknown"),
            (replace(REVOCATION, device=ANCHOR.server.device), "revoked_unknown"),
            (replace(REVOCATION, index=2), "revoked_unknown"),
            (replace(REVOCATION, signer="0" * 64), "revoker_unknown"),
            (replace(REVOCATION, signer=ANCHOR.server.device), "revoker_unknown"),
            (replace(REVOCATION, actor=VERA.actor), "revoker_unknown"),
            (replace(REVOCATION, signer=VERA.device, actor=VERA.actor), "revoker_may_not"),
        ],
    )
    def test_says_why(self, made: revocation.Revocation, code: str | None) -> None:
        assert revocation.revocation_refusal(made, anchor=ANCHOR, enrolled=ENROLLED, since={}) == code

    def test_lets_no_ended_key_end_another(self) -> None:
        found = revocation.revocation_refusal(REVOCATION, anchor=ANCHOR, enrolled=ENROLLED, since={CHEN.device: 3})
        assert found == "revoker_revoked"


class TestEndedKeys:
    def test_takes_the_first_that_holds_in_the_order_of_the_log(self) -> None:
        later, earlier = replace(REVOCATION, index=9), REVOCATION
        ended = revocation.ended_keys([later, earlier], anchor=ANCHOR, enrolled=ENROLLED)
        assert (ended.since, ended.refused) == ({WEN.device: 4}, [])

    def test_keeps_apart_what_does_not_hold(self) -> None:
        own = replace(REVOCATION, device=CHEN.device, index=5)
        after = replace(REVOCATION, device=VERA.device, index=6)
        ended = revocation.ended_keys([after, own, REVOCATION], anchor=ANCHOR, enrolled=ENROLLED)
        assert ended.since == {WEN.device: 4, CHEN.device: 5}
        assert ended.refused == [(after, "revoker_revoked")]

    def test_passes_over_what_has_no_number(self) -> None:
        assert not revocation.ended_keys([replace(REVOCATION, index=None)], anchor=ANCHOR, enrolled=ENROLLED).since


class TestIsOver:
    def test_begins_behind_the_entry_that_ended_the_key(self) -> None:
        ended = revocation.Ended({WEN.device: 4}, ())
        assert [ended.is_over(WEN.device, index) for index in (3, 4, 5, None)] == [False, False, True, True]
        assert not ended.is_over(VERA.device, 9)

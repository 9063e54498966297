from dataclasses import replace

import pytest

from tanghulu.core.chain import enrolment
from tanghulu.core.chain.event import Event, parse_payload
from tanghulu.core.errors import Invalid
from tests.support.log_book import LogBook, ref
from tests.support.stories import people

STORY = people(LogBook())
EVENTS = [parse_payload(entry.payload) for entry in STORY.book.entries]
ANCHOR = enrolment.anchor_of(EVENTS[0])
CHEN, WEN, VERA = (
    enrolment.enrolment_of(event, (one.keyid for one in entry.signatures), index)
    for index, (event, entry) in enumerate(zip(EVENTS, STORY.book.entries, strict=True))
    if index
)
ENROLLED = {one.device: one for one in (CHEN, WEN, VERA)}


def changed(event: Event, **data: object) -> Event:
    return replace(event, data={**event.data, **data})


class TestAnchorOf:
    def test_reads_the_first_entry(self) -> None:
        assert ANCHOR.origin == STORY.book.origin
        assert ANCHOR.log_key == STORY.book.log_key.verifier
        assert ANCHOR.server.device == STORY.book.server.key.device
        assert ANCHOR.founders == {ref("chen")}

    @pytest.mark.parametrize(
        "event",
        [
            EVENTS[1],
            replace(EVENTS[0], dseq=2),
            replace(EVENTS[0], actor=ref("chen")),
            replace(EVENTS[0], device="0" * 64),
            replace(EVENTS[0], tenant="quarry"),
            changed(EVENTS[0], origin="elsewhere.example/log/harbour"),
            changed(EVENTS[0], log_key="none"),
            changed(EVENTS[0], server_key="AAAA"),
            changed(EVENTS[0], server_key=EVENTS[1].data["spki"]),
        ],
    )
    def test_refuses_what_does_not_open_a_log(self, event: Event) -> None:
        with pytest.raises(Invalid, match="anchor_malformed"):
            enrolment.anchor_of(event)


class TestEnrolmentOf:
    def test_reads_whose_device_it_is(self) -> None:
        assert (CHEN.actor, CHEN.may_enrol, CHEN.countersigners) == (ref("chen"), True, (ANCHOR.server.device,))
        assert (WEN.actor, WEN.may_enrol, WEN.countersigners, WEN.index) == (ref("wen"), False, (CHEN.device,), 2)

    @pytest.mark.parametrize(
        "event",
        [
            EVENTS[0],
            replace(EVENTS[1], dseq=2),
            replace(EVENTS[1], actor="server"),
            replace(EVENTS[1], device="0" * 64),
            changed(EVENTS[1], spki="AAAA"),
            changed(EVENTS[1], spki=EVENTS[2].data["spki"]),
        ],
    )
    def test_refuses_what_enrols_nobody(self, event: Event) -> None:
        with pytest.raises(Invalid, match="enrolment_malformed"):
            enrolment.enrolment_of(event, ())


class TestCountersigningRefusal:
    @pytest.mark.parametrize(
        ("newcomer", "countersigner", "code"),
        [
            (WEN, CHEN.device, None),
            (replace(WEN, index=None), CHEN.device, None),
            (CHEN, ANCHOR.server.device, None),
            (WEN, "0" * 64, "countersigner_unknown"),
            (CHEN, CHEN.device, "countersigner_unknown"),
            (replace(WEN, index=0), CHEN.device, "countersigner_not_before"),
            (replace(WEN, actor=CHEN.actor), CHEN.device, "countersigner_same_person"),
            (VERA, WEN.device, "countersigner_may_not_enrol"),
            (WEN, ANCHOR.server.device, "founder_unknown"),
            (replace(VERA, actor=CHEN.actor), ANCHOR.server.device, "founder_has_device"),
        ],
    )
    def test_says_why(self, newcomer: enrolment.Enrolment, countersigner: str, code: str | None) -> None:
        found = enrolment.countersigning_refusal(newcomer, countersigner, anchor=ANCHOR, enrolled=ENROLLED)
        assert found == code

    def test_needs_a_voucher_that_is_in_the_log(self) -> None:
        pending = {**ENROLLED, CHEN.device: replace(CHEN, index=None)}
        found = enrolment.countersigning_refusal(WEN, CHEN.device, anchor=ANCHOR, enrolled=pending)
        assert found == "countersigner_not_before"

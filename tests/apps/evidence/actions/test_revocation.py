import copy
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tanghulu.apps.directory import actions as people
from tanghulu.apps.directory.models import Member
from tanghulu.apps.evidence import actions, fsck, queries
from tanghulu.apps.evidence.models import Device as DeviceModel
from tanghulu.apps.evidence.models import Entry, Fork
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.core.access import Actor
from tanghulu.core.chain import envelope
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.cast import NOON
from tests.support.phones import RUN, Crew, admit, enrolment, open_run, vouch

LATER = NOON + timedelta(hours=1)


def signed_by(device: Device, lost: Device, *, why: str = "lost", saw: tuple[str, ...] = ()) -> Signed:
    data = {"device": lost.key.device, "why": why, "saw": sorted(saw)}
    return device.sign("device.revoked", data=data, facts={"reason": "在地铁上丢了"})


def revoke(crew: Crew, by: Device, lost: Device, **said: Any) -> actions.Reception:
    signed = signed_by(by, lost, **said)
    return actions.revoke(
        crew.cast[by.name], device=lost.key.device, sent=signed.envelope, openings=signed.openings, at=LATER
    )


def signed_in(crew: Crew, username: str) -> Client:
    """A browser that has been seen."""
    browser = crew.cast.browser(username)
    assert browser.get("/devices/").status_code == 200
    return browser


class TestRevoke:
    def test_ends_the_key_and_says_who_decided_it_and_why(self, crew: Crew, chens: Device, wens: Device) -> None:
        last = admit(open_run(wens)).event.hash
        reception = revoke(crew, chens, wens, saw=(last,))
        assert reception.outcome == "admitted"
        found = queries.device(crew.cast["chen"], wens.key.device)
        assert (found.row.status, found.row.why, found.row.revoked_at) == ("revoked", "lost", LATER)
        assert (found.reason, found.late, found.events, found.last_hash) == ("在地铁上丢了", 0, 2, last)
        assert DeviceModel.objects.get(device=wens.key.device).revoked_index == reception.index

    def test_keeps_what_the_key_signs_from_then_on_and_marks_it(self, crew: Crew, chens: Device, wens: Device) -> None:
        before = admit(open_run(wens))
        revoke(crew, chens, wens)
        wens.learn(RUN, [before.event.hash])
        # Whatever time it claims and whatever it has seen of the log: it came behind the end of its key.
        reception = admit(wens.sign("run.stopped", run=RUN))
        record = queries.run_events(RUN)[-1]
        assert (reception.outcome, record.standing) == ("admitted", "revoked")
        assert queries.device(crew.cast["chen"], wens.key.device).late_runs == (RUN,)
        assert [found for found in fsck.check_log() if not found.is_note] == []

    def test_lets_nothing_that_the_key_signs_then_hold_up_the_seal(
        self, crew: Crew, chens: Device, wens: Device
    ) -> None:
        opened = admit(open_run(wens)).event
        revoke(crew, chens, wens)
        wens.sign("run.stopped", run=RUN)  # never comes
        last = admit(wens.sign("run.stopped", run=RUN)).event
        assert queries.runs_with_gaps([RUN]) == set()
        sealed = actions.seal(RUN, at=LATER)
        assert sealed is not None
        assert (sealed.data["count"], sealed.data["devices"]) == (2, {wens.key.device: 3})
        assert list(sealed.data["heads"]) == sorted({opened.hash, last.hash})
        assert [found for found in fsck.check_log() if not found.is_note] == []

    def test_still_waits_for_what_the_key_left_out_before(self, crew: Crew, chens: Device, wens: Device) -> None:
        admit(open_run(wens))
        missing = wens.sign("run.stopped", run=RUN)
        admit(wens.sign("run.stopped", run=RUN))
        revoke(crew, chens, wens)
        assert (queries.runs_with_gaps([RUN]), actions.seal(RUN, at=LATER)) == ({RUN}, None)
        # It fills its place whenever it comes.
        assert admit(missing).codes == ()
        assert queries.runs_with_gaps([RUN]) == set()
        assert actions.seal(RUN, at=LATER) is not None

    def test_answers_what_came_before_as_it_did_then(self, crew: Crew, chens: Device, wens: Device) -> None:
        signed = open_run(wens)
        first = admit(signed)
        revoke(crew, chens, wens)
        again = admit(signed)
        assert (again.outcome, again.admission) == ("again", first.admission)

    def test_is_done_once_however_often_it_is_sent(self, crew: Crew, chens: Device, wens: Device) -> None:
        signed = signed_by(chens, wens)
        receptions = [
            actions.revoke(crew.cast["chen"], device=wens.key.device, sent=signed.envelope, openings=(), at=LATER)
            for _ in range(2)
        ]
        assert [one.outcome for one in receptions] == ["admitted", "again"]
        with pytest.raises(Conflict, match="device_already_revoked"):
            revoke(crew, chens, wens)
        assert Entry.objects.filter(type=EventType.DEVICE_REVOKED).count() == 1

    def test_leaves_the_token_good_for_sending_alone(self, crew: Crew, chens: Device) -> None:
        device, asked = crew.asked("wen")
        vouch(crew.cast["chen"], chens, device)
        token = actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON).token
        revoke(crew, chens, device)
        with pytest.raises(NotAllowed, match="device_revoked"):
            people.resolve_token(token, at=LATER)
        assert people.resolve_token(token, at=LATER, to_send=True).member == device.member
        # Its ticket brings no new one.
        assert actions.come_in(device=asked.device, ticket=asked.ticket, at=LATER) == actions.Arrival("revoked")

    def test_keeps_the_key_out_for_ever(self, crew: Crew, chens: Device) -> None:
        device, chen = crew.phone("wen"), crew.cast["chen"]
        signed = enrolment(device)
        operator = Actor.operator("harbour")
        first = actions.make_code(operator, member=device.member, at=NOON)
        actions.ask_in(first.text, sent=signed.envelope, openings=signed.openings, at=NOON)
        vouch(chen, chens, device)
        revoke(crew, chens, device)
        second = actions.make_code(operator, member=device.member, at=NOON)
        with pytest.raises(Conflict, match="device_already_revoked"):
            actions.ask_in(second.text, sent=signed.envelope, openings=signed.openings, at=NOON)

    def test_lets_the_ended_key_vouch_for_nobody(self, crew: Crew, chens: Device) -> None:
        crew.enrolled("zheng")
        waiting, _ = crew.asked("wen")
        revoke(crew, chens, chens, why="retired")
        (row,) = queries.waiting(crew.cast["chen"])
        with pytest.raises(NotAllowed, match="countersigner_unknown"):
            actions.countersign(
                crew.cast["chen"],
                device=waiting.key.device,
                keyid=chens.key.device,
                sig=chens.key.sign(envelope.pae(envelope.EVENT_TYPE, row.payload)),
                at=LATER,
            )
        assert [found for found in fsck.check_log() if not found.is_note] == []

    def test_leaves_somebody_who_can_let_others_in(self, crew: Crew, chens: Device, wens: Device) -> None:
        with pytest.raises(Conflict, match="last_enroller"):
            revoke(crew, chens, chens)
        zhengs = crew.enrolled("zheng")
        Member.objects.filter(ref=zhengs.member).update(active=False)
        with pytest.raises(Conflict, match="last_enroller"):
            revoke(crew, chens, chens)
        Member.objects.filter(ref=zhengs.member).update(active=True)
        assert queries.device(crew.cast["chen"], chens.key.device).row.status == "enrolled"
        assert revoke(crew, chens, chens).outcome == "admitted"

    @pytest.mark.parametrize(
        ("why", "ends"), [("lost", True), ("handed_over", True), ("distrusted", True), ("retired", False)]
    )
    def test_signs_its_owner_out_and_ends_their_codes_where_it_is_out_of_hand(
        self, crew: Crew, chens: Device, wens: Device, why: str, ends: bool
    ) -> None:
        wen = crew.cast["wen"]
        browser, others = signed_in(crew, "wen"), signed_in(crew, "vera")
        code = actions.make_code(wen, member=wen.member, at=LATER)
        revoke(crew, chens, wens, why=why)
        assert (browser.get("/devices/").status_code == 302) is ends
        assert others.get("/devices/").status_code == 200
        if ends:
            with pytest.raises(NotFound, match="code_unknown"):
                actions.read_code(code.text, at=LATER)
        else:
            assert actions.read_code(code.text, at=LATER).member == wen.member

    def test_keeps_the_session_in_which_somebody_locks_out_a_phone_of_their_own(
        self, crew: Crew, chens: Device
    ) -> None:
        crew.enrolled("zheng")
        here, elsewhere = signed_in(crew, "chen"), signed_in(crew, "chen")
        signed = signed_by(chens, chens)
        body = {"envelope": signed.envelope, "openings": signed.openings}
        path = f"/api/v1/devices/{chens.key.device}/revoke"
        assert here.post(path, body, content_type="application/json").status_code == 201
        assert [one.get("/devices/").status_code for one in (here, elsewhere)] == [200, 302]

    def test_keeps_another_event_of_the_same_number_as_a_fork(self, crew: Crew, chens: Device, wens: Device) -> None:
        twin = copy.deepcopy(chens)
        admit(open_run(chens))
        with pytest.raises(Conflict, match="event_forked"):
            revoke(crew, twin, wens)
        assert Fork.objects.get().device == chens.key.device
        assert queries.device(crew.cast["chen"], wens.key.device).row.status == "enrolled"

    def test_is_for_those_who_let_devices_in(self, crew: Crew, chens: Device, wens: Device) -> None:
        with pytest.raises(NotAllowed, match="permission_missing"):
            revoke(crew, wens, chens)

    def test_takes_no_word_of_somebody_elses_device_nor_about_another(
        self, crew: Crew, chens: Device, wens: Device
    ) -> None:
        signed = signed_by(chens, wens)
        for actor, device in (("zheng", wens), ("chen", chens)):
            with pytest.raises(Invalid, match="device_mismatch"):
                actions.revoke(crew.cast[actor], device=device.key.device, sent=signed.envelope, openings=(), at=LATER)

    def test_takes_none_of_a_device_that_nobody_let_in(self, crew: Crew, chens: Device, wens: Device) -> None:
        stranger = crew.phone("chen")
        with pytest.raises(NotAllowed, match="revoker_unknown"):
            revoke(crew, stranger, wens)

    def test_finds_no_device_that_is_not_there_and_no_event_that_is_not_its(
        self, crew: Crew, chens: Device, wens: Device
    ) -> None:
        with pytest.raises(NotFound, match="device_not_found"):
            revoke(crew, chens, crew.phone("vera"))
        with pytest.raises(NotFound, match="event_not_found"):
            revoke(crew, chens, wens, saw=("0" * 64,))

    def test_has_a_door_of_its_own(self, crew: Crew, chens: Device, wens: Device) -> None:
        with pytest.raises(Invalid, match="payload_malformed"):
            admit(signed_by(chens, wens))
        assert not Entry.objects.filter(type=EventType.DEVICE_REVOKED).exists()

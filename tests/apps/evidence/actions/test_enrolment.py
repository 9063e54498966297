from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tanghulu.apps.directory import actions as people
from tanghulu.apps.directory import tokens
from tanghulu.apps.evidence import actions, queries
from tanghulu.apps.evidence.models import Device as DeviceModel
from tanghulu.apps.evidence.models import EnrolmentCode, Entry, Log
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device
from tanghulu.core.access import Actor
from tanghulu.core.chain import envelope
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.cast import NOON
from tests.support.phones import Crew, enrolment, vouch

MINUTE = timedelta(minutes=1)


class TestMakeCode:
    def test_works_for_oneself_and_for_others_with_the_permission(self, crew: Crew) -> None:
        wen = crew.cast["wen"].member
        code = actions.make_code(crew.cast["wen"], member=wen, at=NOON)
        assert code.expires_at == NOON + timedelta(minutes=15)
        assert actions.make_code(crew.cast["chen"], member=wen, at=NOON).text != code.text
        assert code.text not in str(list(EnrolmentCode.objects.values()))

    def test_is_refused_for_others_without_it(self, crew: Crew) -> None:
        with pytest.raises(NotAllowed, match="permission_missing"):
            actions.make_code(crew.cast["wen"], member=crew.cast["vera"].member, at=NOON)

    def test_knows_nobody_of_another_company(self, crew: Crew) -> None:
        with pytest.raises(NotFound, match="member_not_found"):
            actions.make_code(crew.cast["chen"], member=crew.cast["quentin"].member, at=NOON)


class TestReadCode:
    def test_says_whom_it_is_for_from_anywhere(self, crew: Crew) -> None:
        code = actions.make_code(crew.cast["chen"], member=crew.cast["wen"].member, at=NOON).text
        for _ in range(2):
            found = actions.read_code(code, at=NOON)
            assert (found.tenant, found.member, found.may_enrol) == ("harbour", crew.cast["wen"].member, False)
            assert found.roles == ["worker"]

    def test_knows_no_code_that_is_old_or_made_up(self, crew: Crew) -> None:
        code = actions.make_code(crew.cast["chen"], member=crew.cast["wen"].member, at=NOON)
        for text, at in ((code.text, code.expires_at), ("x" * 32, NOON)):
            with pytest.raises(NotFound, match="code_unknown"):
                actions.read_code(text, at=at)


class TestAskIn:
    def test_lets_a_founders_first_device_in_at_once(self, crew: Crew) -> None:
        device, asked = crew.asked("chen", may_enrol=True)
        assert asked.status == "enrolled"
        entry = Entry.objects.get(device=device.key.device)
        sealed = envelope.parse_entry(bytes(entry.envelope))
        assert [one.keyid for one in sealed.signatures] == [device.key.device, Entry.objects.get(index=0).device]

    def test_makes_a_founders_second_device_wait(self, crew: Crew, chens: Device) -> None:
        assert crew.asked("chen")[1].status == "pending"

    def test_makes_everybody_else_wait_and_puts_nothing_in_the_log(self, crew: Crew) -> None:
        device, asked = crew.asked("wen")
        assert asked.status == "pending"
        assert Entry.objects.count() == 1
        waiting = queries.waiting(crew.cast["chen"])
        assert [(one.row.device, one.row.label, one.row.check) for one in waiting] == [
            (device.key.device, "wen's phone", f"{int(device.key.device[:12], 16) % 1_000_000:06d}")
        ]

    def test_answers_the_same_device_again_with_a_new_ticket(self, crew: Crew) -> None:
        device = crew.phone("wen")
        code = actions.make_code(crew.cast["wen"], member=device.member, at=NOON).text
        signed = enrolment(device)
        first, second = (
            actions.ask_in(code, sent=signed.envelope, openings=signed.openings, at=NOON) for _ in range(2)
        )
        assert first.device == second.device
        assert first.ticket != second.ticket
        with pytest.raises(NotFound):
            actions.come_in(device=first.device, ticket=first.ticket, at=NOON)

    def test_answers_nobody_with_a_code_that_is_old(self, crew: Crew) -> None:
        device = crew.phone("wen")
        code = actions.make_code(crew.cast["wen"], member=device.member, at=NOON)
        signed = enrolment(device)
        actions.ask_in(code.text, sent=signed.envelope, openings=signed.openings, at=NOON)
        with pytest.raises(NotFound, match="code_unknown"):
            actions.ask_in(code.text, sent=signed.envelope, openings=signed.openings, at=code.expires_at)

    def test_makes_a_founder_wait_whose_code_another_person_made(self, crew: Crew) -> None:
        device = crew.phone("gao")
        code = actions.make_code(crew.cast["chen"], member=device.member, at=NOON).text
        signed = enrolment(device, may_enrol=True)
        asked = actions.ask_in(code, sent=signed.envelope, openings=signed.openings, at=NOON)
        assert asked.status == "pending"
        assert not Entry.objects.filter(device=asked.device).exists()

    def test_works_once_for_one_device(self, crew: Crew) -> None:
        code = actions.make_code(crew.cast["wen"], member=crew.cast["wen"].member, at=NOON).text
        one, other = enrolment(crew.phone("wen")), enrolment(crew.phone("wen"))
        actions.ask_in(code, sent=one.envelope, openings=one.openings, at=NOON)
        with pytest.raises(NotFound, match="code_unknown"):
            actions.ask_in(code, sent=other.envelope, openings=other.openings, at=NOON)
        assert DeviceModel.objects.count() == 1

    def test_refuses_somebody_elses_code(self, crew: Crew) -> None:
        code = actions.make_code(crew.cast["vera"], member=crew.cast["vera"].member, at=NOON).text
        signed = enrolment(crew.phone("wen"))
        with pytest.raises(Invalid, match="device_mismatch"):
            actions.ask_in(code, sent=signed.envelope, openings=signed.openings, at=NOON)
        assert not DeviceModel.objects.exists()

    def test_refuses_a_right_to_vouch_that_the_person_has_not(self, crew: Crew) -> None:
        with pytest.raises(NotAllowed, match="permission_missing"):
            crew.asked("wen", may_enrol=True)
        assert not DeviceModel.objects.exists()

    def test_refuses_a_key_that_did_not_sign(self, crew: Crew) -> None:
        device = crew.phone("wen")
        code = actions.make_code(crew.cast["wen"], member=device.member, at=NOON).text
        signed = enrolment(device)
        signed.envelope["signatures"][0]["sig"] = enrolment(crew.phone("wen")).envelope["signatures"][0]["sig"]
        with pytest.raises(Invalid, match="signature_invalid"):
            actions.ask_in(code, sent=signed.envelope, openings=signed.openings, at=NOON)
        assert not DeviceModel.objects.exists()


class TestCountersign:
    def test_puts_the_device_into_the_log(self, crew: Crew, chens: Device) -> None:
        device, asked = crew.asked("wen")
        vouch(crew.cast["chen"], chens, device)
        entry = Entry.objects.get(device=device.key.device)
        sealed = envelope.parse_entry(bytes(entry.envelope))
        assert [one.keyid for one in sealed.signatures] == [device.key.device, chens.key.device]
        assert actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON).status == "enrolled"

    def test_is_refused_to_who_may_not(self, crew: Crew, chens: Device, wens: Device) -> None:
        device, _ = crew.asked("vera")
        with pytest.raises(NotAllowed, match="permission_missing"):
            actions.countersign(
                crew.cast["wen"], device=device.key.device, keyid=wens.key.device, sig=b"0" * 64, at=NOON
            )

    def test_needs_another_person(self, crew: Crew, chens: Device) -> None:
        device, _ = crew.asked("chen")
        with pytest.raises(NotAllowed, match="countersigner_same_person"):
            vouch(crew.cast["chen"], chens, device)
        assert not Entry.objects.filter(device=device.key.device).exists()

    def test_needs_somebody_else_than_who_made_the_code(self, crew: Crew, chens: Device) -> None:
        device = crew.phone("wen")
        code = actions.make_code(crew.cast["chen"], member=device.member, at=NOON).text
        signed = enrolment(device)
        actions.ask_in(code, sent=signed.envelope, openings=signed.openings, at=NOON)
        with pytest.raises(NotAllowed, match="countersigner_asked"):
            vouch(crew.cast["chen"], chens, device)
        assert not Entry.objects.filter(device=device.key.device).exists()

    def test_needs_the_signers_own_device(self, crew: Crew, chens: Device) -> None:
        device, _ = crew.asked("wen")
        for keyid in (chens.key.device, "0" * 64):
            with pytest.raises(NotAllowed, match="countersigner_unknown"):
                actions.countersign(crew.cast["gao"], device=device.key.device, keyid=keyid, sig=b"0" * 64, at=NOON)

    def test_needs_a_good_signature(self, crew: Crew, chens: Device) -> None:
        device, _ = crew.asked("wen")
        with pytest.raises(Invalid, match="signature_invalid"):
            actions.countersign(
                crew.cast["chen"], device=device.key.device, keyid=chens.key.device, sig=b"1" * 64, at=NOON
            )
        assert not Entry.objects.filter(device=device.key.device).exists()

    def test_happens_once(self, crew: Crew, chens: Device, wens: Device) -> None:
        with pytest.raises(Conflict, match="enrolment_not_pending"):
            actions.countersign(
                crew.cast["chen"], device=wens.key.device, keyid=chens.key.device, sig=b"1" * 64, at=NOON
            )

    def test_knows_no_device_of_another_company(self, crew: Crew) -> None:
        device, _ = crew.asked("wen")
        with scope.within("quarry"), pytest.raises(NotFound, match="device_not_found"):
            actions.countersign(
                crew.cast["quentin"], device=device.key.device, keyid=device.key.device, sig=b"1" * 64, at=NOON
            )


class TestRefuse:
    def test_turns_the_device_away(self, crew: Crew) -> None:
        device, asked = crew.asked("wen")
        actions.refuse(crew.cast["chen"], device=device.key.device)
        assert actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON) == actions.Arrival(status="refused")
        assert queries.waiting(crew.cast["chen"]) == []

    def test_is_not_for_everybody(self, crew: Crew) -> None:
        device, _ = crew.asked("wen")
        with pytest.raises(NotAllowed):
            actions.refuse(crew.cast["vera"], device=device.key.device)

    def test_comes_too_late_for_one_that_is_in(self, crew: Crew, wens: Device) -> None:
        with pytest.raises(Conflict, match="enrolment_not_pending"):
            actions.refuse(crew.cast["chen"], device=wens.key.device)


class TestComeIn:
    def test_takes_the_lock_of_the_log_before_it_looks_at_the_device(self, crew: Crew) -> None:
        # Whoever ends the key holds this lock: no token that reads is given out behind their back.
        _, asked = crew.asked("chen", may_enrol=True)
        with CaptureQueriesContext(connection) as asked_of:
            actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON)
        told = [one["sql"] for one in asked_of]
        lock = next(at for at, sql in enumerate(told) if f'FROM "{Log._meta.db_table}"' in sql)
        look = next(
            at for at, sql in enumerate(told) if f'FROM "{DeviceModel._meta.db_table}"' in sql and "spki" in sql
        )
        assert lock < look

    def test_says_pending_and_gives_nothing_before(self, crew: Crew) -> None:
        _, asked = crew.asked("wen")
        assert actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON) == actions.Arrival(status="pending")

    @pytest.mark.parametrize("one", [True, False])
    def test_does_not_bring_back_what_somebody_has_ended(self, crew: Crew, one: bool) -> None:
        _, asked = crew.asked("chen", may_enrol=True)
        chen, operator = crew.cast["chen"], Actor.operator("harbour")
        token = actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON).token
        if one:
            (row,) = tokens.tokens(operator, member=chen.member)
            people.revoke_token(operator, member=chen.member, token=row.id, at=NOON + MINUTE)
        else:
            people.revoke_tokens(operator, member=chen.member, at=NOON + MINUTE)
        for _ in range(2):
            with pytest.raises(NotFound, match="device_not_found"):
                actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON + 2 * MINUTE)
        with pytest.raises(NotAllowed, match="token_unknown"):
            people.resolve_token(token, at=NOON + 2 * MINUTE)
        assert tokens.tokens(operator, member=chen.member) == []

    def test_does_not_bring_it_back_by_a_code_that_was_made_before(self, crew: Crew) -> None:
        device, chen = crew.phone("chen"), crew.cast["chen"]
        code, unused = (actions.make_code(chen, member=chen.member, at=NOON).text for _ in range(2))
        signed = enrolment(device, may_enrol=True)
        asked = actions.ask_in(code, sent=signed.envelope, openings=signed.openings, at=NOON)
        actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON)
        people.revoke_tokens(Actor.operator("harbour"), member=chen.member, at=NOON + MINUTE)
        for old in (code, unused):
            again = actions.ask_in(old, sent=signed.envelope, openings=signed.openings, at=NOON + 2 * MINUTE)
            with pytest.raises(NotFound, match="device_not_found"):
                actions.come_in(device=again.device, ticket=again.ticket, at=NOON + 2 * MINUTE)
        fresh = actions.make_code(Actor.operator("harbour"), member=chen.member, at=NOON + 2 * MINUTE).text
        again = actions.ask_in(fresh, sent=signed.envelope, openings=signed.openings, at=NOON + 3 * MINUTE)
        token = actions.come_in(device=again.device, ticket=again.ticket, at=NOON + 3 * MINUTE).token
        assert people.resolve_token(token, at=NOON + 3 * MINUTE).member == chen.member

    def test_gives_a_new_token_each_time_and_ends_the_old(self, crew: Crew) -> None:
        _, asked = crew.asked("chen", may_enrol=True)
        first, second = (actions.come_in(device=asked.device, ticket=asked.ticket, at=NOON).token for _ in range(2))
        assert people.resolve_token(second, at=NOON).member == crew.cast["chen"].member
        with pytest.raises(NotAllowed, match="token_unknown"):
            people.resolve_token(first, at=NOON)

    def test_knows_no_other_device(self, crew: Crew, wens: Device) -> None:
        _, asked = crew.asked("vera")
        for device, ticket in ((wens.key.device, asked.ticket), (asked.device, "x"), (asked.device, asked.ticket[:-1])):
            with pytest.raises(NotFound, match="device_not_found"):
                actions.come_in(device=device, ticket=ticket, at=NOON)

import base64
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tanghulu.apps.evidence import actions, queries
from tanghulu.apps.evidence.models import Entry, Fork, Log
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.core import canonical
from tanghulu.core.access import Actor
from tanghulu.core.chain import admission, envelope, event
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tanghulu.gateways import keys
from tests.support.cast import NOON, Cast
from tests.support.phones import RUN, Crew, admit, enrolment, founders, nothing_against, open_run, payload_of


def resealed(signed: Signed, device: Device, **changes: Any) -> dict[str, Any]:
    """The event with members changed, signed anew by the device."""
    value = {**json.loads(payload_of(signed)), **changes}
    return json.loads(envelope.sign(canonical.dumps(value), device.key).entry)  # type: ignore[no-any-return]


def count() -> tuple[int, int, int]:
    """Entries, forks, and the number of the next entry: what a refusal must leave alone."""
    return Entry.objects.count(), Fork.objects.count(), Log.objects.get().next_index


class TestExamine:
    def test_gives_the_event_that_a_device_signed(self, wens: Device) -> None:
        signed = open_run(wens)
        found = actions.examine(signed.envelope)
        assert found.event.hash == signed.payload_hash

    def test_refuses_a_device_that_waits(self, crew: Crew) -> None:
        device, _ = crew.asked("wen")
        with pytest.raises(Invalid, match="signature_unknown_key"):
            actions.examine(open_run(device).envelope)

    def test_refuses_the_device_of_another_company(self, wens: Device) -> None:
        signed = open_run(wens)
        with scope.within("quarry"):
            with pytest.raises(Invalid, match="device_mismatch"):
                actions.examine(signed.envelope)
            with pytest.raises(Invalid, match="signature_unknown_key"):
                actions.examine(resealed(signed, wens, tenant="quarry"))
        before = count()
        with pytest.raises(Invalid, match="device_mismatch"):
            actions.examine(resealed(signed, wens, tenant="quarry"))
        assert count() == before

    def test_refuses_an_actor_whose_device_it_is_not(self, crew: Crew, wens: Device) -> None:
        with pytest.raises(Invalid, match="device_mismatch"):
            actions.examine(resealed(open_run(wens), wens, actor=crew.cast["vera"].member))

    def test_refuses_a_signature_of_another_payload(self, wens: Device) -> None:
        one, other = open_run(wens), open_run(wens, run="c" * 32)
        one.envelope["signatures"] = other.envelope["signatures"]
        with pytest.raises(Invalid, match="signature_invalid"):
            actions.examine(one.envelope)

    def test_refuses_what_is_not_canonical(self, wens: Device) -> None:
        payload = payload_of(open_run(wens)) + b"\n"
        sealed = json.loads(envelope.sign(payload, wens.key).entry)
        with pytest.raises(Invalid, match="payload_not_canonical"):
            actions.examine(sealed)

    @pytest.mark.parametrize("sent", [None, [], {}, {"payload": 1}, "x"])
    def test_refuses_what_is_no_envelope(self, crew: Crew, sent: Any) -> None:
        with pytest.raises(Invalid, match="envelope_malformed"):
            actions.examine(sent)

    def test_refuses_what_only_the_server_states(self, wens: Device) -> None:
        open_run(wens)
        stated = wens.sign("photo.stored", run=RUN, data={"commitment": "0" * 64})
        with pytest.raises(Invalid, match="payload_malformed"):
            actions.examine(stated.envelope)

    def test_refuses_a_second_signature_that_is_nobodys(self, crew: Crew, wens: Device) -> None:
        signed = open_run(wens)
        sealed = envelope.envelope_of(signed.envelope)  # type: ignore[arg-type]
        stranger = crew.phone("vera")
        with pytest.raises(Invalid, match="signature_unknown_key"):
            actions.examine(json.loads(envelope.countersign(sealed, stranger.key).entry))


class TestAdmit:
    def test_gives_a_number_and_the_servers_word(self, wens: Device) -> None:
        signed = open_run(wens)
        before = Log.objects.get().next_index
        reception = admit(signed)
        sealed = envelope.parse_entry(reception.admission, payload_type=envelope.ADMISSION_TYPE)
        assert sealed.signatures[0].keyid == keys.server_key("harbour").device
        said = admission.parse_admission(sealed.payload)
        assert (said.index, said.payload, said.device) == (before, signed.payload_hash, wens.key.device)
        assert (said.standing.value, said.codes) == ("accepted", ())
        assert reception.outcome == "admitted"
        assert queries.heads(RUN) == [signed.payload_hash]

    def test_answers_the_same_again_with_the_first_admission(self, wens: Device) -> None:
        signed = open_run(wens)
        first = admit(signed)
        # ECDSA may give another signature; what counts is the payload.
        again = admit(signed, at=NOON + timedelta(hours=1))
        assert (again.outcome, again.admission, again.index) == ("again", first.admission, first.index)
        assert Entry.objects.filter(run=RUN).count() == 1

    def test_keeps_another_event_under_the_same_number_beside_the_log(self, wens: Device) -> None:
        signed = open_run(wens)
        admit(signed)
        other = actions.examine(resealed(signed, wens, mono_ms=999_999))
        before = count()
        with pytest.raises(Conflict, match="event_forked"), transaction.atomic():
            actions.admit(other, at=NOON, judge=nothing_against)
        for _ in range(2):
            actions.keep_fork(other, at=NOON)
        assert queries.forks(RUN) == (other.event.hash,)
        assert count() == (before[0], 1, before[2])

    def test_marks_what_its_run_does_not_allow(self, wens: Device) -> None:
        examined = actions.examine(open_run(wens).envelope)
        reception = actions.admit(examined, at=NOON, judge=lambda _, **__: ("run_not_open", "role_missing"))
        record = queries.run_events(RUN)[0]
        assert reception.codes == record.codes == ("run_not_open", "role_missing")
        assert record.standing == "contradicting"

    def test_answers_an_enrolment_that_is_in_the_log_again_and_takes_no_new_one(self, crew: Crew, wens: Device) -> None:
        enrolled = Entry.objects.get(device=wens.key.device, dseq=1)
        examined = actions.examine(json.loads(bytes(enrolled.envelope)))
        assert actions.admit(examined, at=NOON, judge=nothing_against).outcome == "again"

    def test_lets_the_judge_append_before_the_event(self, wens: Device) -> None:
        first = admit(open_run(wens))
        wens.learn(RUN, [first.event.hash])
        examined = actions.examine(wens.sign("run.stopped", run=RUN).envelope)

        def judge(given: event.Event, /, *, is_revoked: bool) -> tuple[str, ...]:
            assert not is_revoked
            facts = {"member": given.actor, "roles": ["worker"], "certificates": {}}
            actions.state_fact(EventType.PEOPLE_RESOLVED, run=RUN, data=facts, at=NOON)
            return ()

        reception = actions.admit(examined, at=NOON, judge=judge)
        assert reception.index == first.index + 2
        assert [record.payload["type"] for record in queries.run_events(RUN)] == [
            "run.opened",
            "people.resolved",
            "run.stopped",
        ]

    @pytest.mark.django_db(transaction=True)
    def test_admits_five_equal_posts_at_once_as_one(self, wens: Device) -> None:
        signed = open_run(wens)
        receptions: list[actions.Reception] = []
        errors: list[BaseException] = []
        barrier = threading.Barrier(5)

        def post() -> None:
            try:
                with scope.within("harbour"):
                    barrier.wait(10)
                    receptions.append(admit(signed))
            except BaseException as error:  # noqa: BLE001 - it is shown by the assertion
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=post) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sorted(one.outcome for one in receptions) == ["admitted", *["again"] * 4]
        assert len({one.admission for one in receptions}) == 1
        assert Entry.objects.filter(run=RUN).count() == 1


class TestEveryDatabase:
    def test_holds_events_of_types_that_are_not_known_yet(self, wens: Device) -> None:
        admit(open_run(wens))
        signed = wens.sign(f"{'later' * 7}.{'kind' * 9}", run=RUN)
        reception = admit(signed)
        assert queries.run_events(RUN)[-1].payload["type"] == reception.event.type

    def test_is_spared_what_it_cannot_hold(self, wens: Device) -> None:
        admit(open_run(wens))
        signed = wens.sign("run.stopped", run=RUN, data={"why": "\0"})
        with pytest.raises(Invalid, match="payload_malformed"):
            actions.examine(signed.envelope)
        with pytest.raises(Invalid, match="opening_invalid"):
            actions.keep_openings([wens.commit("\0")], at=NOON)
        assert queries.run_events(RUN)[-1].payload["type"] == "run.opened"


class TestStateFact:
    def test_is_signed_by_the_server_and_linked_to_all_heads(self, wens: Device, server_device: str) -> None:
        opened = admit(open_run(wens)).event
        fact = actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "t"}, at=NOON)
        assert (fact.actor, fact.device, fact.rseq) == ("server", server_device, 1)
        assert fact.prev_run == (opened.hash,)
        second = actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "t"}, at=NOON)
        assert (second.prev_run, second.prev_device, second.rseq) == ((fact.hash,), fact.hash, 2)

    def test_knows_the_newest_checkpoint(self, wens: Device) -> None:
        admit(open_run(wens))
        actions.publish(at=NOON)
        fact = actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "t"}, at=NOON)
        head = queries.newest_checkpoint()
        assert head is not None
        assert fact.beacon == event.Beacon(head.size, head.root)

    def test_needs_an_open_log(self, at_harbour: Cast) -> None:
        with pytest.raises(NotFound, match="log_not_open"):
            actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "t"}, at=NOON)


class TestSeal:
    def test_counts_what_there_is(self, wens: Device, server_device: str) -> None:
        opened = admit(open_run(wens)).event
        sealed = actions.seal(RUN, at=NOON)
        assert sealed is not None
        assert dict(sealed.data) == {"count": 1, "devices": {wens.key.device: 1}, "heads": [opened.hash]}
        again = actions.seal(RUN, at=NOON)
        assert again is not None
        assert again.data["devices"] == {server_device: 1, wens.key.device: 1}

    def test_waits_for_what_a_device_has_not_sent(self, wens: Device) -> None:
        opened = open_run(wens)
        missing = wens.sign("run.stopped", run=RUN)
        late = wens.sign("run.resumed", run=RUN, facts={"reason": "all clear"})
        admit(opened)
        admit(late)
        assert actions.seal(RUN, at=NOON) is None
        admit(missing)
        assert actions.seal(RUN, at=NOON) is not None


class TestOpenLog:
    def test_begins_with_its_keys_and_founders(self, crew: Crew) -> None:
        value = json.loads(base64.b64decode(json.loads(bytes(Entry.objects.get(index=0).envelope))["payload"]))
        assert value["type"] == "log.opened"
        assert value["data"]["founders"] == founders()
        assert value["data"]["origin"] == "localhost:8000/log/harbour"
        assert queries.policy_text().startswith(f"log {value['data']['log_key']}")

    def test_happens_once(self, crew: Crew) -> None:
        assert actions.open_log(Actor.operator("harbour"), founders=[], at=NOON) is False
        assert Entry.objects.count() == 1

    def test_is_for_the_operator(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.open_log(at_harbour["chen"], founders=[], at=NOON)


class TestEnrolmentEvent:
    def test_by_the_common_door_is_refused(self, crew: Crew, chens: Device) -> None:
        device = crew.phone("wen")
        with pytest.raises(Invalid, match="signature_unknown_key"):
            actions.examine(enrolment(device).envelope)

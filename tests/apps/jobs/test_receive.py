import hashlib
import json

from tanghulu.apps.evidence.models import Entry, Opening
from tanghulu.apps.jobs.models import RunPhoto
from tanghulu.apps.tenancy import scope
from tanghulu.core.chain import envelope
from tanghulu.core.chain import event as events
from tests.support.phones import payload_of
from tests.support.yard import RUN, STEP, Yard, picture

WHOLE = ["run.opened", "photo.taken", "step.confirmed", "photo.stored", "run.sealed"]


def without_openings(signed):
    return {"events": [{"envelope": signed.envelope}]}


def standings(yard: Yard) -> list[tuple[str, str, str]]:
    return [(one.type, one.standing, one.codes) for one in yard.entries() if one.standing != "accepted"]


class TestPhotosAndTheirEvents:
    def test_a_step_waits_for_the_bytes_of_its_photo_and_is_closed_by_them(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_photo(picture()))
        yard.send(yard.sign_confirmation())
        found = yard.activation()
        assert (found["state"], found["photos"][0]["stored"]) == ("passed", False)
        assert (yard.row().status, yard.types()) == ("open", WHOLE[:3])
        yard.put(picture())
        found = yard.activation()
        assert (found["state"], found["photos"][0]["stored"]) == ("closed", True)
        row = yard.row()
        assert (row.status, row.outcome, row.is_sealed, yard.types()) == ("ended", "completed", True, WHOLE)
        assert standings(yard) == []

    def test_the_bytes_may_come_before_their_event(self, yard: Yard) -> None:
        yard.open()
        signed = yard.sign_photo(picture())
        yard.put(picture())
        assert yard.types() == ["run.opened"]
        yard.send(signed)
        assert yard.types() == ["run.opened", "photo.taken", "photo.stored"]
        assert yard.activation()["photos"][0]["stored"] is True

    def test_what_comes_after_the_end_does_not_put_it_off(self, yard: Yard) -> None:
        yard.finish()
        ended_at = yard.row().ended_at
        assert ended_at == yard.entries()[-1].received_at
        yard.send(yard.sign_photo(picture(2)))
        row = yard.row()
        assert (row.ended_at, row.changed_at > ended_at) == (ended_at, True)

    def test_the_opening_may_come_last(self, yard: Yard) -> None:
        yard.open()
        signed = yard.sign_photo(picture())
        wire = yard.devices["wen"].wire
        assert wire.send("POST", "/api/v1/events", without_openings(signed)).status == 201
        yard.put(picture())
        assert yard.types() == ["run.opened", "photo.taken"]
        with scope.within("harbour"):
            assert RunPhoto.objects.get().sha256 == ""
        (opening,) = signed.openings
        commitment = opening["commitment"]
        body = {"salt": opening["salt"], "value": opening["value"]}
        assert wire.send("PUT", f"/api/v1/openings/{commitment}", body).status == 204
        assert yard.types() == ["run.opened", "photo.taken", "photo.stored"]
        with scope.within("harbour"):
            photo = RunPhoto.objects.get()
            assert (photo.commitment, photo.sha256, photo.stated_at is not None) == (commitment, opening["value"], True)

    def test_an_opening_of_something_else_is_refused(self, yard: Yard) -> None:
        yard.open()
        signed = yard.sign_photo(picture())
        wire = yard.devices["wen"].wire
        wire.send("POST", "/api/v1/events", without_openings(signed)).good()
        (opening,) = signed.openings
        with scope.within("harbour"):
            before = Opening.objects.count()
        body = {"salt": opening["salt"], "value": "0" * 64}
        answer = wire.send("PUT", f"/api/v1/openings/{opening['commitment']}", body)
        assert (answer.status, answer.json["code"]) == (422, "opening_invalid")
        with scope.within("harbour"):
            assert Opening.objects.count() == before
            assert RunPhoto.objects.get().sha256 == ""


class TestWhatTheRulesDoNotAllow:
    def test_is_kept_with_the_codes_that_say_why(self, yard: Yard) -> None:
        yard.finish()
        late = yard.sign_confirmation()
        yard.send(late)
        entry = yard.entries()[-2]
        assert (entry.payload_hash, entry.type, entry.standing) == (
            late.payload_hash,
            "step.confirmed",
            "contradicting",
        )
        codes = entry.codes.split()
        assert codes == ["run_ended"]
        state = yard.row().state
        assert state["contradictions"] == [{"event": late.payload_hash, "codes": codes}]
        assert state["outcome"] == "completed"

    def test_an_early_confirmation_leaves_the_step_open(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_confirmation())
        assert standings(yard) == [("step.confirmed", "contradicting", "photo_missing")]
        assert yard.activation()["state"] == "open"

    def test_a_version_that_nobody_published_is_kept_as_contradicting(self, yard: Yard) -> None:
        yard.open(version="b" * 64)
        assert standings(yard) == [("run.opened", "contradicting", "template_unknown")]
        row = yard.row()
        assert (row.status, row.version, row.template) == ("new", "", "")
        yard.send(yard.sign_photo(picture()))
        assert standings(yard)[-1] == ("photo.taken", "contradicting", "run_not_open")


def _event(entry: Entry) -> events.Event:
    return events.parse_payload(envelope.parse_entry(bytes(entry.envelope)).payload)


class TestGaps:
    def test_numbers_left_out_keep_the_run_unsealed_until_they_come(self, yard: Yard) -> None:
        yard.open()
        first = yard.sign_photo(picture())
        second = yard.sign_photo(picture())
        yard.send(second)
        yard.put(picture())
        yard.send(yard.sign_confirmation())
        row = yard.row()
        assert (row.status, row.is_sealed) == ("ended", False)
        assert "run.sealed" not in yard.types()
        yard.send(first)
        assert yard.row().is_sealed is True
        assert yard.types()[-1] == "run.sealed"
        assert [one.payload_hash for one in yard.entries()].count(first.payload_hash) == 1

    def test_an_event_that_comes_after_one_that_names_it_is_no_head_of_the_seal(self, yard: Yard) -> None:
        yard.open()
        first, second = yard.sign_photo(picture()), yard.sign_photo(picture(2))
        assert first.payload_hash in events.parse_payload(payload_of(second)).prev_run
        yard.send(second)
        yard.send(first)
        for content in (picture(), picture(2)):
            yard.put(content)
        yard.send(yard.sign_confirmation())
        *before, seal = [_event(one) for one in yard.entries()]
        named = {name for one in before for name in one.prev_run}
        assert (seal.type, list(seal.prev_run)) == ("run.sealed", sorted({one.hash for one in before} - named))
        assert seal.data["heads"] == list(seal.prev_run)


class TestSealedRuns:
    def test_are_opened_by_what_comes_late_and_sealed_again(self, yard: Yard) -> None:
        yard.finish()
        assert yard.types() == ["run.opened", "photo.taken", "photo.stored", "step.confirmed", "run.sealed"]
        late = yard.sign_photo(picture(2))
        yard.send(late)
        assert yard.types()[-2:] == ["photo.taken", "run.sealed"]
        yard.put(picture(2))
        assert yard.types()[-3:] == ["run.sealed", "photo.stored", "run.sealed"]
        assert yard.row().is_sealed is True
        assert yard.types().count("run.sealed") == 3


class TestPhotosOfActsThatContradict:
    """Anybody who is enrolled can name any run; what he sends is kept, and holds nobody up."""

    def test_do_not_hold_up_the_seal(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_photo(picture(7), by="chen"), by="chen")
        yard.learn()
        yard.send(yard.sign_photo(picture()))
        yard.put(picture())
        yard.send(yard.sign_confirmation())
        assert standings(yard) == [("photo.taken", "contradicting", "not_your_task")]
        assert (yard.row().is_sealed, yard.types()[-1]) == (True, "run.sealed")
        yard.put(picture(7), by="chen")
        assert yard.types()[-3:] == ["run.sealed", "photo.stored", "run.sealed"]

    def test_that_name_the_commitment_of_another_run_take_nothing_away(self, yard: Yard) -> None:
        other = "c" * 32
        yard.open(run=other)
        yard.open()
        mine = yard.sign_photo(picture())
        copied = yard.sign_photo(picture(), by="chen", run=other, opening=mine.openings[0])
        yard.send(copied, by="chen")
        yard.send(mine)
        yard.put(picture())
        yard.send(yard.sign_confirmation())
        assert yard.row().is_sealed is True


class TestPhotosThatAreNotAsTheirEventSays:
    def test_are_refused_and_the_step_asks_for_another(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_photo(picture(), said=(len(picture()) + 1, "image/png")))
        yard.send(yard.sign_confirmation())
        yard.put(picture())
        (refused,) = [one for one in yard.entries() if one.type == "photo.refused"]
        payload = json.loads(envelope.parse_entry(bytes(refused.envelope)).payload)
        assert payload["data"]["codes"] == ["size_differs", "type_differs"]
        found = yard.activation()
        assert (found["n"], found["state"], found["photos"]) == (2, "open", [])
        assert yard.row().status == "open"
        yard.learn()
        yard.send(yard.sign_photo(picture(2), activation=2))
        yard.put(picture(2))
        yard.send(yard.sign_confirmation(activation=2))
        assert (yard.row().status, yard.row().is_sealed) == ("ended", True)

    def test_are_refused_when_the_bytes_came_first(self, yard: Yard) -> None:
        yard.open()
        yard.put(picture())
        yard.send(yard.sign_photo(picture(), said=(1, "image/jpeg")))
        assert yard.types()[-1] == "photo.refused"
        assert yard.activation()["photos"][0]["refused"] == ["size_differs"]

    def test_are_refused_when_they_are_no_picture_at_all(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_photo(b"not a picture"))
        name = hashlib.sha256(b"not a picture").hexdigest()
        wire = yard.devices["wen"].wire
        answer = wire.put_bytes(f"/api/v1/photos/{name}", b"not a picture", media_type="image/jpeg")
        assert (answer.status, answer.json["code"]) == (422, "photo_type_unknown")
        assert yard.types()[-1] == "photo.refused"
        assert yard.activation()["photos"][0]["refused"] == ["type_differs"]

    def test_are_stored_for_the_event_that_says_it_right(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_photo(picture(), said=(1, "image/jpeg")))
        yard.send(yard.sign_photo(picture()))
        yard.put(picture())
        assert yard.types()[-2:] == ["photo.refused", "photo.stored"]


class TestTwoJobs:
    def test_do_not_touch_each_other(self, yard: Yard) -> None:
        other = "c" * 32
        yard.open()
        yard.finish(run=other)
        assert yard.row(other).status == "ended"
        assert yard.row().state["steps"][STEP][0]["photos"] == []
        assert yard.types(RUN) == ["run.opened"]

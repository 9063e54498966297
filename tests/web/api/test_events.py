import base64
import copy
import json
from typing import Any

import pytest
from django.test import Client

from tanghulu.apps.evidence.models import Entry, Fork
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.config import wsgi
from tanghulu.core import canonical
from tanghulu.core.chain import envelope
from tests.support.phones import Crew, open_run, payload_of
from tests.support.wsgi_wire import ask
from tests.support.yard import RUN, Yard, body_of, picture

PATH = "/api/v1/events"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256


def post(client: Client, body: object) -> Any:
    content = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(PATH, content, content_type="application/json")


def resigned(device: Device, payload: bytes) -> dict[str, Any]:
    """An envelope of this payload, signed by the device."""
    return dict(json.loads(envelope.sign(payload, device.key).entry))


def signed_otherwise(signed: Signed) -> dict[str, Any]:
    """The same event with another valid signature of the same key: for every (r, s) there is (r, n - s)."""
    (old,) = signed.envelope["signatures"]
    raw = base64.b64decode(old["sig"])
    other = raw[:32] + (ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    return {**signed.envelope, "signatures": [{**old, "sig": base64.b64encode(other).decode()}]}


def torn(device: Device, *photos: bytes, yard: Yard) -> list[Signed]:
    """Photos that the device signs all under the same number, as if it had been put back from a copy each time."""
    before = device._dseq, device._previous, copy.deepcopy(device._chains)
    signed = []
    for photo in photos:
        device._dseq, device._previous, device._chains = before[0], before[1], copy.deepcopy(before[2])
        signed.append(yard.sign_photo(photo))
    return signed


def forks() -> list[str]:
    with scope.within("harbour"):
        return list(Fork.objects.values_list("payload_hash", flat=True))


def altered(signed: Signed, device: Device, **members: object) -> dict[str, Any]:
    """The event with other members, signed by the device."""
    value = json.loads(payload_of(signed)) | members
    return resigned(device, canonical.dumps(value))


class TestPostEvents:
    def test_gives_the_first_admission_for_an_event_that_comes_again(self, yard: Yard) -> None:
        client = yard.cast.phone("zhao")
        signed = yard.sign_opening()
        first = post(client, body_of(signed))
        assert first.status_code == 201
        size = yard.size()
        with scope.within("harbour"):
            stored = bytes(Entry.objects.get(payload_hash=signed.payload_hash).admission)
        again = signed_otherwise(signed)
        assert again["signatures"] != signed.envelope["signatures"]
        second = post(client, {"events": [{"envelope": again}]})
        assert (second.status_code, second.json()["status"]) == (200, 200)
        assert second.content.endswith(b'"admission":' + stored + b"}")
        assert first.content.endswith(b'"admission":' + stored + b"}")
        assert (yard.size(), forks()) == (size, [])

    def test_keeps_both_events_of_a_device_that_forked(self, yard: Yard) -> None:
        yard.open()
        first, second = torn(yard.devices["wen"], picture(1), picture(2), yard=yard)
        yard.send(first)
        size = yard.size()
        for _ in range(2):
            answer = post(yard.cast.phone("wen"), body_of(second))
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, "event_forked")
        assert (yard.size(), forks()) == (size, [second.payload_hash])
        with scope.within("harbour"):
            assert Entry.objects.filter(payload_hash=first.payload_hash).count() == 1
            assert bytes(Fork.objects.get().envelope) == envelope.envelope_of(second.envelope).entry

    def test_stores_nothing_of_a_key_that_is_not_enrolled(self, yard: Yard) -> None:
        with scope.within("harbour"):
            stranger = Crew(yard.cast).phone("wen")
        size = yard.size()
        answer = post(yard.cast.phone("wen"), body_of(open_run(stranger)))
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "signature_unknown_key")
        assert (yard.size(), forks()) == (size, [])

    def test_refuses_a_signature_over_something_else(self, yard: Yard) -> None:
        size = yard.size()
        first, second = yard.sign_opening(), yard.sign_opening()
        mixed = {**second.envelope, "signatures": first.envelope["signatures"]}
        answer = post(yard.cast.phone("zhao"), {"events": [{"envelope": mixed}]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "signature_invalid")
        assert yard.size() == size

    def test_refuses_a_payload_that_is_not_canonical(self, yard: Yard) -> None:
        size = yard.size()
        loose = payload_of(yard.sign_opening()).replace(b'":', b'": ')
        answer = post(yard.cast.phone("zhao"), {"events": [{"envelope": resigned(yard.devices["zhao"], loose)}]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "payload_not_canonical")
        assert yard.size() == size

    def test_refuses_a_payload_that_is_no_event(self, yard: Yard) -> None:
        size = yard.size()
        sent = altered(yard.sign_opening(), yard.devices["zhao"], dseq="one")
        answer = post(yard.cast.phone("zhao"), {"events": [{"envelope": sent}]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "payload_malformed")
        assert yard.size() == size

    def test_lets_nobody_act_for_somebody_else(self, yard: Yard) -> None:
        size = yard.size()
        sent = altered(yard.sign_opening(), yard.devices["zhao"], actor=yard.cast["wen"].member)
        answer = post(yard.cast.phone("zhao"), {"events": [{"envelope": sent}]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "device_mismatch")
        assert yard.size() == size

    def test_lets_nobody_speak_for_the_server(self, yard: Yard) -> None:
        yard.open()
        size = yard.size()
        signed = yard.devices["zhao"].sign("timer.fired", run=RUN, data={"timer": "expiry"})
        answer = post(yard.cast.phone("zhao"), body_of(signed))
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "payload_malformed")
        assert yard.size() == size

    @pytest.mark.parametrize(
        "sent", [{}, None, 7, "x", [], {"payload": "x"}, {"payload": None, "payloadType": 1, "signatures": {}}]
    )
    def test_refuses_what_is_no_envelope(self, yard: Yard, sent: Any) -> None:
        size = yard.size()
        answer = post(yard.cast.phone("wen"), {"events": [{"envelope": sent}]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "envelope_malformed")
        assert yard.size() == size

    def test_takes_the_good_ones_among_bad_ones_in_their_order(self, yard: Yard) -> None:
        opening = yard.sign_opening()
        bad = {"envelope": {**opening.envelope, "payload": base64.b64encode(b"{}").decode()}}
        other = yard.sign_opening(run="c" * 32)
        answer = post(yard.cast.phone("zhao"), {"events": [bad, opening.item, bad, other.item, opening.item]})
        assert answer.status_code == 200
        results = answer.json()["results"]
        assert [one["status"] for one in results] == [422, 201, 422, 201, 200]
        assert results[1]["admission"] == results[4]["admission"]
        assert "admission" not in results[0]
        assert yard.types() == ["run.opened"]
        assert yard.types("c" * 32) == ["run.opened"]

    def test_stores_nothing_of_another_company(self, yard: Yard) -> None:
        sizes = yard.size("harbour"), yard.size("quarry")
        answer = post(yard.cast.phone("quentin"), body_of(yard.sign_opening()))
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "device_mismatch")
        assert (yard.size("harbour"), yard.size("quarry")) == sizes

    @pytest.mark.parametrize(
        "body",
        ["", "{", "[]", "7", "null", "{}", '{"events": 1}', '{"events": []}', '{"events": [1]}', '{"events": [{}]}',
         '{"events": [{"envelope": {}}' + ', {"envelope": {}}' * 100 + "]}", b"\xff\xfe{", "[" * 100_000],
    )  # fmt: skip
    def test_refuses_a_body_of_another_form(self, yard: Yard, body: str | bytes) -> None:
        size = yard.size()
        answer = post(yard.cast.phone("wen"), body)
        assert (answer.status_code, answer.json()["code"]) == (422, "request_malformed")
        assert yard.size() == size

    def test_takes_a_hundred_at_once(self, yard: Yard) -> None:
        answer = post(yard.cast.phone("wen"), {"events": [{"envelope": {}}] * 100})
        assert [one["status"] for one in answer.json()["results"]] == [422] * 100

    def test_asks_to_sign_in(self, yard: Yard) -> None:
        size = yard.size()
        answer = post(Client(), body_of(yard.sign_opening()))
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
        assert yard.size() == size


class TestDoor:
    """The short way in answers as the long way does."""

    def both(self, yard: Yard, body: str, *, username: str = "zhao", language: str = "en") -> tuple[Any, Any]:
        headers = {
            "Authorization": f"Bearer {yard.token(username)}",
            "Content-Type": "application/json",
            "Accept-Language": language,
        }
        ways = (wsgi.application, wsgi._long_way)
        return tuple(ask(way, "POST", PATH, body.encode(), headers) for way in ways)  # type: ignore[return-value]

    def test_for_an_event_that_is_there(self, yard: Yard) -> None:
        signed = yard.open()
        (short, headers), (long, others) = self.both(yard, body_of(signed))
        assert (short.status, short.body) == (long.status, long.body)
        assert short.status == 200
        for name in ("content-type", "x-content-type-options"):
            assert headers[name].split(";")[0] == others[name].split(";")[0]

    @pytest.mark.parametrize("language", ["en", "zh-Hans"])
    @pytest.mark.parametrize("body", ["{", '{"events": []}', '{"events": [{"envelope": {}}]}'])
    def test_for_what_is_refused(self, yard: Yard, body: str, language: str) -> None:
        (short, _), (long, _) = self.both(yard, body, language=language)
        assert (short.status, short.json) == (long.status, long.json)
        assert short.status == 422

    def test_for_another_company(self, yard: Yard) -> None:
        (short, _), (long, _) = self.both(yard, body_of(yard.sign_opening()), username="quentin")
        assert (short.status, short.json) == (long.status, long.json)
        assert short.json["error"]["code"] == "device_mismatch"

    def test_for_a_token_that_nobody_has(self, yard: Yard) -> None:
        headers = {"Authorization": "Bearer tgh_" + "x" * 43, "Content-Type": "application/json"}
        short, long = (ask(way, "POST", PATH, b"{}", headers)[0] for way in (wsgi.application, wsgi._long_way))
        assert (short.status, short.json) == (long.status, long.json)
        assert short.status == 401

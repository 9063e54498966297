"""The short way in against the long one: every kind of answer, in the same words."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tanghulu.apps.directory import actions as directory
from tanghulu.apps.directory.models import MemberRole
from tanghulu.apps.evidence.models import Log
from tanghulu.apps.photos.actions import LARGEST
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.cli.simulator.wire import Answer
from tanghulu.config import wsgi
from tanghulu.core import canonical
from tanghulu.core.access import Actor
from tanghulu.core.chain import envelope
from tanghulu.web.api.events import MOST_BYTES, MOST_EVENTS
from tests.support.phones import payload_of
from tests.support.wsgi_wire import ask
from tests.support.yard import STEP, Yard, body_of, picture

EVENTS = "/api/v1/events"
SAME_HEADERS = ("content-type", "x-content-type-options")


@dataclass
class Request:
    """Something that a phone sends."""

    method: str
    path: str
    body: bytes
    token: str
    language: str = "en"


def events(yard: Yard, body: str | bytes, *, by: str = "wen") -> Request:
    return Request("POST", EVENTS, body if isinstance(body, bytes) else body.encode(), yard.token(by))


def photo(yard: Yard, content: bytes, *, name: str = "", by: str = "wen") -> Request:
    path = f"/api/v1/photos/{name or hashlib.sha256(content).hexdigest()}"
    return Request("PUT", path, content, yard.token(by))


def answered(way: Any, request: Request) -> tuple[Answer, dict[str, str]]:
    """The answer of one way; then everything is as it was, so that the other way meets the same server."""
    headers = {
        "Authorization": f"Bearer {request.token}",
        "Content-Type": "image/jpeg" if request.method == "PUT" else "application/json",
        "Accept-Language": request.language,
    }
    try:
        with transaction.atomic():
            answer = ask(way, request.method, request.path, request.body, headers)
            transaction.set_rollback(True)
    finally:
        if not (settings.DATA / "blobs").is_file():
            shutil.rmtree(settings.DATA / "blobs", ignore_errors=True)
    return answer


def timeless(answer: Answer) -> Any:
    """What an answer says, whenever it was said: admissions as they read, without the moment and the signature."""
    value = json.loads(answer.body)
    for result in value.get("results", [value]):
        if "admission" in result:
            signed = envelope.envelope_of(result["admission"], payload_type=envelope.ADMISSION_TYPE)
            said = json.loads(signed.payload)
            result["admission"] = {name: one for name, one in said.items() if name != "received_at"}
    return value


def agree(request: Request, status: int, code: str = "") -> Any:
    """Both ways answer with this status, this code and the same words; what they say."""
    (short, headers), (long, others) = (answered(way, request) for way in (wsgi.application, wsgi._long_way))
    assert (short.status, timeless(short)) == (long.status, timeless(long))
    assert short.status == status
    # What is too large goes the long way, whose answers are measured by the server.
    assert headers.get("content-length", str(len(short.body))) == str(len(short.body))
    for name in SAME_HEADERS:
        assert headers[name].split(";")[0] == others[name].split(";")[0]
    said = timeless(short)
    assert code in {"", said.get("code"), said.get("error", {}).get("code")}
    return said


def resigned(by: Device, signed: Signed, **changes: Any) -> dict[str, Any]:
    """The event with members changed, signed anew by the device."""
    payload = canonical.dumps({**json.loads(payload_of(signed)), **changes})
    return {"envelope": json.loads(envelope.sign(payload, by.key).entry)}


def submit(*items: Any) -> str:
    return json.dumps({"events": list(items)})


class TestEvents:
    def test_that_are_new(self, yard: Yard) -> None:
        said = agree(events(yard, body_of(yard.sign_opening())), 201)
        assert said["admission"]["standing"] == "accepted"

    def test_that_are_there(self, yard: Yard) -> None:
        agree(events(yard, body_of(yard.open())), 200)

    def test_that_contradict(self, yard: Yard) -> None:
        yard.open()
        late = yard.devices["wen"].sign("step.confirmed", run="a" * 32, step=STEP, activation=9)
        said = agree(events(yard, body_of(late)), 201)
        assert said["admission"]["standing"] == "contradicting"

    def test_that_fork(self, yard: Yard) -> None:
        signed = yard.open()
        other = resigned(yard.devices["zhao"], signed, mono_ms=77)
        agree(events(yard, submit(other), by="zhao"), 409, "event_forked")

    def test_of_which_each_stands_alone(self, yard: Yard) -> None:
        signed = yard.open()
        first, second = yard.sign_photo(picture()), yard.sign_confirmation()
        body = submit(first.item, {"envelope": {}}, second.item, resigned(yard.devices["zhao"], signed, mono_ms=77))
        said = agree(events(yard, body), 200)
        assert [one["status"] for one in said["results"]] == [201, 422, 201, 409]

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "request_malformed"),
            (b"{", "request_malformed"),
            (b"\xff", "request_malformed"),
            (b"[]", "request_malformed"),
            (b"{}", "request_malformed"),
            (b'{"events": {}}', "request_malformed"),
            (b'{"events": []}', "request_malformed"),
            (b'{"events": [1]}', "request_malformed"),
            (b'{"events": [{}]}', "request_malformed"),
            (submit(*[{"envelope": {}}] * (MOST_EVENTS + 1)).encode(), "request_malformed"),
            (b'{"events": [{"envelope": 1}]}', "envelope_malformed"),
            (b'{"events": [{"envelope": {}}]}', "envelope_malformed"),
        ],
    )
    @pytest.mark.parametrize("language", ["en", "zh-Hans"])
    def test_that_are_none(self, yard: Yard, body: bytes, code: str, language: str) -> None:
        request = events(yard, body)
        request.language = language
        agree(request, 422, code)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda device, item: resigned(device, item, mono_ms=-1), "payload_malformed"),
            (lambda device, item: resigned(device, item, type="photo.stored"), "payload_malformed"),
            (lambda device, item: resigned(device, item, tenant="quarry"), "device_mismatch"),
            (lambda device, item: resigned(device, item, actor="0" * 32), "device_mismatch"),
            (lambda device, item: resigned(device, item, device="0" * 64), "signature_unknown_key"),
            (lambda _device, item: {**item.item, "openings": [{"commitment": "0"}]}, "opening_invalid"),
            (lambda _device, item: {**item.item, "openings": 7}, "opening_invalid"),
        ],
    )
    def test_that_are_refused(self, yard: Yard, change: Callable[[Device, Signed], Any], code: str) -> None:
        device = yard.devices["zhao"]
        item = change(device, yard.sign_opening())
        agree(events(yard, submit(item), by="zhao"), 422, code)

    def test_with_a_signature_that_is_wrong(self, yard: Yard) -> None:
        item = yard.sign_opening().item
        (signature,) = item["envelope"]["signatures"]
        bad = {**item["envelope"], "signatures": [{**signature, "sig": "A" * 86 + "=="}]}
        agree(events(yard, submit({**item, "envelope": bad})), 422, "signature_invalid")

    def test_that_are_not_canonical(self, yard: Yard) -> None:
        device, signed = yard.devices["zhao"], yard.sign_opening()
        spaced = json.loads(envelope.sign(payload_of(signed) + b" ", device.key).entry)
        agree(events(yard, submit({"envelope": spaced}), by="zhao"), 422, "payload_not_canonical")

    def test_that_are_too_many_bytes(self, yard: Yard) -> None:
        agree(events(yard, b" " * (MOST_BYTES + 1)), 400, "request_malformed")

    def test_of_another_company(self, yard: Yard) -> None:
        agree(events(yard, body_of(yard.sign_opening()), by="quentin"), 422, "device_mismatch")


class TestPhotos:
    def test_that_are_new(self, yard: Yard) -> None:
        said = agree(photo(yard, picture()), 201)
        assert said["size"] == len(picture())

    def test_that_an_event_waits_for(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_photo(picture()))
        agree(photo(yard, picture()), 201)

    def test_that_are_there(self, yard: Yard) -> None:
        yard.put(picture())
        kept = (settings.DATA / "blobs").rename(settings.DATA / "kept")
        try:
            for way in (wsgi.application, wsgi._long_way):
                shutil.copytree(kept, settings.DATA / "blobs")
                answer, _ = answered(way, photo(yard, picture()))
                assert (answer.status, answer.json["size"]) == (200, len(picture()))
        finally:
            shutil.rmtree(kept)

    def test_whose_bytes_are_others(self, yard: Yard) -> None:
        agree(photo(yard, picture(), name="0" * 64), 422, "photo_hash_differs")

    @pytest.mark.parametrize("content", [b"no picture", b""])
    def test_that_are_none(self, yard: Yard, content: bytes) -> None:
        agree(photo(yard, content), 422, "photo_type_unknown")

    def test_that_are_too_large(self, yard: Yard) -> None:
        agree(photo(yard, b"\xff\xd8\xff" + bytes(LARGEST)), 422, "photo_too_large")

    @pytest.mark.parametrize("name", ["0" * 63, "A" * 64, "0" * 64 + "/more"])
    def test_under_no_name(self, yard: Yard, name: str) -> None:
        short, long = (answered(way, photo(yard, picture(), name=name))[0] for way in _WAYS)
        assert (short.status, short.body) == (long.status, long.body)
        assert short.status in {404, 422}

    def test_that_cannot_be_kept(self, yard: Yard) -> None:
        (settings.DATA / "blobs").write_bytes(b"where a folder must be")
        try:
            agree(photo(yard, picture()), 500)
        finally:
            (settings.DATA / "blobs").unlink()


_WAYS = (wsgi.application, wsgi._long_way)
_KINDS: list[Callable[[Yard], Request]] = [
    lambda yard: events(yard, body_of(yard.sign_opening())),
    lambda yard: photo(yard, picture()),
]


@pytest.mark.parametrize("kind", _KINDS, ids=["event", "photo"])
class TestWhoeverMayNot:
    @pytest.mark.parametrize("token", ["tgh_", "tgh_" + "x" * 43, "tgh_harbour_" + "x" * 43, "tgh_nowhere_" + "x" * 43])
    def test_come_in_with_a_token_that_nobody_has(
        self, yard: Yard, kind: Callable[[Yard], Request], token: str
    ) -> None:
        request = kind(yard)
        request.token = token
        agree(request, 401, "token_unknown")

    def test_come_in_with_a_token_that_was_ended(self, yard: Yard, kind: Callable[[Yard], Request]) -> None:
        request = kind(yard)
        answered(wsgi.application, request)
        with scope.within("harbour"):
            directory.revoke_tokens(Actor.operator("harbour"), member=yard.cast["wen"].member, at=timezone.now())
        agree(request, 401, "token_unknown")

    def test_do_this_without_a_role(self, yard: Yard, kind: Callable[[Yard], Request]) -> None:
        request = kind(yard)
        with scope.within("harbour"):
            MemberRole.objects.filter(member__ref=yard.cast["wen"].member).delete()
        agree(request, 403)

    def test_do_this_where_there_is_no_log(self, yard: Yard, kind: Callable[[Yard], Request]) -> None:
        request = kind(yard)
        with scope.within("harbour"):
            Log.objects.all().delete()
        agree(request, 404, "log_not_open")

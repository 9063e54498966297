import base64
import json
from typing import Any

import pytest
from django.test import Client

from tanghulu.apps.evidence import actions
from tanghulu.apps.tenancy import scope
from tanghulu.cli.simulator.device import Device
from tanghulu.core.access import Actor
from tanghulu.core.chain import envelope
from tests.support.cast import NOON, Cast
from tests.support.phones import Crew, enrolment, founders

API = "/api/v1"


@pytest.fixture
def harbour(cast: Cast) -> Cast:
    """Both companies with an open log; nobody has a device."""
    for tenant in ("harbour", "quarry"):
        with scope.within(tenant):
            actions.open_log(Actor.operator(tenant), founders=founders(), at=NOON)
    return cast


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"{API}{path}", json.dumps(body or {}), content_type="application/json")


def bearer(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


def code_for(cast: Cast, username: str) -> str:
    answer = post(cast.phone(username), "/enrolments/codes", {"member": cast[username].member})
    assert answer.status_code == 201
    assert f"/capture/#enrol={answer.json()['code']}" in answer.json()["url"]
    return str(answer.json()["code"])


def asked(cast: Cast, username: str, *, may_enrol: bool = False) -> tuple[Device, Any]:
    device = Crew(cast).phone(username)
    signed = enrolment(device, may_enrol=may_enrol)
    body = {"code": code_for(cast, username), "envelope": signed.envelope, "openings": list(signed.openings)}
    return device, post(Client(), "/enrolments", body)


def vouch(client: Client, by: Device, device: Device) -> Any:
    rows = client.get(f"{API}/enrolments").json()["enrolments"]
    payload = next(base64.b64decode(row["payload"]) for row in rows if row["device"] == device.key.device)
    sig = base64.b64encode(by.key.sign(envelope.pae(envelope.EVENT_TYPE, payload))).decode()
    return post(client, f"/enrolments/{device.key.device}/countersign", {"keyid": by.key.device, "sig": sig})


class TestEnrolment:
    def test_begins_with_a_code_that_needs_no_sign_in(self, harbour: Cast) -> None:
        answer = post(Client(), "/enrolments/begin", {"code": code_for(harbour, "wen")})
        assert answer.status_code == 200
        assert answer.json() == {
            "tenant": "harbour",
            "tenant_name": "港湾散货码头",
            "member": harbour["wen"].member,
            "name": "王维",
            "may_enrol": False,
            "roles": ["worker"],
        }

    def test_knows_no_made_up_code(self, harbour: Cast) -> None:
        answer = post(Client(), "/enrolments/begin", {"code": "x" * 32})
        assert (answer.status_code, answer.json()["code"]) == (404, "code_unknown")

    def test_leads_from_the_ticket_to_the_token(self, harbour: Cast) -> None:
        officer, answer = asked(harbour, "chen", may_enrol=True)
        assert (answer.status_code, answer.json()["status"]) == (202, "enrolled")
        device, answer = asked(harbour, "wen")
        ticket = answer.json()["ticket"]
        state = bearer(ticket).get(f"{API}/enrolments/{device.key.device}")
        assert state.json() == {"status": "pending"}
        assert vouch(harbour.phone("chen"), officer, device).status_code == 204
        with scope.within("harbour"):
            actions.publish(at=NOON)
        state = bearer(ticket).get(f"{API}/enrolments/{device.key.device}").json()
        assert state["status"] == "enrolled"
        assert state["checkpoint"]["size"] == 3
        assert state["admission"]["payloadType"] == envelope.ADMISSION_TYPE
        phone = bearer(state["token"])
        assert phone.get(f"{API}/me").json()["member"]["ref"] == harbour["wen"].member
        mine = phone.get(f"{API}/devices/mine").json()["devices"]
        assert [(row["device"], row["label"], row["status"]) for row in mine] == [
            (device.key.device, "wen's phone", "enrolled")
        ]
        position = phone.get(f"{API}/devices/{device.key.device}/position").json()
        assert position["dseq"] == 1
        assert phone.get(f"{API}/devices/{officer.key.device}/position").status_code == 404

    def test_ticket_opens_nothing_else(self, harbour: Cast) -> None:
        device, answer = asked(harbour, "wen")
        waiting = bearer(answer.json()["ticket"])
        for path in ("/me", "/runs", "/directory", "/devices", "/enrolments", "/checkpoint"):
            assert waiting.get(f"{API}{path}").status_code == 401
        assert waiting.get(f"{API}/enrolments/{'0' * 64}").status_code == 404
        assert Client().get(f"{API}/enrolments/{device.key.device}").status_code == 404
        assert harbour.phone("chen").get(f"{API}/enrolments/{device.key.device}").status_code == 404

    def test_can_be_refused(self, harbour: Cast) -> None:
        device, answer = asked(harbour, "wen")
        assert post(harbour.phone("vera"), f"/enrolments/{device.key.device}/refuse").status_code == 403
        assert post(harbour.phone("quentin"), f"/enrolments/{device.key.device}/refuse").status_code == 404
        assert post(harbour.phone("chen"), f"/enrolments/{device.key.device}/refuse").status_code == 204
        state = bearer(answer.json()["ticket"]).get(f"{API}/enrolments/{device.key.device}")
        assert state.json() == {"status": "refused"}

    def test_is_vouched_for_by_another_person_with_a_good_signature(self, harbour: Cast) -> None:
        officer, _ = asked(harbour, "chen", may_enrol=True)
        second, _ = asked(harbour, "chen")
        answer = vouch(harbour.phone("chen"), officer, second)
        assert (answer.status_code, answer.json()["code"]) == (403, "countersigner_same_person")
        device, _ = asked(harbour, "wen")
        body = {"keyid": officer.key.device, "sig": base64.b64encode(b"1" * 64).decode()}
        path = f"/enrolments/{device.key.device}/countersign"
        assert post(harbour.phone("chen"), path, body).json()["code"] == "signature_invalid"
        assert post(harbour.phone("chen"), path, {**body, "sig": "x"}).json()["code"] == "signature_invalid"
        assert post(harbour.phone("gao"), path, body).json()["code"] == "countersigner_unknown"
        assert post(harbour.phone("quentin"), path, body).status_code == 404

    @pytest.mark.parametrize("sent", [{}, {"payload": "x"}, {"payload": None, "payloadType": 1, "signatures": {}}])
    def test_refuses_what_is_no_envelope(self, harbour: Cast, sent: Any) -> None:
        body = {"code": code_for(harbour, "wen"), "envelope": sent, "openings": []}
        assert post(Client(), "/enrolments", body).json()["code"] == "envelope_malformed"

    @pytest.mark.parametrize("openings", [[{}], [{"commitment": "0" * 64, "salt": "AA==", "value": 1}], [{"value": 1}]])
    def test_refuses_openings_that_open_nothing(self, harbour: Cast, openings: Any) -> None:
        signed = enrolment(Crew(harbour).phone("wen"))
        body = {"code": code_for(harbour, "wen"), "envelope": signed.envelope, "openings": openings}
        answer = post(Client(), "/enrolments", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "opening_invalid")

"""Every operation of the API answers as its OpenAPI description says, whatever it is sent, and never breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from tanghulu.cli.simulator import pictures, story
from tanghulu.cli.simulator.device import Device
from tanghulu.web.api import api
from tests.conftest import LONG
from tests.support.installation import Installation, installation, wait_for

pytestmark = pytest.mark.loopback

SCHEMA = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix="/api/v1/")))
OPERATIONS = [(method, path) for path, methods in SCHEMA.raw_schema["paths"].items() for method in methods]
NAMES = ("sha256", "commitment", "run", "device", "dseq", "version")
NAMED = [(method, path) for method, path in OPERATIONS if "{" in path]
HOSTILE = ("%00", "a%00b", "9" * 40, "-1", "%2e%2e", "%ED%A0%80", "%F0%9F%93%B7", "%FF", "x" * 2000)
METHODS = frozenset({"get", "post", "put", "patch", "delete", "trace"})
STRANGERS = frozenset({"stranger", "guess"})
EXAMPLES = 500 if LONG else 25
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@dataclass(frozen=True)
class Callers:
    """Who calls, as headers, and what there is that they may name in an address or a body."""

    address: str
    headers: Mapping[str, Mapping[str, str]]
    places: Mapping[str, tuple[str, ...]]
    bodies: Mapping[str, tuple[Any, ...]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("contract") / "data") as made:
        made.start("web")
        made.start("worker")
        yield made


@pytest.fixture(scope="module")
def callers(house: Installation) -> Iterator[Callers]:
    """A job that has begun, known to a phone, a program, a browser, another company and a stranger."""
    port = story.open_port(house.address, house.seeds, photos=None)
    crew = story.begin(port, "C1")
    for _ in crew.play(until="before/three_in/power_off"):
        pass
    wait_for("the log is published", lambda: port.office.get("/api/v1/checkpoint").json)
    people = house.seeds["harbour"]["people"]
    phone, quentin = port.devices[people["li"]["ref"]], house.seeds["quarry"]["people"]["quentin"]
    waiting, code = newcomer(house, port.office, people["wu"]["ref"])
    yield Callers(
        address=house.address,
        headers={
            "phone": {"Authorization": f"Bearer {phone.wire.token}"},
            "office": {"Authorization": f"Bearer {people['chen']['token']}"},
            "browser": browser(house.address, "zheng"),
            "browser without a form": {"Cookie": browser(house.address, "zheng")["Cookie"]},
            "other company": {"Authorization": f"Bearer {quentin['token']}"},
            "stranger": {},
            "guess": {"Authorization": "Bearer tgh_harbour_" + "0" * 43},
        },
        places=known(port, crew.run, phone, waiting),
        bodies=said(phone, crew.run, code),
    )
    port.close()


def newcomer(house: Installation, office: Any, member: str) -> tuple[Device, str]:
    """A device that waits to be let in, and a code that has not been used."""
    codes = [office.send("POST", "/api/v1/enrolments/codes", {"member": member}).good().json["code"] for _ in range(2)]
    device = Device(house.address)
    device.ask_in(codes[0], label="new")
    device.wire.close()
    return device, codes[1]


def browser(address: str, username: str) -> dict[str, str]:
    """The headers of somebody who is signed in, with the token of forms."""
    with requests.Session() as session:
        session.get(f"{address}/demo/")
        form = {"username": username, "csrfmiddlewaretoken": session.cookies["csrftoken"]}
        session.post(f"{address}/demo/", data=form, headers={"Referer": f"{address}/demo/"})
        cookies = session.cookies.get_dict()
    assert "sessionid" in cookies
    pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": pairs, "X-CSRFToken": cookies["csrftoken"]}


def known(port: story.Port, run: str, phone: Device, waiting: Device) -> dict[str, tuple[str, ...]]:
    """What there is to be named in an address, by the parameter's name."""
    events = port.office.get(f"/api/v1/runs/{run}").good().json["events"]
    photos = [photo for event in events for photo in event["payload"].get("photos", ())]
    return {
        "run": (run,),
        "device": (phone.key.device, waiting.key.device),
        "dseq": ("1", "2", "99"),
        "commitment": tuple(photo["commitment"] for photo in photos[:2]),
        "version": (port.template.version,),
    }


def said(phone: Device, run: str, code: str) -> dict[str, tuple[Any, ...]]:
    """Bodies that are of the form, by the path that they are sent to."""
    content, media_type = pictures.drawn(1, title="contract", at="")
    opened = phone.sign(
        "run.opened", run="c" * 32, data={"subject": {}, "people": {}, "template": "x1", "version": "0" * 64}
    )
    taken = phone.sign_photo(
        content, media_type=media_type, run=run, step="before/work_order", activation=1, slot="nameplate"
    )
    forged = {**taken.item, "envelope": {**taken.envelope, "payload": opened.envelope["payload"]}}
    opening = taken.openings[0]
    return {
        "/api/v1/events": (
            {"events": [opened.item]},
            {"events": [taken.item]},
            {"events": [forged]},
            {"events": [opened.item, forged, taken.item]},
        ),
        "/api/v1/openings/{commitment}": ({"salt": opening["salt"], "value": opening["value"]},),
        "/api/v1/enrolments/begin": ({"code": code},),
        "/api/v1/enrolments": ({"code": code, "envelope": opened.envelope, "openings": []},),
        "/api/v1/enrolments/codes": ({"member": phone.member},),
        "/api/v1/enrolments/{device}/countersign": ({"keyid": phone.key.device, "sig": "A" * 86 + "=="},),
    }


def cases(method: str, path: str) -> st.SearchStrategy[Any]:
    """Requests of an operation, of the form and not of the form."""
    operation = SCHEMA[path][method]
    return st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )


def is_refusal(content: Any) -> bool:
    """Whether this is the one shape of errors."""
    return set(content) == {"code", "message", "details"} and bool(content["code"]) and bool(content["message"])


def declines_in_one_shape(response: Response) -> bool:
    """Every refusal is in the one shape, that of a single event inside of its result."""
    if response.status_code < 400:
        return True
    content = json.loads(response.content)
    return is_refusal(content) or (set(content) == {"status", "error"} and is_refusal(content["error"]))


class TestEveryOperation:
    def test_is_described_by_the_server_as_it_is_tried_here(self, callers: Callers) -> None:
        with requests.get(f"{callers.address}/api/v1/openapi.json", timeout=30) as answer:
            assert answer.json()["paths"] == json.loads(json.dumps(SCHEMA.raw_schema["paths"]))

    @pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{m} {p}" for m, p in OPERATIONS])
    def test_answers_as_described(self, callers: Callers, method: str, path: str) -> None:
        with requests.Session() as session:

            @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
            @given(data=st.data())
            def answers(data: st.DataObject) -> None:
                case = data.draw(cases(method, path))
                for name in case.path_parameters or ():
                    if name in callers.places and data.draw(st.booleans()):
                        case.path_parameters[name] = data.draw(st.sampled_from(callers.places[name]))
                if path in callers.bodies and data.draw(st.booleans()):
                    case.body = data.draw(st.sampled_from(callers.bodies[path]))
                    case.media_type = "application/json"
                who = data.draw(st.sampled_from(sorted(callers.headers)))
                response = case.call(base_url=callers.address, session=session, headers=dict(callers.headers[who]))
                case.validate_response(response, checks=CHECKS)
                assert declines_in_one_shape(response), response.content
                if who in STRANGERS and "security" in SCHEMA.raw_schema["paths"][path][method]:
                    assert response.status_code in {401, 429}

            answers()


class TestEveryAddress:
    @pytest.mark.parametrize("path", list(SCHEMA.raw_schema["paths"]))
    def test_declines_a_method_that_it_does_not_have(self, callers: Callers, path: str) -> None:
        has = set(SCHEMA.raw_schema["paths"][path])
        address = callers.address + path.format_map(dict.fromkeys(NAMES, "1") | {"size": "320"})
        for method in sorted(METHODS - has):
            with requests.request(method, address, headers=callers.headers["phone"], timeout=30) as answer:
                assert answer.status_code == 405, method
                assert {one.strip().lower() for one in answer.headers["Allow"].split(",")} == has
                assert is_refusal(answer.json())

    @pytest.mark.parametrize(("method", "path"), NAMED, ids=[f"{m} {p}" for m, p in NAMED])
    def test_declines_names_that_nothing_can_have(self, callers: Callers, method: str, path: str) -> None:
        described = SCHEMA.raw_schema["paths"][path][method]["responses"]
        body = next(iter(callers.bodies.get(path, ())), None)
        for name in HOSTILE:
            address = callers.address + path.format_map(dict.fromkeys(NAMES, name) | {"size": "320"})
            with requests.request(method, address, json=body, headers=callers.headers["phone"], timeout=30) as answer:
                assert 400 <= answer.status_code < 500, name
                assert is_refusal(answer.json())
                # Some are no address of this operation at all.
                assert answer.status_code in map(int, described) or answer.json()["code"] == "page_not_found"

    def test_takes_no_text_that_the_database_does_not_take(self, callers: Callers) -> None:
        phone = callers.places["device"][0]
        for where, body in (
            ("enrolments/codes", {"member": "\0"}),
            ("enrolments/begin", {"code": "tgc_harbour_\0"}),
            ("enrolments", {"code": "tgc_harbour_\0", "envelope": {}}),
            (f"enrolments/{phone}/countersign", {"keyid": "\0", "sig": "A" * 86 + "=="}),
            ("events", {"events": [{"envelope": {"payload": "\0", "payloadType": "\0", "signatures": []}}]}),
        ):
            address = f"{callers.address}/api/v1/{where}"
            with requests.post(address, json=body, headers=callers.headers["office"], timeout=30) as answer:
                assert answer.status_code == 422, where

    def test_that_leads_nowhere_is_declined_in_the_same_shape(self, callers: Callers) -> None:
        for where in ("", "nowhere", "runs/", "photos/x/640.jpg", "%00", "runs/%2F"):
            with requests.get(
                f"{callers.address}/api/v1/{where}", headers=callers.headers["phone"], timeout=30
            ) as answer:
                assert answer.status_code in {404, 422}, where
                assert is_refusal(answer.json())

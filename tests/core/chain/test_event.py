import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core import canonical
from tanghulu.core.chain import event
from tanghulu.core.chain.event_types import ACT_TYPES, SERVER_TYPES, EventType
from tanghulu.core.errors import Invalid

HASH, REF = "a" * 64, "b" * 32
TAKEN: dict[str, Any] = {
    "type": "photo.taken",
    "tenant": "harbour",
    "run": REF,
    "step": "before/power_off",
    "activation": 1,
    "prev_run": [HASH],
    "device": HASH,
    "dseq": 2,
    "rseq": 1,
    "prev_device": HASH,
    "actor": REF,
    "claimed_at": "2026-03-02T00:00:00.000Z",
    "mono_ms": 0,
    "boot": REF,
    "beacon": {"root": HASH, "size": 7},
    "photos": [{"commitment": HASH, "media_type": "image/jpeg", "size": 1, "slot": "isolator"}],
    "commitments": {"note": HASH},
    "data": {"slot": "isolator"},
    "assurance": "webcrypto",
    "v": 1,
}


def payload(**changes: object) -> bytes:
    """The payload of a photo event with some members replaced; None takes one away."""
    return json.dumps(
        {name: member for name, member in {**TAKEN, **changes}.items() if member is not None},
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def of_type(kind: str, data: dict[str, object], **changes: object) -> bytes:
    """The payload of an event without step and photo."""
    none = dict.fromkeys(("step", "activation", "photos", "commitments"))
    return payload(**{**none, "type": kind, "data": data, **changes})


class TestParsePayload:
    def test_reads_every_member(self) -> None:
        found = event.parse_payload(payload())
        assert found.hash == event.payload_hash(payload())
        assert found.kind is EventType.PHOTO_TAKEN
        assert found.photos == (event.Photo("isolator", HASH, 1, "image/jpeg"),)
        assert found.beacon == event.Beacon(7, HASH)
        assert found.prev_run == (HASH,)
        assert found.commitments == {"note": HASH}
        assert found.value == json.loads(payload())

    @pytest.mark.parametrize("name", sorted({*TAKEN} - {"beacon", "commitments"}))
    def test_misses_what_must_be_there(self, name: str) -> None:
        with pytest.raises(Invalid, match="payload_malformed"):
            event.parse_payload(payload(**{name: None}))

    @pytest.mark.parametrize("name", sorted(TAKEN))
    @pytest.mark.parametrize("wrong", [[], {}, "", "A", -1, 0, True, [[]], [{}], {"x": 1}, [HASH, HASH]])
    def test_refuses_members_of_another_kind(self, name: str, wrong: object) -> None:
        if (name, repr(wrong)) == ("mono_ms", "0"):
            return
        with pytest.raises(Invalid, match="payload_malformed"):
            event.parse_payload(payload(**{name: wrong}))

    @pytest.mark.parametrize(
        "changes",
        [
            {"v": 2},
            {"v": True},
            {"extra": 1},
            {"tenant": "Harbour"},
            {"tenant": "h"},
            {"device": HASH.upper()},
            {"prev_run": ["b" * 64, "a" * 64]},
            {"dseq": 1},
            {"activation": None},
            {"step": "before//power_off"},
            {"claimed_at": "2026-02-30T00:00:00.000Z"},
            {"beacon": {"root": HASH, "size": 7, "origin": "x"}},
            {"photos": TAKEN["photos"] * 2},
            {"photos": [{**TAKEN["photos"][0], "media_type": "image/heic"}]},
            {"photos": [{**TAKEN["photos"][0], "media_type": ["image/jpeg"]}]},
            {"photos": [{**TAKEN["photos"][0], "size": 0}]},
            {"commitments": {"Note": HASH}},
            {"assurance": "trust me"},
            {"run": None, "rseq": None},
        ],
    )
    def test_refuses_what_does_not_fit_together(self, changes: dict[str, object]) -> None:
        with pytest.raises(Invalid, match="payload_malformed"):
            event.parse_payload(payload(**changes))

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            ("people.assigned", {"part": "crew", "members": [REF]}),
            ("repeat.ended", {"repeat": "during/patrol"}),
            ("run.stopped", {}),
            ("run.resumed", {}),
            ("run.abandoned", {}),
            ("people.resolved", {"member": REF, "roles": ["worker"], "certificates": {"electrical": "2027-01-01"}}),
            ("photo.stored", {"commitment": HASH}),
            ("timer.fired", {"timer": "expiry"}),
            ("check.recorded", {"check": "blur", "verdict": "unsure", "about": HASH}),
            ("run.sealed", {"count": 0, "heads": [HASH], "devices": {HASH: 1}}),
            ("register.left", {"register": "people", "item": REF}),
            (
                "lock.removed",
                {"register": "isolation", "item": "0231", "holder": REF, "confirmed": ["not_on_site"], "saw": [HASH]},
            ),
        ],
    )
    def test_reads_each_type_and_misses_its_facts(self, kind: str, data: dict[str, object]) -> None:
        assert event.parse_payload(of_type(kind, {**data, "later": 1})).data["later"] == 1
        for name in data:
            with pytest.raises(Invalid, match=f"data.{name}"):
                event.parse_payload(of_type(kind, {**data, name: {"of": ["another kind"]}}))

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            ("reading.taken", {"reading": "gas", "value": "1.0", "unit": "%", "sampled_at": TAKEN["claimed_at"]}),
            ("register.entered", {"register": "isolation", "item": "S-1", "holder": REF, "count": 2, "point": "P"}),
            ("step.confirmed", {"answers": {"wind": "4.5", "ok": True}}),
            ("decision.made", {"verdict": "back", "saw": [HASH], "to": "before/power_off", "looked": {HASH: 3}}),
        ],
    )
    def test_reads_acts_in_a_step(self, kind: str, data: dict[str, object]) -> None:
        assert event.parse_payload(payload(type=kind, data=data, photos=None)).kind == kind
        with pytest.raises(Invalid, match="step"):
            event.parse_payload(of_type(kind, data))
        for name in data:
            with pytest.raises(Invalid, match=f"data.{name}"):
                event.parse_payload(payload(type=kind, data={**data, name: [7]}, photos=None))

    def test_reads_the_opening_of_a_run(self) -> None:
        data: dict[str, object] = {"template": "belt", "version": HASH, "subject": {}, "people": {"crew": [REF]}}
        assert event.parse_payload(of_type("run.opened", data, prev_run=None)).prev_run == ()
        with pytest.raises(Invalid, match="prev_run"):
            event.parse_payload(of_type("run.opened", data))

    def test_keeps_a_type_that_it_does_not_know(self) -> None:
        found = event.parse_payload(of_type("meter.linked", {"anything": [1]}))
        assert found.kind is None
        assert found.type == "meter.linked"

    def test_says_whether_bytes_or_form_are_wrong(self) -> None:
        with pytest.raises(Invalid, match="payload_not_canonical"):
            event.parse_payload(payload() + b" ")
        with pytest.raises(Invalid, match="payload_too_large"):
            event.parse_payload(payload(data={"slot": "x" * 66_000}))
        with pytest.raises(Invalid, match="payload_malformed"):
            event.parse_payload(b"[]")

    @given(
        st.dictionaries(
            st.sampled_from(sorted(TAKEN)), st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=3)
        )
    )
    def test_never_fails_in_another_way(self, changes: dict[str, object]) -> None:
        with contextlib.suppress(Invalid):
            event.parse_payload(payload(**changes))


class TestBuildPayload:
    def test_gives_the_bytes_that_are_read(self) -> None:
        given = {name: TAKEN[name] for name in TAKEN if name not in {"v", "beacon", "photos"}}
        built = event.build_payload(
            **given, beacon=event.Beacon(7, HASH), photos=[event.Photo("isolator", HASH, 1, "image/jpeg")]
        )
        assert built == payload() == canonical.dumps(canonical.loads(built))

    def test_sorts_the_heads(self) -> None:
        given = {name: TAKEN[name] for name in TAKEN if name not in {"v", "beacon", "photos", "prev_run", "type"}}
        given |= {"step": None, "activation": None, "data": {}}
        built = event.build_payload(**given, type=EventType.RUN_STOPPED, prev_run=["b" * 64, "a" * 64, "a" * 64])
        assert event.parse_payload(built).prev_run == ("a" * 64, "b" * 64)

    def test_builds_nothing_that_would_be_refused(self) -> None:
        given = {name: TAKEN[name] for name in TAKEN if name not in {"v", "beacon", "photos"}}
        with pytest.raises(Invalid, match="payload_malformed"):
            event.build_payload(**given)


class TestMaySign:
    @pytest.mark.parametrize("kind", sorted(ACT_TYPES | SERVER_TYPES))
    def test_keeps_acts_and_facts_apart(self, kind: EventType) -> None:
        found = event.parse_payload(of_type("meter.linked", {}))
        known = event.Event(**{name: getattr(found, name) for name in event.Event.__slots__} | {"kind": kind})
        assert event.may_sign(known, server=True) == (kind in SERVER_TYPES)
        assert event.may_sign(known, server=False) == (kind in ACT_TYPES)

    def test_does_not_judge_later_types(self) -> None:
        found = event.parse_payload(of_type("meter.linked", {}))
        assert event.may_sign(found, server=True)
        assert event.may_sign(found, server=False)

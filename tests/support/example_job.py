"""A job as `apps.jobs.queries` gives it: half done, one photo still on a phone, one event against the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tanghulu.apps.jobs.queries import Board, Counts, Happening, Job, JobBrief, JobCard

OPENED = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
NAMES = {"wen": "王维", "vera": "魏娜", "chen": "陈静", "li": "李强"}
OFF, LOCK, SIGN = "before/power_off", "before/lock", "after/sign"
HERE, AWAY = "a1" * 32, "b2" * 32


def at(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def said(minutes: float) -> str:
    return at(minutes).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _happening(index: int, kind: str, actor: str, minutes: float, **more: Any) -> Happening:
    payload = {"type": kind, "actor": actor, "claimed_at": said(minutes), "data": {}}
    payload |= {key: more[key] for key in ("step", "photos") if key in more}
    codes = more.get("codes", ())
    return Happening(
        hash=f"{index:02x}" * 32,
        index=index,
        payload=payload,
        received_at=at(minutes + more.get("late", 0)),
        standing="contradicting" if codes else "accepted",
        codes=codes,
        opened=more.get("opened", {}),
        photos=[],
    )


def _text(chinese: str, english: str) -> dict[str, str]:
    return {"zh-Hans": chinese, "en": english}


STEPS: dict[str, dict[str, Any]] = {
    OFF: {
        "title": _text("断电", "Power off"),
        "say": _text("拉开隔离开关。", "Open the isolator."),
        "who": {"parts": ["crew"], "each": False, "policy": "all"},
        "photos": {"isolator": {"title": _text("隔离开关", "Isolator"), "show": [_text("分位", "isolator open")]}},
        "readings": {
            "voltage": {"title": _text("电压", "Voltage"), "unit": "V", "at_most": "0", "points": ["L1", "L2"]}
        },
        "ask": {"hot": {"title": _text("动火？", "Hot work?"), "kind": "yes_no", "options": []}},
        "source": ["30 CFR 56.14105"],
    },
    LOCK: {
        "title": _text("上锁", "Lock"),
        "who": {"parts": ["crew"], "each": True, "policy": "all"},
        "photos": {"lock": {"title": _text("锁", "Lock"), "show": []}},
        "readings": {},
        "ask": {},
        "source": [],
    },
    SIGN: {
        "title": _text("签字", "Sign"),
        "who": {"parts": ["quality"], "each": False, "policy": "all"},
        "photos": {},
        "readings": {},
        "ask": {},
        "source": [],
        "decision": {"verdicts": ["ok", "back"], "back_to": [LOCK], "reason": "always"},
    },
}

HAPPENINGS = (
    _happening(10, "run.opened", "li", 0),
    _happening(11, "photo.taken", "wen", 5, step=OFF, photos=[{"commitment": HERE}]),
    _happening(12, "reading.taken", "wen", 6, step=OFF),
    _happening(13, "reading.taken", "wen", 6, step=OFF),
    _happening(14, "step.confirmed", "wen", 7, step=OFF),
    _happening(15, "photo.taken", "wen", 9, step=LOCK, photos=[{"commitment": AWAY}], late=372),
    _happening(16, "step.confirmed", "vera", 8, step=LOCK, codes=("not_your_task",)),
)


def _activation(state: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"photos": [], "readings": [], "answers": {}, "tasks": [{"parts": ["crew"]}]}
    return {"n": 1, "state": state, "opened_at": said(1), **empty, **more}


def _photo(slot: str, commitment: str, index: int, minutes: float, *, stored: bool) -> dict[str, Any]:
    event = HAPPENINGS[index].hash
    return {
        "slot": slot,
        "commitment": commitment,
        "by": "wen",
        "at": said(minutes),
        "event": event,
        "stored": stored,
    }


def _reading(point: str, value: str, index: int, *, ok: bool) -> dict[str, Any]:
    taken = {"reading": "voltage", "point": point, "value": value, "unit": "V", "instrument": "VT-07", "ok": ok}
    return taken | {"sampled_at": said(6), "by": "wen", "at": said(6), "event": HAPPENINGS[index].hash}


STATE: dict[str, Any] = {
    "v": 1,
    "status": "open",
    "opened_at": said(0),
    "opened_by": "li",
    "people": {"crew": ["wen"], "quality": ["chen"]},
    "steps": {
        OFF: [
            _activation(
                "closed",
                tasks=[{"parts": ["crew"], "done_by": "wen", "done_at": said(7)}],
                photos=[_photo("isolator", HERE, 1, 5, stored=True)],
                readings=[_reading("L1", "0", 2, ok=True), _reading("L2", "0.4", 3, ok=False)],
                answers={"hot": False},
            )
        ],
        LOCK: [_activation("passed", photos=[_photo("lock", AWAY, 5, 9, stored=False)])],
        SIGN: [_activation("open")],
    },
    "registers": {
        "people": [
            {"item": "wen", "in_at": said(10), "in_by": "vera"},
            {"item": "li", "in_at": said(10), "in_by": "vera", "out_at": said(20), "out_by": "vera"},
        ],
        "isolation": [{"item": "0231", "holder": "wen", "point": "Q3", "in_at": said(8), "in_by": "wen"}],
    },
    "findings": [],
    "contradictions": [{"event": HAPPENINGS[6].hash, "codes": ["not_your_task"]}],
    "events": len(HAPPENINGS),
    "sealed": False,
}

HAWS: tuple[dict[str, Any], ...] = (
    {"stage": "before", "path": OFF, "state": "done", "n": 1, "rounds": 0, "photos": [HERE], "by": ["wen"]}
    | {"at": said(7), "overdue": False, "found": True},
    {"stage": "before", "path": LOCK, "state": "held", "n": 1, "rounds": 3, "photos": [AWAY], "by": ["wen"]}
    | {"at": said(9), "overdue": False, "found": False},
    {"stage": "after", "path": SIGN, "state": "now", "n": 1, "rounds": 0, "photos": [], "by": []}
    | {"at": said(10), "overdue": False, "found": False},
)

STAGES = {"before": _text("作业前", "Before"), "after": _text("作业后", "After")}

JOB = Job(
    run="0f" * 16,
    template="belt",
    version="",
    title=_text("带式输送机检修", "Belt-conveyor maintenance"),
    equipment="C3",
    place="码头",
    status="open",
    outcome="",
    is_sealed=False,
    is_overdue=False,
    opened_at=OPENED,
    changed_at=at(30),
    ended_at=None,
    state=STATE,
    document={
        "people": {
            "crew": {"title": _text("作业人", "Crew")},
            "quality": {"title": _text("质安", "Quality")},
            "guardian": {"title": _text("监护", "Guardian")},
        },
        "registers": {
            "people": {"title": _text("人员", "People"), "kind": "people"},
            "isolation": {"title": _text("锁", "Locks"), "kind": "locks"},
        },
    },
    steps=STEPS,
    stages=STAGES,
    titles={path: step["title"] for path, step in STEPS.items()},
    haws=HAWS,
    names=NAMES,
    inside=1,
    happenings=HAPPENINGS,
    shown_photos=frozenset({HERE}),
    forks=0,
    first_index=10,
    last_index=16,
    published_size=17,
    stamp="",
)


def job(**changes: Any) -> Job:
    """The job, with some of its values changed."""
    return replace(JOB, **changes)


def state(**changes: Any) -> dict[str, Any]:
    """The state, with some of its values changed."""
    return {**STATE, **changes}


CARD = JobCard(
    run=JOB.run,
    changed_at=JOB.changed_at,
    title=JOB.title,
    status=JOB.status,
    outcome=JOB.outcome,
    people={"crew": ["王维", "李强"], "lead": ["王维"]},
    names=NAMES,
    haws=HAWS,
    stages=STAGES,
    titles=JOB.titles,
)

ROW = JobBrief(
    run=JOB.run,
    equipment=JOB.equipment,
    place=JOB.place,
    status=JOB.status,
    outcome=JOB.outcome,
    is_overdue=False,
    is_sealed=False,
    opened_at=OPENED,
    changed_at=JOB.changed_at,
    ended_at=None,
    urgency=2,
    inside=1,
    contradictions=1,
)


def board(*rows: JobBrief, matching: int | None = None, following: str = "", **counts: int) -> Board:
    """A board with these lines and counts (0 where nothing is said); all that fit are on it unless it says more."""
    names = ("going_on", "overdue", "stopped", "ended_today", "contradicting", "inside")
    figures = Counts(**{name: counts.get(name, 0) for name in names})
    fitting = len(rows) if matching is None else matching
    return Board(rows=rows, counts=figures, matching=fitting, following=following)

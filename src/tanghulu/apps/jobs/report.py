"""The page for people in a pack: the job as a skewer, step by step, in the languages of the product.

It depends on nothing but the run and its company, so that the same run gives the same bytes whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from tanghulu.apps.jobs.queries import Job
from tanghulu.apps.jobs.report_words import LANGUAGES, STATEMENTS, STATES, WORDS, Texts, texts
from tanghulu.apps.tenancy.queries import Company


@dataclass(frozen=True, slots=True)
class _Line:
    """One step: `state` is the kernel's word, `photos` are names of files in the pack."""

    number: int
    title: Texts
    state: str
    found: bool
    at: str
    who: str
    photos: Sequence[str]
    readings: Sequence[str]
    reason: str
    refused: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Removal:
    """A lock that was removed without its owner."""

    lock: str
    owner: str
    decider: str
    at: str
    reason: str
    statements: Sequence[Texts]


@dataclass(frozen=True, slots=True)
class _Stage:
    title: Texts
    lines: Sequence[_Line]


def render(job: Job, *, company: Company, files: Mapping[str, str]) -> bytes:
    """The report as HTML. `files` gives the name in the pack of each photo by its commitment."""
    zone = ZoneInfo(company.time_zone)
    context = {
        "job": job,
        "company": company,
        "words": WORDS,
        "languages": LANGUAGES,
        "language": next((tag for tag, _ in LANGUAGES if tag.lower() == company.language), LANGUAGES[0][0]),
        "title": texts(job.title),
        "status": STATES.get(f"{job.status} {job.outcome}".strip()) or texts({}, job.status),
        "opened_at": _clock(job.opened_at, zone, "%Y-%m-%d %H:%M"),
        "zone": company.time_zone,
        "stages": _stages(job, files, zone),
        "people": [
            (_part(job, part), job.names.get(ref, ref))
            for part in _parts(job)
            for ref in job.state["people"].get(part, ())
        ],
        "removals": [
            _removal(job, entry, zone)
            for entries in job.state["registers"].values()
            for entry in entries
            if "exception" in entry
        ],
        "contradictions": [
            (happening.payload["type"], job.names.get(happening.payload["actor"], ""), ", ".join(happening.codes))
            for happening in job.happenings
            if happening.codes
        ],
    }
    return render_to_string("jobs_report/report.html", context).encode()


def _parts(job: Job) -> list[str]:
    """The parts in the order of the template's author."""
    return list(dict.fromkeys((*job.document.get("people", {}), *job.state["people"])))


def _part(job: Job, part: str) -> Texts:
    return texts(job.document.get("people", {}).get(part, {}).get("title", {}), part)


def _stages(job: Job, files: Mapping[str, str], zone: ZoneInfo) -> list[_Stage]:
    numbers = {haw["path"]: number for number, haw in enumerate(job.haws, start=1)}
    return [
        _Stage(
            title=texts(text, stage),
            lines=[_line(job, haw, numbers[haw["path"]], files, zone) for haw in job.haws if haw["stage"] == stage],
        )
        for stage, text in job.stages.items()
    ]


def _line(job: Job, haw: Mapping[str, Any], number: int, files: Mapping[str, str], zone: ZoneInfo) -> _Line:
    activations = [one for one in job.state["steps"].get(haw["path"], []) if one["state"] != "void"]
    newest = activations[-1] if activations else None
    at = datetime.fromisoformat(haw["at"]) if "at" in haw else None
    return _Line(
        number=number,
        title=texts(job.titles[haw["path"]], haw["path"]),
        state=haw["state"],
        found=haw["found"],
        at=_clock(at, zone, "%H:%M:%S"),
        who="、".join(job.names.get(ref, ref) for ref in haw["by"]),
        photos=[files[commitment] for commitment in haw["photos"] if commitment in files],
        readings=[_reading(one) for one in newest["readings"]] if newest else [],
        reason=_reason(job, newest["decision"]["event"]) if newest and "decision" in newest else "",
        refused=_refused(job, haw["path"]),
    )


def _removal(job: Job, entry: Mapping[str, Any], zone: ZoneInfo) -> _Removal:
    event = next((one for one in job.happenings if one.hash == entry["exception"]), None)
    confirmed = event.payload["data"]["confirmed"] if event else ()
    return _Removal(
        lock=entry["item"],
        owner=job.names.get(entry["holder"], entry["holder"]),
        decider=job.names.get(entry["out_by"], entry["out_by"]),
        at=_clock(datetime.fromisoformat(entry["out_at"]), zone, "%Y-%m-%d %H:%M:%S"),
        reason=_reason(job, entry["exception"]),
        statements=[words for name, words in STATEMENTS.items() if name in confirmed],
    )


def _refused(job: Job, path: str) -> list[str]:
    """Photos of the step that do not count: by whom, and the codes that say why."""
    photos = {photo["event"]: photo for made in job.state["steps"].get(path, []) for photo in made["photos"]}
    return [
        f"{job.names.get(photo['by'], photo['by'])} · {', '.join(photo['refused'])}"
        for photo in photos.values()
        if "refused" in photo
    ]


def _reading(one: Mapping[str, Any]) -> str:
    point = f" {one['point']}" if "point" in one else ""
    return f"{one['reading']}{point} = {one['value']} {one['unit']}"


def _reason(job: Job, event: str) -> str:
    return next((str(one.opened.get("reason", "")) for one in job.happenings if one.hash == event), "")


def _clock(at: datetime | None, zone: ZoneInfo, form: str) -> str:
    return at.astimezone(zone).strftime(form) if at else ""

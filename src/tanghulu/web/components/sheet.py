"""One job as a sheet of paper that is typeset: the words and numbers of its page, in the shape that `job.typ` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanghulu.apps.jobs.queries import Job
from tanghulu.web.components.job import Evidence, JobView, Register
from tanghulu.web.components.removals import Removal
from tanghulu.web.components.skewer import Haw, Skewer
from tanghulu.web.components.steps import Act, Decision, Oddity, Picture, Reading, Step
from tanghulu.web.times import told

# The addresses of pictures, as the pages have them, become the names of files beside the document.
_FOLDER, _END = "/api/v1/photos/", ".jpg"


def file_of(address: str) -> str:
    """The name of the file of a picture that a page shows at this address; empty for none."""
    return address.removeprefix(_FOLDER).removesuffix(_END).replace("/", "-") + _END if address else ""


def build_sheet(
    job: Job, view: JobView, steps: Sequence[Step], *, language: str, fonts: Sequence[str], files: Mapping[str, bytes]
) -> dict[str, Any]:
    """What is typeset of a job; a picture whose file is not among `files` is said to be missing."""
    stood = _when(job.happenings[-1].received_at) if job.happenings else ""
    by = _("opened %(time)s by %(name)s") % {"time": _minute(job.opened_at), "name": view.opened_by}
    return {
        "lang": language.split("-", maxsplit=1)[0],
        "fonts": list(fonts),
        "title": f"{view.equipment} {view.title}".strip(),
        "run": view.run,
        "stood": _("The job as it stood at %(time)s") % {"time": stood},
        "place": view.place,
        "opened": by if job.opened_at else "",
        "elapsed": view.elapsed,
        "pill": {"kind": view.pill.kind, "text": view.pill.text},
        "words": _words(),
        "warnings": list(_warnings(view)),
        "stages": _stages(view.skewer, files),
        "evidence": list(_evidence(view.evidence)),
        "people": [[part.title, _(", ").join(part.names)] for part in view.parts] + _hand_overs(view),
        "registers": [_register(register) for register in view.registers],
        "oddities": [_odd(oddity) for oddity in view.oddities],
        "steps": [_step(step, files) for step in steps],
    }


def _words() -> dict[str, str]:
    return {
        "code": _("This job on the server"),
        "proof": _(
            "Paper proves nothing by itself. Whether this is true, "
            "the evidence pack of the job proves without this server:"
        ),
        "people": _("People"),
        "item": _("What"),
        "came": _("In"),
        "went": _("Out"),
        "against": _("Against the rules"),
        "reading": _("Reading"),
        "value": _("Value"),
        "limit": _("Limit"),
        "sampled": _("Sampled"),
        "instrument": _("Instrument"),
        "by": _("By"),
        "confirmed": _("Confirmed by"),
    }


def _when(at: datetime | None) -> str:
    return told(at, "moment_exact") if at else ""


def _minute(at: datetime | None) -> str:
    return told(at, "moment") if at else ""


def _act(act: Act) -> str:
    late = _("captured offline, arrived %(late)s") % {"late": act.late} if act.late else ""
    ahead = _("the device's clock is ahead: %(ahead)s") % {"ahead": act.ahead} if act.ahead else ""
    return " ".join(filter(None, (act.who, _when(act.claimed_at), late, ahead)))


def _odd(oddity: Oddity) -> str:
    kept = _("It is kept and marked; it has no effect on the job.")
    return f"{oddity.type}: {' '.join(oddity.sentences)} {_act(oddity.act)} · {kept}"


def _warnings(view: JobView) -> Iterable[str]:
    if view.stop:
        yield " ".join(filter(None, (view.stop.title, view.stop.reason, _act(view.stop.act))))
    yield from map(_removal, view.removals)
    forks = view.evidence.forks
    if forks:
        yield ngettext(
            "A device signed two different events under one number. Both are kept.",
            "Devices signed different events under one number %(count)s times. All are kept.",
            forks,
        ) % {"count": forks}


def _removal(removal: Removal) -> str:
    whose = _("Lock %(lock)s of %(owner)s was removed without its owner.") % {
        "lock": removal.lock,
        "owner": removal.owner,
    }
    return " ".join(filter(None, (whose, removal.reason, _("Decided by"), _act(removal.act), *removal.statements)))


def _hand_overs(view: JobView) -> list[list[str]]:
    comma = _(", ")
    return [
        [over.part, f"{comma.join(over.gone)} → {comma.join(over.came)} {over.reason} {_act(over.act)}"]
        for over in view.hand_overs
    ]


def _stages(skewer: Skewer, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {
            "title": stage.title,
            "count": f"{stage.done}/{len(stage.haws)}",
            "haws": [_haw(haw, files) for haw in stage.haws],
        }
        for stage in skewer.stages
    ]


_KINDS = {"done": "done", "found": "alarm", "late": "alarm", "now": "run", "held": "held", "returned": "held"}


def _haw(haw: Haw, files: Mapping[str, bytes]) -> dict[str, Any]:
    small = file_of(haw.thumbnail_url or "")
    time = told(haw.at, "clock") if haw.at else ""
    note = haw.state_text if haw.is_remarkable else " ".join(filter(None, (time, haw.people)))
    return {
        "number": haw.number,
        "title": haw.title,
        "kind": _KINDS.get(haw.look, "wait"),
        "reached": haw.reached,
        "photo": small if small in files else "",
        "note": note,
    }


def _evidence(evidence: Evidence) -> Iterable[str]:
    numbers = {"count": evidence.events, "first": evidence.first, "last": evidence.last}
    yield (
        ngettext(
            "%(count)s event, log #%(first)s–#%(last)s", "%(count)s events, log #%(first)s–#%(last)s", evidence.events
        )
        % numbers
    )
    if evidence.is_published:
        yield _("published in checkpoint %(size)s") % {"size": evidence.published_size}
    else:
        yield _("newest entries wait for the next checkpoint")
    yield _("sealed: complete as of now") if evidence.is_sealed else _("not sealed yet")
    missing, late = evidence.missing_photos, evidence.late
    if missing:
        yield ngettext("%(count)s photo still on a phone", "%(count)s photos still on a phone", missing) % {
            "count": missing
        }
    if late:
        yield ngettext(
            "%(count)s event came later than it was made", "%(count)s events came later than they were made", late
        ) % {"count": late}


def _register(register: Register) -> dict[str, Any]:
    inside = _("on") if register.is_locks else _("in")
    return {
        "title": register.title,
        "rows": [
            [
                " ".join(filter(None, (one.item, one.detail, _("without its owner") if one.is_exception else ""))),
                f"{_when(one.in_at)} {one.in_by}",
                f"{_when(one.out_at)} {one.out_by}" if one.out_at else inside,
            ]
            for one in register.entries
        ],
    }


def _step(step: Step, files: Mapping[str, bytes]) -> dict[str, Any]:
    rule = f"{_('Rule:')} {' · '.join(step.source)}" if step.source else ""
    return {
        "number": step.number,
        "title": step.title,
        "round": _("round %(round)s") % {"round": step.round} if step.round > 1 else "",
        "photos": [_photo(picture, files) for picture in step.pictures],
        "readings": [_reading(reading) for reading in step.readings],
        "answers": [[one.title, " · ".join(filter(None, (one.value, one.who)))] for one in step.answers],
        "decisions": [_decision(decision) for decision in step.decisions],
        "done": [_act(act) for act in step.done_by],
        "oddities": [_odd(oddity) for oddity in step.oddities],
        "told": "\n".join(filter(None, (step.say, rule))),
    }


def _photo(picture: Picture, files: Mapping[str, bytes]) -> dict[str, Any]:
    file = next((name for name in (file_of(picture.large), file_of(picture.small)) if name in files), "")
    marks = [_("does not count")] if picture.refused else []
    marks += [_("sent back, done again later")] if picture.void else []
    missing = _("The photo was taken and signed; its bytes are still on the phone.")
    return {
        "title": picture.title,
        "act": _act(picture.act),
        "file": file,
        "missing": _("The bytes that came were no picture, and were not kept.") if picture.refused else missing,
        "marks": marks,
        "entry": f"#{picture.act.index}" if picture.act.index is not None else "",
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "title": " ".join(filter(None, (reading.title, reading.point))),
        "value": f"{reading.value} {reading.unit}",
        "kind": "done" if reading.ok else "alarm",
        "limit": reading.limit or "–",
        "sampled": _when(reading.sampled_at),
        "instrument": reading.instrument or "–",
        "act": " ".join(filter(None, (_act(reading.act), _("sent back, done again later") if reading.void else ""))),
    }


def _decision(decision: Decision) -> dict[str, Any]:
    verdict = f"{decision.verdict} → {decision.to}" if decision.to else decision.verdict
    return {"kind": decision.kind, "verdict": verdict, "act": _act(decision.act), "reason": decision.reason}

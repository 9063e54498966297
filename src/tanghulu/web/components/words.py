"""Words for what the kernel and the log say in codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_MINUTE = 60
_HOUR = 3600
_DAY = 86400


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in a word, with the class that colours it and the sign before it."""

    text: str
    kind: str
    sign: str = ""


def run_pill(status: str, outcome: str = "", *, overdue: bool = False, sealed: bool = False) -> Pill:
    """What to call a run's status (`docs/formats/flow.md`), the most urgent thing first."""
    if status == "stopped":
        return Pill(_("Stopped"), "stop", "stop")
    if status == "ended":
        return _ended(outcome, sealed=sealed)
    if overdue:
        return Pill(_("Overdue"), "alarm", "warn")
    if status == "open":
        return Pill(_("At work"), "run")
    return Pill(_("Not opened"), "wait")


def _ended(outcome: str, *, sealed: bool) -> Pill:
    if outcome == "refused":
        return Pill(_("Refused"), "alarm", "warn")
    if outcome == "abandoned":
        return Pill(_("Abandoned"), "alarm", "warn")
    if outcome == "expired":
        return Pill(_("Expired"), "alarm", "warn")
    if sealed:
        return Pill(_("Closed and sealed"), "done", "tick")
    return Pill(_("Done, not yet sealed"), "held", "clock")


def duration(length: timedelta) -> str:
    """A length of time in the two units that matter: days and hours, hours and minutes, or minutes."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds >= _DAY:
        return _("%(days)s d %(hours)s h") % {"days": seconds // _DAY, "hours": seconds % _DAY // _HOUR}
    if seconds >= _HOUR:
        minutes = seconds % _HOUR // _MINUTE
        return _("%(hours)s h %(minutes)s min") % {"hours": seconds // _HOUR, "minutes": f"{minutes:02d}"}
    return _("%(minutes)s min") % {"minutes": seconds // _MINUTE}


def span(length: timedelta) -> str:
    """A length of time that is compared with another: as `duration`, below an hour to the second."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds >= _HOUR:
        return duration(length)
    if seconds >= _MINUTE:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": seconds // _MINUTE, "seconds": seconds % _MINUTE}
    return _("%(seconds)s s") % {"seconds": seconds}


def contradiction(code: str) -> str:
    """Why an event did not fit the rules, as a sentence; the code itself where this page knows none."""
    return str(CONTRADICTIONS.get(code, code))


def refused_photo(code: str) -> str:
    """Why a photo does not count, as a sentence; the code itself where this page knows none."""
    return str(REFUSED_PHOTOS.get(code, code))


REFUSED_PHOTOS = {
    "size_differs": gettext_lazy("The file that arrived has another size than was recorded."),
    "type_differs": gettext_lazy("The file that arrived is of another kind than was recorded."),
}

CONTRADICTIONS = {
    "already_in": gettext_lazy("This was already entered in the register."),
    "already_leaving": gettext_lazy("The job was already being ended."),
    "answer_missing": gettext_lazy("A question was left without an answer."),
    "answer_not_allowed": gettext_lazy("An answer is not one of those allowed here."),
    "certificate_expired": gettext_lazy("The certificate had expired."),
    "certificate_missing": gettext_lazy("The person did not hold the certificate that this needs."),
    "data_malformed": gettext_lazy("The facts of the event are not of the form."),
    "decision_needed": gettext_lazy("This step needs a decision, not a confirmation."),
    "holder_differs": gettext_lazy("A lock was put on in somebody else's name."),
    "instrument_missing": gettext_lazy("The instrument was not named."),
    "key_revoked": gettext_lazy("The device was no longer trusted."),
    "lock_still_on": gettext_lazy("Somebody was taken off whose lock was still on."),
    "machine_cannot_act": gettext_lazy("A machine did what only a person may do."),
    "no_decision_here": gettext_lazy("No decision is asked for in this step."),
    "not_in": gettext_lazy("This was not in the register, so it could not be taken out."),
    "not_your_lock": gettext_lazy("A lock was removed by somebody who is not its owner."),
    "not_your_part": gettext_lazy("The person does not have this part in the job."),
    "not_your_task": gettext_lazy("The step was not this person's task."),
    "own_lock": gettext_lazy("A person decided about their own lock."),
    "owner_inside": gettext_lazy("The owner of the lock was still registered inside."),
    "part_count": gettext_lazy("The number of people for a part is not right."),
    "part_unknown": gettext_lazy("There is no such part in the job."),
    "person_unknown": gettext_lazy("The company does not know this person."),
    "photo_missing": gettext_lazy("A photo was missing."),
    "photo_stale": gettext_lazy("A photo was too old."),
    "photo_twice": gettext_lazy("The same photo was handed in twice."),
    "point_unknown": gettext_lazy("The measuring point does not belong to this reading."),
    "reading_missing": gettext_lazy("A reading was missing."),
    "reading_out_of_limit": gettext_lazy("A reading was out of its limits."),
    "reading_stale": gettext_lazy("A reading was too old."),
    "reading_unknown": gettext_lazy("There is no such reading in this step."),
    "reason_missing": gettext_lazy("No reason was given."),
    "register_incomplete": gettext_lazy("The register was not complete."),
    "register_not_empty": gettext_lazy("Somebody or something was still inside."),
    "register_not_here": gettext_lazy("This register is not used in this step."),
    "removal_not_offered": gettext_lazy("This process lets only the owner take a lock off."),
    "repeat_not_open": gettext_lazy("This repeated part was not running."),
    "repeat_unknown": gettext_lazy("There is no such repeated part."),
    "return_not_allowed": gettext_lazy("The job may not be sent back to that step."),
    "role_missing": gettext_lazy("The person's role does not allow this."),
    "round_begun": gettext_lazy("A round had begun and was not finished."),
    "run_already_open": gettext_lazy("The job was already open."),
    "run_ended": gettext_lazy("The job had already ended."),
    "run_not_open": gettext_lazy("The job was not open."),
    "run_not_stopped": gettext_lazy("The job was not stopped."),
    "run_stopped": gettext_lazy("The job was stopped."),
    "same_person": gettext_lazy("Two parts that must be two people were one person."),
    "sampled_later": gettext_lazy("The reading says it was taken after it was entered."),
    "saw_missing": gettext_lazy("The decision does not say what it was based on."),
    "slot_full": gettext_lazy("There were too many photos for one place."),
    "slot_unknown": gettext_lazy("The photo belongs to no place in this step."),
    "statement_missing": gettext_lazy("Not everything was confirmed about the owner of the lock."),
    "step_closed": gettext_lazy("The step was already complete."),
    "step_not_open": gettext_lazy("The step was not open yet."),
    "step_unknown": gettext_lazy("There is no such step."),
    "step_void": gettext_lazy("The step had been sent back."),
    "subject_missing": gettext_lazy("The equipment was not named."),
    "task_done": gettext_lazy("The person had already done this."),
    "template_differs": gettext_lazy("The job names another process than the one it runs."),
    "template_unknown": gettext_lazy("The process of this job is not known here."),
    "too_early": gettext_lazy("It was done before the waiting time was over."),
    "too_few_rounds": gettext_lazy("There were fewer rounds than required."),
    "type_not_allowed": gettext_lazy("A person's device stated what only the server may state."),
    "unit_differs": gettext_lazy("The unit is not the one asked for."),
    "verdict_not_offered": gettext_lazy("This decision is not offered here."),
}

_POINTS: Mapping[str, str | Promise] = {
    "top": gettext_lazy("at the top"),
    "middle": gettext_lazy("in the middle"),
    "bottom": gettext_lazy("at the bottom"),
}


def point_words(point: str) -> str:
    """Where something was measured: the usual places by their words, others as the template names them."""
    return str(_POINTS.get(point, point))


_VERDICTS: Mapping[str, str | Promise] = {
    "ok": gettext_lazy("Accepted"),
    "no": gettext_lazy("Refused"),
    "back": gettext_lazy("Sent back"),
}


def verdict_word(verdict: str) -> str:
    """What somebody decided, in a word."""
    return str(_VERDICTS.get(verdict, verdict))

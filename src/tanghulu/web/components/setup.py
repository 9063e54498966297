"""Setting up, step by step. What is done follows from what is there: each step can be left and taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import queries as evidence
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.flows.shipped import shipped
from tanghulu.apps.jobs import queries as jobs
from tanghulu.core.access import Actor, Permission, permissions_of
from tanghulu.web.components.texts import in_language
from tanghulu.web.words import EQUIPMENT

TITLES: Mapping[str, str | Promise] = {
    "company": _("Company"),
    "people": _("People"),
    "machine": _("Place and machine"),
    "templates": _("Processes"),
    "phone": _("A phone"),
    "job": _("First job"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `current` is the one that is shown."""

    name: str
    title: str | Promise
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a company is. `run` is its first job, empty where there is none yet."""

    done: frozenset[str]
    run: str

    @property
    def next(self) -> str:
        """The first step that is not done; the last one where all are."""
        return next((name for name in TITLES if name not in self.done), "job")

    def steps(self, shown: str) -> list[Step]:
        """Every step, with the one that is shown."""
        return [Step(name, title, name in self.done, name == shown) for name, title in TITLES.items()]


@dataclass(frozen=True, slots=True)
class Process:
    """A shipped template as it is offered: `fits` says that there is a machine of its kind."""

    slug: str
    title: str
    about: str
    kind: str | Promise
    fits: bool
    published: bool


def progress(actor: Actor) -> Progress:
    """How far the actor's company is."""
    run = jobs.first_run(actor)
    there = {
        "company": True,
        "people": bool(openers(actor)),
        "machine": bool(directory.equipment(actor)),
        "templates": bool(flows.published(actor)),
        "phone": any(row.member != actor.member and row.status == "enrolled" for row in evidence.devices(actor)),
        "job": bool(run),
    }
    return Progress(frozenset(name for name, done in there.items() if done), run)


def can_begin(actor: Actor) -> bool:
    """Say whether a company has what a first job needs, phones apart; cheap once it has had one."""
    return bool(jobs.first_run(actor)) or bool(flows.published(actor) and directory.equipment(actor))


def openers(actor: Actor) -> list[directory.MemberRow]:
    """Those besides the actor who may begin a job and can sign in, so that a phone of theirs can come in."""
    return [
        row
        for row in directory.colleagues(actor)
        if row.ref != actor.member and row.username and Permission.JOBS_RUN_OPEN in permissions_of(frozenset(row.roles))
    ]


def processes(actor: Actor, language: str) -> list[Process]:
    """What ships with the product, what fits the company's machines first."""
    kinds, published = {row.kind for row in directory.equipment(actor)}, flows.published(actor)
    found = [
        Process(
            slug=one.slug,
            title=in_language(one.title, language),
            about=in_language(one.about, language),
            kind=EQUIPMENT.get(one.equipment, one.equipment),
            fits=one.equipment in kinds,
            published=one.slug in published,
        )
        for one in shipped()
    ]
    return sorted(found, key=lambda one: not one.fits)

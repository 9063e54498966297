"""Harbour's job, from which every pack in the tests is made: two people, offline work, photos, a seal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from tanghulu.core.chain.event import Event, Photo
from tests.support.log_book import TEMPLATE, Device, LogBook, ref

RUN = ref("run")
OTHER_RUN = ref("other run")
VERSION = hashlib.sha256(TEMPLATE).hexdigest()
OPENED = {
    "template": "belt-conveyor-maintenance",
    "version": VERSION,
    "subject": {"equipment": ref("conveyor 3")},
    "people": {"crew": [ref("wen")], "guardian": [ref("vera")]},
}


@dataclass
class Story:
    """A log with a job in it, and the people who did it."""

    book: LogBook
    chen: Device
    wen: Device
    vera: Device

    def pack(self) -> bytes:
        return self.book.pack(RUN)

    def photo(self, device: Device, step: str, slot: str, *, links: list[str] | None = None) -> Event:
        """A photo whose bytes arrive at once."""
        taken = self.take(device, step, slot, links=links)
        self.store(taken)
        return taken

    def take(
        self,
        device: Device,
        step: str,
        slot: str,
        *,
        links: list[str] | None = None,
        photo: Photo | None = None,
        codes: Sequence[str] = (),
    ) -> Event:
        """A photo whose bytes are still to come; `codes` say what the act contradicts."""
        signed = self.book.sign(
            device,
            run=RUN,
            links=links,
            type="photo.taken",
            step=step,
            activation=1,
            data={"slot": slot},
            photos=[photo or self.book.photo(slot)],
        )
        return self.book.admit(signed, codes=codes)

    def refuse(self, taken: Event, *codes: str) -> Event:
        data = {"commitment": taken.photos[0].commitment, "codes": list(codes)}
        return self.book.act(self.book.server, RUN, "photo.refused", data=data)

    def store(self, taken: Event) -> Event:
        return self.book.act(self.book.server, RUN, "photo.stored", data={"commitment": taken.photos[0].commitment})

    def confirm(self, device: Device, step: str) -> Event:
        return self.book.act(device, RUN, "step.confirmed", step=step, activation=1, data={})


def people(book: LogBook) -> Story:
    """The log is opened; Chen founds it, and enrols Wen and Vera."""
    book.open()
    chen, wen, vera = (book.device(name) for name in ("chen", "wen", "vera"))
    book.enrol(chen, by=book.server, may_enrol=True)
    book.enrol(wen, by=chen)
    book.enrol(vera, by=chen)
    return Story(book, chen, wen, vera)


def alone(book: LogBook | None = None) -> Story:
    """Chen has opened a job and is alone in it."""
    book = book or LogBook()
    book.open()
    chen = book.device("chen")
    book.enrol(chen, by=book.server, may_enrol=True)
    book.act(chen, RUN, "run.opened", data=OPENED)
    return Story(book, chen, chen, chen)


def smallest() -> Story:
    """A job without work: two enrolment entries and two events."""
    story = alone()
    story.book.seal(RUN)
    return story


def brief(book: LogBook | None = None) -> Story:
    """A job of five events, one photo among them."""
    story = alone(book)
    story.confirm(story.chen, "before/power_off")
    story.photo(story.chen, "after/clear", "belt")
    story.book.seal(RUN)
    return story


def opened(book: LogBook) -> Story:
    """Wen has opened the job; the server has said who Wen and Vera are."""
    story = people(book)
    book.act(story.wen, RUN, "run.opened", data=OPENED)
    for device, role in ((story.wen, "worker"), (story.vera, "guardian")):
        facts = {"member": device.actor, "roles": [role], "certificates": {"electrical": "2027-01-01"}}
        book.act(book.server, RUN, "people.resolved", data=facts)
    return story


def worked(book: LogBook) -> Story:
    """The job is done: photos of both, Vera's second one taken offline, a reading, a decision with a hidden reason."""
    story = opened(book)
    story.photo(story.wen, "before/power_off", "isolator")
    story.confirm(story.wen, "before/power_off")
    # Vera's phone is offline: she follows what she knows, and her events come after what happened meanwhile.
    known = book.heads(RUN)
    offline = book.sign(
        story.vera,
        run=RUN,
        links=known,
        type="photo.taken",
        step="before/verify_zero",
        activation=1,
        data={"slot": "tester"},
        photos=[book.photo("tester", media_type="image/png")],
    )
    book.act(story.wen, OTHER_RUN, "run.opened", data=OPENED)
    book.act(
        story.wen,
        RUN,
        "reading.taken",
        step="before/verify_zero",
        activation=1,
        data={
            "reading": "voltage",
            "value": "0.0",
            "unit": "V",
            "point": "L1",
            "instrument": "T-1",
            "sampled_at": "2026-03-02T00:10:00.000Z",
        },
    )
    late = book.admit(offline)
    story.store(late)
    book.act(
        story.vera,
        RUN,
        "decision.made",
        step="after/accept",
        activation=1,
        data={"verdict": "ok", "saw": [late.hash]},
        commitments={"reason": book.hide("三方到场，确认无电。")},
    )
    return story


def sealed(book: LogBook | None = None) -> Story:
    """The good pack's story."""
    story = worked(book or LogBook())
    story.book.seal(RUN)
    return story


def resealed() -> Story:
    """An event came after the seal, and the run was sealed again."""
    story = brief()
    story.photo(story.chen, "after/clear", "belt")
    story.book.seal(RUN)
    return story

"""A tour of the phone's screens, and the jobs for it: the door, the lists, and every kind of thing that a step asks."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tanghulu.cli.simulator import story
from tests.journeys.gallery import Gallery
from tests.journeys.phone import Phone
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage

CAPTURE = Path(__file__).resolve().parents[2] / "frontend" / "src" / "capture"
CREW = ("li", "vera", "chen")


def screens() -> set[str]:
    """The names of the phone's screens, as its source has them."""
    source = (CAPTURE / "app.ts").read_text(encoding="utf-8")
    begin = source.index("export type Screen")
    return set(re.findall(r'name: "(\w+)"', source[begin : source.index(";\n\n", begin)]))


def things_to_do() -> set[str]:
    """The kinds of things that a step asks, as the phone's source has them."""
    source = (CAPTURE / "todo.ts").read_text(encoding="utf-8")
    return set(re.findall(r'kind: "(\w+)"', source[source.index("export type Todo") : source.index("const tooOld")]))


def begin_jobs(port: story.Port) -> dict[str, str]:
    """Jobs as far as they are looked at, by what they are called in the paths of the views."""
    whole = port.office.get("/api/v1/runs").good().json["runs"][0]["run"]
    ends = {"running": ("C1", "during/work/patrol/look"), "measured": ("C2", "before/three_in/verify_zero")}
    ends |= {"locked": ("C2", "before/three_in/lock_and_tag"), "entered": ("C1", "during/work/enter")}
    ends |= {"reviewed": ("C3", "after/review"), "cleared": ("C2", "after/clear"), "unlocked": ("C3", "after/unlock")}
    runs = {"whole": whole}
    for name, (equipment, until) in ends.items():
        crew = story.begin(port, equipment)
        for _ in crew.play(until=until):
            pass
        runs[name] = crew.run
    return runs | lock_out(port)


def lock_out(port: story.Port) -> dict[str, str]:
    """Chen locks Wen's phone out; the ids of his and of one that stays."""
    chens, wens, lis = (port.devices[port.people[name]["ref"]] for name in ("chen", "wen", "li"))
    data = {"device": wens.key.device, "why": "lost", "saw": []}
    signed = chens.sign("device.revoked", data=data, facts={"reason": "下班路上丢在地铁上，已挂失"})
    body = {"envelope": signed.envelope, "openings": list(signed.openings)}
    chens.wire.send("POST", f"/api/v1/devices/{wens.key.device}/revoke", body).good()
    return {"lost": wens.key.device, "kept": lis.key.device}


def tour(stage: Stage, gallery: Gallery, runs: dict[str, str]) -> str:
    """Look at everything a phone shows; gives the run that was stopped in the end."""
    lead = stage.phone("zhao")
    come_in(stage, gallery, lead)
    show(gallery, lead, "jobs")
    run = begin(gallery, lead)
    first_step(gallery, lead)
    lead.wait_sent()
    others = {name: stage.phone(name) for name in CREW}
    for name, phone in others.items():
        stage.let_in(phone, name)
    electrician(gallery, others["li"], runs)
    guardian(gallery, others["vera"], runs)
    supervisor(gallery, others["chen"], runs)
    locks(gallery, others["chen"], runs["unlocked"])
    lists(gallery, lead, run)
    without_a_server(stage, gallery, lead, run)
    return run


def show(gallery: Gallery, phone: Phone, name: str) -> None:
    """Look at what the phone shows now, in every language."""
    for language in gallery.languages:
        phone.speak(language)
        expect(phone.page.locator(".shutter:disabled")).to_have_count(0)
        gallery.show_phone(phone.page, f"phone-{name}", language=language)
    phone.speak(gallery.languages[0])


def show_at(gallery: Gallery, phone: Phone, name: str, place: str) -> None:
    """Look at the screen of an address."""
    phone.page.goto(f"{phone.address}/capture/#/{place}")
    phone.page.locator("main.screen").wait_for()
    show(gallery, phone, name)


def come_in(stage: Stage, gallery: Gallery, phone: Phone) -> None:
    """The door: nobody's phone, whose it may be, the six digits."""

    def look(name: str) -> None:
        for language in (*gallery.languages[1:], gallery.languages[0]):
            link = phone.page.locator(f".bar-link[lang={language}]")
            if link.count():  # it is not the one that is spoken
                link.click()
            phone.page.locator(f"html[lang='{language}']").wait_for(state="attached")
            gallery.show_phone(phone.page, f"phone-{name}", language=language)

    phone.page.goto(f"{stage.address}/capture/")
    phone.page.locator(".door").wait_for()
    look("door")
    stage.let_in(phone, "zhao", look=look)


def begin(gallery: Gallery, phone: Phone) -> str:
    """The choice of process, machine and people."""
    page = phone.page
    show_at(gallery, phone, "open-template", "open")
    page.locator(".row", has_text=JOB).click()
    page.locator(".row", has_text=CONVEYOR).wait_for()
    show(gallery, phone, "open-equipment")
    page.locator(".row", has_text=CONVEYOR).click()
    page.get_by_role("region", name="作业人", exact=True).wait_for()
    show(gallery, phone, "open-people")
    return phone.appoint(PARTS)


def first_step(gallery: Gallery, phone: Phone) -> None:
    """A photo, its review, a question of yes and no, one of several, and the confirmation."""
    page = phone.page
    expect(page.locator(".shutter:enabled")).to_be_visible()
    show(gallery, phone, "job-photo")
    page.locator(".shutter:enabled").click()
    page.locator(".review").wait_for()
    show(gallery, phone, "job-photo-review")
    page.locator(".action .big").first.click()
    page.locator(".answers-two").wait_for()
    show(gallery, phone, "job-ask")
    while page.locator(".screen-ask").count():
        if not page.locator(".answers-two").count():
            show(gallery, phone, "job-ask-several")
        title = page.locator(".question").inner_text()
        phone.go_on(no=NO)
        expect(page.locator(".question", has_text=title)).to_have_count(0)
    show(gallery, phone, "job-confirm")


def electrician(gallery: Gallery, phone: Phone, runs: dict[str, str]) -> None:
    """Locks, a measured value, and one that is too high."""
    page = phone.page
    phone.open_job(runs["locked"])
    page.locator("form.add").wait_for()
    show(gallery, phone, "job-register-locks")
    phone.open_job(runs["measured"])
    while not page.locator(".screen-reading").count():
        before = page.locator(".todo").inner_text()
        phone.go_on()
        expect(page.locator(".todo")).not_to_have_text(before, use_inner_text=True)
    show(gallery, phone, "job-reading")
    for digit in "380":
        page.locator(".pad-key", has_text=digit).first.click()
    show(gallery, phone, "job-reading-out")
    phone.open_job(runs["running"])
    page.locator(".wait").wait_for()
    show(gallery, phone, "job-wait")


def guardian(gallery: Gallery, phone: Phone, runs: dict[str, str]) -> None:
    """People and tools, in and out, and a patrol that may be ended."""
    page = phone.page
    phone.open_job(runs["entered"])
    page.locator(".toggles").first.wait_for()
    show(gallery, phone, "job-register-people")
    page.locator(".toggle:enabled").first.click()
    page.locator(".toggle-in").first.wait_for()
    show(gallery, phone, "job-register-people-in")
    page.locator(".action .big-primary:enabled").click()
    page.locator("form.add").wait_for()
    show(gallery, phone, "job-register-tools")
    phone.open_job(runs["running"])
    expect(page.locator(".shutter:enabled")).to_be_visible()
    show(gallery, phone, "job-photo-patrol")
    show_at(gallery, phone, "jobs-several", "jobs")


def supervisor(gallery: Gallery, phone: Phone, runs: dict[str, str]) -> None:
    """A decision over what was photographed, and a job that has ended."""
    page = phone.page
    phone.open_job(runs["reviewed"])
    page.locator(".screen-decide").wait_for()
    show(gallery, phone, "job-decide")
    page.locator(".answer-back").first.click()
    show(gallery, phone, "job-decide-back")
    phone.open_job(runs["whole"])
    page.locator(".ended").wait_for()
    show(gallery, phone, "job-ended")
    show_at(gallery, phone, "skewer-whole", f"skewer/{runs['whole']}")
    show_at(gallery, phone, "skewer-running", f"skewer/{runs['running']}")


def locks(gallery: Gallery, phone: Phone, run: str) -> None:
    """The locks that are on, and the question about one whose owner does not come back."""
    show_at(gallery, phone, "locks", f"locks/{run}")
    phone.page.locator(".lock-absent").first.click()
    for statement in ("first", "second", "third"):
        expect(phone.page.locator(".question")).to_be_visible()
        show(gallery, phone, f"locks-{statement}")
        before = phone.page.locator(".question").inner_text()
        phone.page.locator(".answers-two .answer").first.click()
        expect(phone.page.locator(".question", has_text=before)).to_have_count(0)
    phone.page.locator("textarea").wait_for()
    show(gallery, phone, "locks-reason")


def lists(gallery: Gallery, phone: Phone, run: str) -> None:
    """All steps, other people, what was sent, settings."""
    phone.wait_sent()
    show_at(gallery, phone, "skewer", f"skewer/{run}")
    show_at(gallery, phone, "people", f"people/{run}")
    show_at(gallery, phone, "outbox-sent", "outbox")
    show_at(gallery, phone, "settings", "settings")


def without_a_server(stage: Stage, gallery: Gallery, phone: Phone, run: str) -> None:
    """Offline; then the job is stopped, and the server comes back."""
    stage.cut()
    phone.open_job(run)
    phone.go_on()
    expect(phone.page.locator(".foot-offline")).to_be_visible()
    show(gallery, phone, "job-ask-offline")
    show_at(gallery, phone, "outbox", "outbox")
    show_at(gallery, phone, "stop", f"stop/{run}")
    phone.page.locator("textarea").fill("皮带跑偏")
    phone.page.locator(".action .big-alarm").click()
    phone.page.locator(".stopped").wait_for()
    show(gallery, phone, "job-stopped")
    stage.serve()
    phone.wait_sent()

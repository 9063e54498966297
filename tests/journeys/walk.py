"""A random walk: two phones and an office on one job, while the server dies and comes back as chance has it.

Each move is drawn from the seed and from its number alone, so that a walk can be taken again by its seed. What a move
finds to do depends on how far everybody is by then: the moves of a walk that is taken again are the same, the events
mostly.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Error, Page

from tanghulu.core import flow
from tests.journeys.client import Client
from tests.journeys.ending import review
from tests.journeys.phone import Phone
from tests.journeys.stage import CONVEYOR, Stage
from tests.journeys.watch import AWAY
from tests.support.installation import wait_for

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
TEMPLATE = Path(__file__).with_name("walk.yaml")
TITLE = "random walk"
PARTS = {"lead": ["赵刚"], "mate": ["李强"], "both": ["赵刚", "李强"], "quality": ["陈静"]}
HALVES = ("web", "worker")
PATIENCE = 120.0
_SILENCE = (OSError, HTTPException)

# What the phone has written down: of each photo that is used, where it belongs; of the job, the events of the log.
_READ = """([store, pick]) => new Promise((done, fail) => {
    const asked = indexedDB.open("tanghulu-phone");
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
        const all = asked.result.transaction(store).objectStore(store).getAll();
        all.onerror = () => fail(all.error);
        all.onsuccess = () => {
            asked.result.close();
            done(all.result.map((one) => Object.fromEntries(pick.map((name) => [name, one[name]]))));
        };
    };
})"""
_FOLD = """([document, version, events]) =>
    kernel.fold(kernel.loadTemplate(document, version), events.map(({ hash, payload }) => ({ ...payload, hash })))"""


@dataclass
class Walk:
    """One walk; `kept` are the commitments of all photos that the phone with a screen ever held."""

    stage: Stage
    seed: str
    moves: int = 0
    deaths: int = 0
    kept: set[str] = field(default_factory=set)
    phone: Phone = field(init=False)
    client: Client = field(init=False)
    desk: Page = field(init=False)
    run: str = field(init=False)

    def begin(self) -> None:
        """Everybody comes in, and the job is opened on the phone with a screen."""
        version = self.stage.house.publish(TEMPLATE.read_text(encoding="utf-8"))
        self.desk = self.stage.office("chen")
        self.stage.found(self.desk)
        self.stage.appoint("gao")
        self.phone = self.stage.phone("zhao")
        self.stage.let_in(self.phone, "zhao")
        device = self.stage.device("li")
        self.run = self.phone.begin(template=TITLE, equipment=CONVEYOR, people=PARTS)
        self.phone.wait_sent()
        document = device.wire.get(f"/api/v1/templates/{version}").good().json
        self.client = Client(device=device, run=self.run, template=flow.load_version(document))
        self.client.pull()
        self.stage.watch.expect(*AWAY)

    def go(self, until: Callable[[], bool]) -> None:
        """Make moves until it is enough."""
        while not until():
            self.moves += 1
            chance = Random(f"{self.seed} {self.moves}")
            move = chance.choices(list(_MOVES), weights=list(_MOVES.values()))[0]
            with self._danger(chance, move):
                move(self, chance)
            self._look()

    def end(self) -> None:
        """The server stays; everybody comes to an end, and the office decides."""
        self._rise()
        deadline = time.monotonic() + PATIENCE
        while "after/review" not in self.client.state()["steps"]:
            assert time.monotonic() < deadline, "the walk does not come to its end"
            self._work(ends=True)
            # What both may do is left to the phone with a screen, which ends it.
            self.client.end("work/gauges")
            self.client.act(Random(self.seed), within="work/gauges/")
            self._reach(lambda: self.client.send(Random(self.seed)))
            self._reach(self.client.pull)
            self._look()
        wait_for("the phone has sent all", self._has_sent, patience=PATIENCE)
        assert self.client.is_done
        review(self.desk, self.stage, self.run)
        self.client.pull()

    # --- moves --------------------------------------------------------------------------------------------------------

    def use_phone(self, chance: Random) -> None:
        """One to three things are done on the phone with a screen."""
        for _ in range(chance.randint(1, 3)):
            self._work(ends=chance.random() < 0.02)

    def use_client(self, chance: Random) -> None:
        """One to four things are done on the other phone, which may look for the server before or after."""
        pulls, sends = chance.random() < 0.5, chance.random() < 0.7
        if pulls:
            self._reach(self.client.pull)
        for _ in range(chance.randint(1, 4)):
            self.client.act(chance)
        if sends:
            self._reach(lambda: self.client.send(chance))

    def look_in(self, _chance: Random) -> None:
        """Somebody in the office loads the page of the job."""
        with contextlib.suppress(Error):
            answer = self.desk.goto(f"{self.stage.address}/jobs/{self.run}/")
            assert answer is None or answer.ok, answer.status

    def battery(self, chance: Random) -> None:
        """The phone's battery comes out, or its page is loaded anew."""
        if chance.random() < 0.5:
            self.phone.kill()
            self.phone.start()
        else:
            self.phone.page.reload()
        self.phone.open_job(self.run)

    def fall(self, chance: Random) -> None:
        """A half of the server, or both, are killed, or told to end."""
        for name in chance.choice([("web",), ("worker",), HALVES]):
            if self.stage.house.runs(name):
                self.deaths += 1
                (self.stage.house.kill if chance.random() < 0.7 else self.stage.house.stop)(name)

    def rise(self, _chance: Random) -> None:
        """What has fallen is started again."""
        self._rise()

    # --- parts --------------------------------------------------------------------------------------------------------

    def _rise(self) -> None:
        for name in HALVES:
            if not self.stage.house.runs(name):
                self.stage.house.start(name)

    @contextlib.contextmanager
    def _danger(self, chance: Random, move: Callable[[Walk, Random], None]) -> Iterator[None]:
        """Perhaps the server is killed in the middle of somebody's move."""
        if chance.random() > 0.25 or move in {Walk.fall, Walk.rise} or not self.stage.house.runs("web"):
            yield
            return
        killer = threading.Timer(chance.uniform(0, 0.6), self.stage.house.kill, ["web"])
        self.deaths += 1
        killer.start()
        try:
            yield
        finally:
            killer.join()

    def _reach(self, talk: Callable[[], None]) -> None:
        """Talk to the server, where there is one."""
        try:
            talk()
        except _SILENCE:
            self.client.device.wire.close()

    def _work(self, *, ends: bool) -> None:
        """Do one thing; the other phone may have done it meanwhile, and the screen be gone."""
        if not self.phone.page.locator("main.screen").count():
            self.phone.open_job(self.run)
        with contextlib.suppress(Error, AssertionError):
            self.phone.go_on(ends=ends)

    def _look(self) -> None:
        shots = self.phone.page.evaluate(_READ, ["shots", ["commitment", "dseq"]])
        self.kept |= {shot["commitment"] for shot in shots if shot["dseq"] is not None}

    def _has_sent(self) -> bool:
        return all(one["state"] == "accepted" for one in self.read("outbox", "state")) and all(
            one["state"] == "stored" for one in self.read("shots", "state")
        )

    # --- what is compared ---------------------------------------------------------------------------------------------

    def read(self, store: str, *names: str) -> list[dict[str, Any]]:
        """Members of what the phone with a screen has written down."""
        found: list[dict[str, Any]] = self.phone.page.evaluate(_READ, [store, list(names)])
        return found

    def log_of_phone(self) -> list[dict[str, Any]]:
        """The events of the job as that phone has them."""
        found = next(one for one in self.read("runs", "run", "events") if one["run"] == self.run)
        events: list[dict[str, Any]] = found["events"]
        return events

    def state_of_phone(self) -> Any:
        """What that phone's own kernel makes of them."""
        self.phone.page.evaluate(_kernel())
        versions = {one["version"]: one["document"] for one in self.read("versions", "version", "document")}
        version = self.client.template.version
        return self.phone.page.evaluate(_FOLD, [versions[version], version, self.log_of_phone()])


_MOVES: dict[Callable[[Walk, Random], None], int] = {
    Walk.use_phone: 8,
    Walk.use_client: 8,
    Walk.look_in: 3,
    Walk.battery: 1,
    Walk.fall: 2,
    Walk.rise: 4,
}


def _kernel() -> str:
    """The phone's kernel alone, as one script that puts it into `kernel`."""
    source = FRONTEND / "src" / "flow" / "index.ts"
    command = [
        FRONTEND / "node_modules" / ".bin" / "esbuild",
        source,
        "--bundle",
        "--format=iife",
        "--global-name=kernel",
    ]
    built = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    # A variable of the evaluated text alone would be gone with it.
    return f"() => {{ {built}; window.kernel = kernel; }}"

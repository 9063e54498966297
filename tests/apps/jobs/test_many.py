"""However many there are, as many questions are asked of the database, and nobody waits behind those that are stuck."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tanghulu.apps.directory.models import Equipment, Place
from tanghulu.apps.evidence import queries as evidence
from tanghulu.apps.evidence.actions import memory
from tanghulu.apps.evidence.models import Device
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs import actions, queries
from tanghulu.apps.jobs.models import Run, RunMember, RunPhoto
from tanghulu.apps.jobs.search import search
from tanghulu.apps.jobs.standing import Urgency
from tanghulu.apps.photos.models import Photo
from tanghulu.apps.tenancy import scope
from tanghulu.core import flow
from tanghulu.core.access import Actor
from tests.support.cast import NOON, Cast
from tests.support.yard import RUN, Yard, picture, small

HARBOUR = Actor.operator("harbour")
ZONE = ZoneInfo("Asia/Shanghai")


def asked(action: Callable[[], Any]) -> int:
    """How many questions an action asks of the database, as in a process that has compiled no template yet."""
    flows._kept.clear()
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def names(first: int, count: int, size: int = 32) -> list[str]:
    return [f"{number:0{size}x}" for number in range(first, first + count)]


def add_runs(yard: Yard, first: int, count: int, status: str = "open") -> None:
    """Jobs that are going on or stopped, each of a process of its own, with Wen in it."""
    for ref in names(first, count):
        version = yard.publish(small(template=f"small-{ref[-4:]}"))
        state = flow.state_to_json(flow.new_state()) | {"status": status, "people": {"crew": [yard.cast["wen"].member]}}
        with scope.within("harbour"):
            run = Run.objects.create(
                ref=ref,
                version=version,
                template="small",
                status=status,
                urgency=Urgency.STOPPED if status == "stopped" else Urgency.GOING_ON,
                state=state,
                opened_at=NOON,
                changed_at=NOON,
            )
            RunMember.objects.create(run=run, member=yard.cast["wen"].member, opened_at=NOON)


def whole_board(actor: Actor, **filters: Any) -> list[queries.JobCard]:
    """The lines of the board and what is drawn in them."""
    found = queries.board(actor, filters=queries.Filters(**filters), since=NOON, at=NOON, zone=ZONE)
    return queries.cards(actor, refs=[row.run for row in found.rows])


class TestLists:
    @pytest.mark.parametrize("name", ["board", "runs", "mine", "stopped"])
    def test_of_jobs_ask_no_more_for_many_than_for_few(self, yard: Yard, name: str) -> None:
        chen, wen = yard.cast["chen"], yard.cast["wen"]
        look = {
            "board": lambda: whole_board(chen),
            "runs": lambda: queries.runs(wen, mine=True, status="open", at=NOON),
            "mine": lambda: whole_board(wen, mine=True),
            "stopped": lambda: whole_board(chen, show="stopped"),
        }[name]
        status = "stopped" if name == "stopped" else "open"
        add_runs(yard, 1, 2, status)
        with scope.within("harbour"):
            few = asked(look)
        add_runs(yard, 100, 7, status)
        with scope.within("harbour"):
            assert asked(look) == few

    def test_of_what_is_found_ask_no_more_for_many_places_than_for_few(self, at_harbour: Cast) -> None:
        def add(first: int, count: int) -> None:
            for name in names(first, count):
                place = Place.objects.create(name=f"Berth {name}")
                Equipment.objects.create(ref=name, number=name, name="X", kind="conveyor", place=place)

        def look() -> None:
            search(at_harbour["vera"], text="Berth", zone=ZONE)

        add(1, 2)
        few = asked(look)
        add(100, 8)
        assert asked(look) == few

    def test_of_devices_ask_no_more_for_many_than_for_few(self, yard: Yard) -> None:
        chen = yard.cast["chen"]

        def look() -> None:
            evidence.devices(chen)
            evidence.waiting(chen)
            evidence.own_devices(chen)

        def add(first: int, count: int) -> None:
            real = Device.objects.get(device=yard.devices["wen"].key.device)
            kept = {"spki": real.spki, "member": real.member, "envelope": real.envelope, "assurance": "software"}
            for name in names(first, count, 64):
                status = "pending" if int(name, 16) % 2 else "enrolled"
                Device.objects.create(device=name, status=status, asked_at=NOON, **kept)

        with scope.within("harbour"):
            add(1, 2)
            few = asked(look)
            add(100, 8)
            assert asked(look) == few


class TestTheJobPage:
    def test_asks_no_more_for_many_photos_than_for_few(self, yard: Yard) -> None:
        def look() -> None:
            queries.job(yard.cast["chen"], ref=RUN)
            queries.run_events(yard.cast["chen"], ref=RUN, after=0)

        yard.open()
        yard.send(yard.sign_photo(picture()))
        yard.put(picture())
        with scope.within("harbour"):
            few = asked(look)
        for number in range(2, 7):
            yard.send(yard.sign_photo(picture(number)))
            yard.put(picture(number))
        with scope.within("harbour"):
            assert asked(look) == few


class TestFinishArrivals:
    def wait(self, yard: Yard, first: int, count: int) -> None:
        """Photos whose bytes came without anybody stating it, each in a run of its own that is open."""
        for ref in names(first, count):
            yard.open(run=ref)
            with scope.within("harbour"):
                self.came(Run.objects.get(ref=ref), f"{ref}{ref}")

    def came(self, run: Run, name: str) -> None:
        RunPhoto.objects.create(run=run, commitment=name, sha256=name, size=1, media_type="image/jpeg")
        Photo.objects.create(sha256=name, size=1, media_type="image/jpeg", subject="0" * 32, stored_at=NOON)

    def finish(self, **more: Any) -> int:
        return actions.finish_arrivals(HARBOUR, at=NOON + timedelta(hours=1), **more)

    def test_reads_no_more_often_for_many_than_for_few(self, yard: Yard) -> None:
        self.wait(yard, 1, 2)
        counts = []
        with scope.within("harbour"):
            counts.append(self.reads())
        self.wait(yard, 100, 6)
        with scope.within("harbour"):
            counts.append(self.reads())
        assert counts[0] == counts[1]

    def reads(self) -> int:
        # What a worker in another process would know.
        memory._kept.clear()
        with CaptureQueriesContext(connection) as captured:
            assert self.finish() > 0
        return sum(query["sql"].lstrip().startswith("SELECT") for query in captured)

    def test_comes_to_those_behind_photos_that_never_come(self, yard: Yard) -> None:
        yard.open()
        with scope.within("harbour"):
            run = Run.objects.get(ref=RUN)
            for name in names(1, 5, 64):
                RunPhoto.objects.create(run=run, commitment=name, sha256=name, size=1, media_type="image/jpeg")
            self.came(run, "f" * 64)
            assert [self.finish(limit=2) for _ in range(4)].count(1) == 1
            assert RunPhoto.objects.get(commitment="f" * 64).stated_at is not None


class TestSealEnded:
    def test_comes_to_those_behind_runs_with_a_gap(self, yard: Yard) -> None:
        for ref in names(1, 3):
            yard.open(run=ref)
            yard.sign_photo(picture(), run=ref)
            yard.send(yard.sign_photo(picture(), run=ref))
            yard.put(picture())
            yard.send(yard.sign_confirmation(run=ref))
            assert (yard.row(ref).status, yard.row(ref).is_sealed) == ("ended", False)
        yard.finish()
        with scope.within("harbour"):
            # As after an upgrade from a version that could not seal it.
            Run.objects.filter(ref=RUN).update(is_sealed=False)
            row = Run.objects.get(ref=RUN)
            row.state["sealed"] = False
            row.save()
            sealed = [actions.seal_ended(HARBOUR, at=NOON, limit=2) for _ in range(3)]
        assert sum(sealed) == 1
        assert yard.row().is_sealed is True

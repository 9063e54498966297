"""A run with more events than a pack of 20,000 files could hold is handed out whole."""

import io
import zipfile

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.jobs import actions
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.chain.verifier import Claim, verify_pack
from tests.support.cast import NOON
from tests.support.yard import RUN, Yard

EVENTS = 6_700


class TestWritePack:
    def test_hands_out_a_long_run_whole(self, yard: Yard) -> None:
        yard.open()
        with scope.within("harbour"):
            with evidence.open_book(at=NOON) as book:
                for _ in range(EVENTS):
                    book.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "none"})
            sink = io.BytesIO()
            actions.write_pack(Actor.operator("harbour"), ref=RUN, at=NOON, sink=sink)
        with zipfile.ZipFile(sink) as archive:
            assert len(archive.namelist()) > 20_000
        report = verify_pack(sink.getvalue(), None)
        assert report.events > EVENTS
        assert report.findings[Claim.INTEGRITY].verdict.value == "PASS"
        assert report.findings[Claim.ORDER].verdict.value == "PASS"

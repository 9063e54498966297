"""A run of more events than a ZIP file without ZIP64 could hold, written and verified."""

import io

import pytest

from tanghulu.core.chain import tiles
from tanghulu.core.chain.merkle import inclusion_proof
from tanghulu.core.chain.pack_writer import LoggedEntry, PackParts, write_pack
from tanghulu.core.chain.policy import parse_policy
from tanghulu.core.chain.proof import Proof
from tanghulu.core.chain.verifier import Claim, verify_pack
from tests.support import stories
from tests.support.log_book import TEMPLATE, LogBook
from tests.support.stories import RUN

EVENTS = 22_000


def long_run() -> LogBook:
    """Chen confirms the same step over and over; the server knows nothing of rules here."""
    story = stories.alone()
    last = story.book.event(len(story.book.entries) - 1)
    for _ in range(EVENTS):
        last = story.book.act(
            story.chen, RUN, "step.confirmed", step="before/power_off", activation=1, data={}, links=[last.hash]
        )
    story.book.seal(RUN)
    return story.book


def parts_of(book: LogBook) -> PackParts:
    tree, note = tiles.TileTree(book.files, len(book.entries)), book.checkpoint()

    def logged(index: int, *, admitted: bool) -> LoggedEntry:
        proof = Proof(index, tuple(inclusion_proof(index, tree.size, tree.node)), note).encode()
        return LoggedEntry(book.entries[index].entry, proof, book.admissions[index].entry if admitted else None)

    return PackParts(
        tenant=book.tenant,
        run=RUN,
        origin=book.origin,
        size=len(book.entries),
        events=[logged(index, admitted=True) for index in range(2, len(book.entries))],
        keys=[logged(index, admitted=False) for index in range(2)],
        template=TEMPLATE,
        openings=sorted(book.openings.values(), key=lambda one: one.commitment),
    )


@pytest.mark.long
class TestALongRun:
    def test_is_packed_and_proven(self) -> None:
        book, sink = long_run(), io.BytesIO()
        manifest = write_pack(sink, parts_of(book))
        assert len(manifest.files) > 65_535
        report = verify_pack(sink.getvalue(), parse_policy(book.policy()))
        assert (report.exit_code, report.events) == (0, EVENTS + 2)
        assert report.findings[Claim.COMPLETENESS].verdict.value == "PASS"

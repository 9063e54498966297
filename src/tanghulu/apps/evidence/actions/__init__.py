"""What changes about the evidence log: it opens and grows, is published, and devices come in."""

from tanghulu.apps.evidence.actions.book import Book, Examined, Identity, Judge, Reception, open_book
from tanghulu.apps.evidence.actions.enrolment import (
    Arrival,
    Asked,
    ask_in,
    come_in,
    countersign,
    make_code,
    read_code,
    refuse,
    signature_of,
)
from tanghulu.apps.evidence.actions.first_company import begin_first_company
from tanghulu.apps.evidence.actions.ledger import (
    admit,
    examine,
    keep_fork,
    lock_log,
    seal,
    state_fact,
)
from tanghulu.apps.evidence.actions.opening_log import open_log
from tanghulu.apps.evidence.actions.openings import Openings, examine_openings, keep_openings, write_openings
from tanghulu.apps.evidence.actions.publication import BATCH, BrokenLog, Head, prepare, publish, publish_heads
from tanghulu.apps.evidence.actions.revocation import revoke

__all__ = (
    "BATCH",
    "Arrival",
    "Asked",
    "Book",
    "BrokenLog",
    "Examined",
    "Head",
    "Identity",
    "Judge",
    "Openings",
    "Reception",
    "admit",
    "ask_in",
    "begin_first_company",
    "come_in",
    "countersign",
    "examine",
    "examine_openings",
    "keep_fork",
    "keep_openings",
    "lock_log",
    "make_code",
    "open_book",
    "open_log",
    "prepare",
    "publish",
    "publish_heads",
    "read_code",
    "refuse",
    "revoke",
    "seal",
    "signature_of",
    "state_fact",
    "write_openings",
)

"""A company with many jobs: rows written straight into the SQLite file of an installation in which the demo has played.

The demo leaves one job that has ended and two that go on, played through the real API. Here they are multiplied:

- ended jobs are copies of the ended one, `live` jobs copies of the two others, opened one every twenty minutes into the
  past (live ones within the last day; 1 in 50 stopped, 1 in 25 overdue), spread over 40 processes, up to 500 machines
  and up to 3,000 people, four to six a job, and each with its chain of as many events as the original. A thousand jobs
  are of fewer machines and people, so that each of them has a full page of jobs in either size;
- the newest `whole` jobs of each kind have the real state (some ten kilobytes) and the real entries of the log. Older
  ones, which no page here opens, have a state of two kilobytes and two short entries, because a million real ones would
  fill 80 GB; the tables that are searched have all their rows and indexes.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

TENANT = "harbour"
PROCESSES, MACHINES, PEOPLE = 40, 500, 3000
MINUTES_APART = 20
_RUN = (
    "tenant_id", "ref", "template", "version", "equipment", "status", "outcome", "is_sealed", "is_overdue", "state",
    "opened_at", "changed_at", "ended_at", "next_timer_at", "urgency", "inside", "contradictions", "awaits_photos",
)  # fmt: skip


def crowd(jobs: int) -> tuple[int, int]:
    """Over how many machines and people so many jobs are spread."""
    return max(min(MACHINES, jobs // 40), 1), max(min(PEOPLE, jobs // 8), 1)


def fill(database: Path, *, jobs: int, live: int, whole: int = 300) -> None:
    """Bring the company to this many jobs, `live` of them going on; the installation must not be served meanwhile."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        connection.execute("PRAGMA temp_store=MEMORY")
        _numbers(connection, jobs)
        _directory(connection)
        have_live = _count(connection, "urgency IS NOT NULL")
        have_ended = _count(connection, "status = 'ended'")
        _copy_runs(connection, max(live - have_live, 0), live=True, whole=whole, among=crowd(jobs))
        _copy_runs(connection, max(jobs - live - have_ended, 0), live=False, whole=whole, among=crowd(jobs))
        connection.commit()
        connection.execute("ANALYZE")
    connection.close()


def _count(connection: sqlite3.Connection, where: str) -> int:
    return int(
        connection.execute(f"SELECT count(*) FROM jobs_run WHERE tenant_id = ? AND {where}", [TENANT]).fetchone()[0]
    )


def _numbers(connection: sqlite3.Connection, most: int) -> None:
    connection.execute("CREATE TEMP TABLE number (n INTEGER PRIMARY KEY)")
    connection.execute(
        "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < ?) "
        "INSERT INTO number SELECT n FROM up",
        [max(most, PEOPLE)],
    )


def _directory(connection: sqlite3.Connection) -> None:
    """The machines and people, once."""
    connection.execute(
        "INSERT OR IGNORE INTO directory_equipment (tenant_id, ref, number, name, kind, place_id) "
        "SELECT ?, printf('%032x', n), 'M' || n, n || '号皮带机', 'conveyor', "
        "(SELECT min(id) FROM directory_place WHERE tenant_id = ?) + n % 3 FROM number WHERE n <= ?",
        [TENANT, TENANT, MACHINES],
    )
    connection.execute(
        "INSERT OR IGNORE INTO directory_member (tenant_id, ref, name, number, language, active, added_at) "
        "SELECT ?, printf('%032x', n), '工人' || n, 'P' || n, '', 1, '2026-01-01 00:00:00' FROM number WHERE n <= ?",
        [TENANT, PEOPLE],
    )


def _copy_runs(connection: sqlite3.Connection, count: int, *, live: bool, whole: int, among: tuple[int, int]) -> None:
    """Copy the played jobs; `opened_at` goes back from now."""
    if not count:
        return
    machines, people = among
    kind = "urgency IS NOT NULL" if live else "status = 'ended'"
    originals = [
        row[0]
        for row in connection.execute(
            f"SELECT id FROM jobs_run WHERE tenant_id = ? AND {kind} ORDER BY id LIMIT {1 + live}", [TENANT]
        )
    ]
    before = connection.execute("SELECT max(id) FROM jobs_run").fetchone()[0]
    back = "-' || (n * 1440 / ?) || ' minutes" if live else "-' || (n * ?) || ' minutes"
    spread = count if live else MINUTES_APART
    shifted = f"strftime('%Y-%m-%d %H:%M:%f', 'now', '{back}')"
    state = "state" if live else f"CASE WHEN n <= {whole} THEN state ELSE ? END"
    small = _small_state(connection, originals[0])
    values = {
        "tenant_id": "tenant_id",
        "ref": "lower(hex(randomblob(16)))",
        "template": f"CASE WHEN n % {PROCESSES} = 0 THEN template ELSE 'process-' || (n % {PROCESSES}) END",
        "version": "version",
        "equipment": f"printf('%032x', 1 + abs(random()) % {machines})",
        "status": "CASE WHEN n % 50 = 0 THEN 'stopped' ELSE status END" if live else "status",
        "outcome": "outcome",
        "is_sealed": "is_sealed",
        "is_overdue": "n % 25 = 1" if live else "0",
        "state": state,
        "opened_at": shifted,
        "changed_at": shifted,
        "ended_at": "NULL" if live else shifted,
        "next_timer_at": "NULL",
        "urgency": "CASE WHEN n % 50 = 0 THEN 0 WHEN n % 25 = 1 THEN 1 ELSE urgency END" if live else "NULL",
        "inside": "inside",
        "contradictions": "contradictions",
        "awaits_photos": "awaits_photos",
    }
    arguments: list[object] = [*([] if live else [small, spread]), spread, spread, *originals, count]
    marks = ", ".join("?" * len(originals))
    connection.execute(
        f"INSERT INTO jobs_run ({', '.join(_RUN)}) SELECT {', '.join(values[name] for name in _RUN)} FROM number "
        f"JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM jobs_run WHERE id IN ({marks})) original "
        f"ON original.place = 1 + number.n % {len(originals)} WHERE n <= ? ORDER BY n DESC",
        arguments,
    )
    _surround(connection, before, originals, whole, people)


def _small_state(connection: sqlite3.Connection, original: int) -> str:
    """Two kilobytes that a fold could have made: the state without what its steps and registers hold."""
    state = connection.execute("SELECT state FROM jobs_run WHERE id = ?", [original]).fetchone()[0]
    return str(
        connection.execute(
            "SELECT json_set(?, '$.steps', json_object(), '$.registers', json_object(), '$.facts', json_object(), "
            "'$.filler', hex(zeroblob(700)))",
            [state],
        ).fetchone()[0]
    )


def _surround(connection: sqlite3.Connection, before: int, originals: list[int], whole: int, people: int) -> None:
    """What stands around each copied run: its people, its chain, its entries."""
    for place in range(4):
        connection.execute(
            "INSERT OR IGNORE INTO jobs_runmember (tenant_id, run_id, member, opened_at) "
            f"SELECT tenant_id, id, printf('%032x', 1 + ((id * 7 + {place * 977}) * 31) % {people}), opened_at "
            "FROM jobs_run WHERE id > ?",
            [before],
        )
    refs = [connection.execute("SELECT ref FROM jobs_run WHERE id = ?", [pk]).fetchone()[0] for pk in originals]
    connection.execute(
        "INSERT INTO evidence_runchain (tenant_id, run, heads, count, server_rseq) "
        "SELECT jobs_run.tenant_id, ref, heads, count, server_rseq FROM jobs_run "
        "JOIN evidence_runchain ON evidence_runchain.run = ? WHERE jobs_run.id > ?",
        [refs[0], before],
    )
    top = connection.execute("SELECT max(id) FROM jobs_run").fetchone()[0]
    columns = (
        'tenant_id, "index", device, dseq, payload_hash, type, run, rseq, envelope, admission, received_at, '
        "standing, codes"
    )
    start = connection.execute('SELECT max("index") FROM evidence_entry WHERE tenant_id = ?', [TENANT]).fetchone()[0]
    # The real entries for those that may be opened, which are the newest; two short ones for each of the others.
    connection.execute(
        f"INSERT INTO evidence_entry ({columns}) "
        "SELECT entry.tenant_id, ? + row_number() OVER (ORDER BY copy.id, entry.id), lower(hex(randomblob(32))), "
        "entry.dseq, lower(hex(randomblob(32))), type, copy.ref, rseq, envelope, admission, received_at, standing, "
        "codes "
        "FROM jobs_run copy JOIN evidence_entry entry "
        "ON entry.run = CASE (? + 1 - copy.id) % ? WHEN 0 THEN ? ELSE ? END WHERE copy.id > ?",
        [start, top, len(originals), refs[0], refs[-1], max(top - whole, before)],
    )
    for _ in range(2):
        start = connection.execute('SELECT max("index") FROM evidence_entry WHERE tenant_id = ?', [TENANT]).fetchone()[
            0
        ]
        connection.execute(
            f"INSERT INTO evidence_entry ({columns}) SELECT tenant_id, ? + id - ?, lower(hex(randomblob(32))), id, "
            "lower(hex(randomblob(32))), 'note.added', ref, 0, zeroblob(200), zeroblob(100), changed_at, "
            "'accepted', '' "
            "FROM jobs_run WHERE id > ? AND id <= ?",
            [start, before, before, max(top - whole, before)],
        )
    connection.execute(
        'UPDATE evidence_log SET next_index = (SELECT max("index") + 1 FROM evidence_entry WHERE tenant_id = ?), '
        'published_size = (SELECT max("index") + 1 FROM evidence_entry WHERE tenant_id = ?) WHERE tenant_id = ?',
        [TENANT, TENANT, TENANT],
    )

from datetime import UTC, datetime, timedelta

import pytest

from tanghulu.core import vitals
from tanghulu.core.vitals import DAY, Beat, State

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
GIGABYTE = 1_000_000_000


class TestJumpBetween:
    @pytest.mark.parametrize(
        ("wall", "mono", "found"), [(10, 10, 0), (14, 10, 0), (70, 10, 60_000), (-50, 10, -60_000)]
    )
    def test_is_what_the_clock_was_set_by(self, wall: int, mono: int, found: int) -> None:
        now = Beat(NOON + timedelta(seconds=wall), "a", mono * 1000)
        assert vitals.jump_between(Beat(NOON, "a", 0), now) == found

    def test_says_nothing_of_two_processes(self) -> None:
        assert vitals.jump_between(Beat(NOON, "a", 0), Beat(NOON + timedelta(days=1), "b", 5)) == 0


class TestWorker:
    @pytest.mark.parametrize(
        ("silent", "state", "finding"),
        [
            (None, "act", "worker_never"),
            (20, "good", "worker_there"),
            (60, "look", "worker_silent"),
            (300, "act", "worker_silent"),
        ],
    )
    def test_is_graded_by_its_silence(self, silent: float | None, state: str, finding: str) -> None:
        line = vitals.worker(silent)
        assert (line.state, line.finding) == (state, finding)


class TestQueue:
    @pytest.mark.parametrize(
        ("waiting", "oldest", "state", "finding"),
        [
            (0, None, "good", "queue_empty"),
            (3, 30, "good", "queue_moves"),
            (3, 120, "look", "queue_stuck"),
            (1, 600, "act", "queue_stuck"),
        ],
    )
    def test_is_graded_by_its_oldest(self, waiting: int, oldest: float | None, state: str, finding: str) -> None:
        line = vitals.queue(waiting, oldest)
        assert (line.state, line.finding) == (state, finding)


class TestLog:
    @pytest.mark.parametrize(
        ("entries", "unpublished", "oldest", "checkpoint", "state", "finding"),
        [
            (0, 0, None, None, "look", "log_not_open"),
            (1, 1, 2, None, "good", "log_begins"),
            (9, 0, None, 90 * DAY, "good", "log_published"),
            (9, 2, 60, 70, "look", "log_behind"),
            (9, 2, 600, 700, "act", "log_behind"),
            (9, 9, 600, None, "act", "log_behind"),
        ],
    )
    def test_is_graded_by_what_is_not_published(
        self, entries: int, unpublished: int, oldest: float | None, checkpoint: float | None, state: str, finding: str
    ) -> None:
        line = vitals.log(entries, unpublished, oldest=oldest, checkpoint=checkpoint)
        assert (line.state, line.finding) == (state, finding)


class TestDisk:
    @pytest.mark.parametrize(
        ("free", "total", "state"),
        [
            (500 * GIGABYTE, 1000 * GIGABYTE, "good"),
            (140 * GIGABYTE, 1000 * GIGABYTE, "look"),
            (4 * GIGABYTE, 20 * GIGABYTE, "look"),
            (40 * GIGABYTE, 1000 * GIGABYTE, "act"),
            (GIGABYTE // 2, 2 * GIGABYTE, "act"),
            (0, 0, "act"),
        ],
    )
    def test_is_graded_by_share_and_bytes(self, free: int, total: int, state: str) -> None:
        assert vitals.disk(free, total).state == state


class TestClock:
    @pytest.mark.parametrize(
        ("database", "phones", "jump", "state", "finding"),
        [
            (None, [], None, "good", "clock_right"),
            (0.2, [119, -4000, 3], None, "good", "clock_right"),
            (-6, [0], None, "look", "clock_database"),
            (61, [0], None, "act", "clock_database"),
            (None, [120], None, "look", "clock_phone_ahead"),
            (None, [120, 0, 1], None, "look", "clock_phone_ahead"),
            (None, [120, 130, 1], None, "act", "clock_behind_phones"),
            (None, [0], (-60_000, DAY), "look", "clock_jumped"),
            (None, [0], (-60_000, 3 * DAY), "good", "clock_right"),
        ],
    )
    def test_is_graded_against_others(
        self, database: float | None, phones: list[float], jump: tuple[int, float] | None, state: str, finding: str
    ) -> None:
        line = vitals.clock(database, phones=phones, jump=jump)
        assert (line.state, line.finding) == (state, finding)


class TestBackup:
    @pytest.mark.parametrize(
        ("age", "missing", "with_keys", "state", "finding"),
        [
            (None, 0, False, "act", "backup_never"),
            (DAY, 0, True, "good", "backup_new"),
            (DAY, 0, False, "look", "backup_without_keys"),
            (3 * DAY, 0, True, "look", "backup_old"),
            (DAY, 2, True, "act", "backup_incomplete"),
            (9 * DAY, 0, True, "act", "backup_old"),
        ],
    )
    def test_is_graded_by_age_and_contents(
        self, age: float | None, missing: int, with_keys: bool, state: str, finding: str
    ) -> None:
        line = vitals.backup(age, missing=missing, with_keys=with_keys)
        assert (line.state, line.finding) == (state, finding)


class TestCertificate:
    @pytest.mark.parametrize(
        ("days", "state", "finding"),
        [
            (300, "good", "certificate_good"),
            (29, "look", "certificate_ends"),
            (6, "act", "certificate_ends"),
            (-1, "act", "certificate_ended"),
        ],
    )
    def test_is_graded_by_its_days(self, days: int, state: str, finding: str) -> None:
        line = vitals.certificate(days)
        assert (line.state, line.finding) == (state, finding)


class TestWorst:
    def test_is_that_of_the_line_that_wants_most(self) -> None:
        assert vitals.worst([]) is State.GOOD
        assert vitals.worst([vitals.queue(0, None), vitals.backup(None, missing=0, with_keys=False)]) is State.ACT

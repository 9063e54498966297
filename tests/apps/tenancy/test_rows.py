"""Rows without model objects are the same rows: each is read back the way Django reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.db.utils import IntegrityError, OperationalError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from tanghulu.apps.evidence.models import Entry, Log, Opening, RunChain
from tanghulu.apps.tenancy import rows, scope
from tanghulu.apps.tenancy.scope import OutsideTenant
from tests.support.cast import NOON, Cast

CHAIN = ("run", "heads", "count", "server_rseq")
OPENING = ("commitment", "salt", "value", "kept_at")
ENTRY = (
    "index", "device", "dseq", "payload_hash", "type", "run", "rseq", "envelope", "admission", "received_at",
    "standing", "codes",
)  # fmt: skip
VALUES: list[Any] = ["明", "", {"a": [1, True, "é"]}, [], 7, False, {"quoted": "%s ? ' \" \\"}]


def chains() -> list[tuple[Any, ...]]:
    return [(one.tenant_id, *(getattr(one, name) for name in CHAIN)) for one in RunChain.objects.order_by("run")]


class TestInsert:
    def test_writes_what_django_would_have_written(self, at_harbour: Cast) -> None:
        for number, value in enumerate(VALUES):
            rows.insert(Opening, OPENING, [(f"ours{number}", bytes(range(256)), value, NOON)])
            Opening.objects.create(commitment=f"django{number}", salt=bytes(range(256)), value=value, kept_at=NOON)
        for number, value in enumerate(VALUES):
            ours, django = (Opening.objects.get(commitment=f"{who}{number}") for who in ("ours", "django"))
            assert (bytes(ours.salt), ours.value, ours.kept_at) == (bytes(range(256)), value, NOON)
            assert (type(ours.salt), ours.tenant_id) == (type(django.salt), "harbour")
        with connection.cursor() as cursor:
            cursor.execute("SELECT commitment, CAST(value AS TEXT), CAST(kept_at AS TEXT) FROM evidence_opening")
            raw = {name: found for name, *found in cursor.fetchall()}
        assert all(raw[f"ours{number}"] == raw[f"django{number}"] for number in range(len(VALUES)))

    def test_writes_numbers_nothing_and_many_rows_at_once(self, at_harbour: Cast) -> None:
        rest = (b"{}", b"{}", NOON, "accepted", "")
        found = [(n, "d" * 64, n, f"{n:064}", "run.stopped", "", None if n % 2 else n, *rest) for n in range(200)]
        rows.insert(Entry, ENTRY, found)
        assert list(Entry.objects.order_by("index").values_list("index", "rseq")) == [
            (n, None if n % 2 else n) for n in range(200)
        ]

    def test_does_nothing_with_nothing(self, at_harbour: Cast) -> None:
        with CaptureQueriesContext(connection) as asked:
            rows.insert(RunChain, CHAIN, [])
            rows.insert_missing(RunChain, CHAIN, [])
            rows.put(RunChain, CHAIN, [], key="run")
            rows.update(RunChain, CHAIN, [])
            assert rows.select(RunChain, CHAIN, where="run", among=[]) == []
        assert len(asked) == 0

    def test_refuses_the_same_again_with_djangos_own_error(self, at_harbour: Cast) -> None:
        rows.insert(RunChain, CHAIN, [("a", [], 1, 0)])
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.insert(RunChain, CHAIN, [("a", [], 1, 0)])

    def test_writes_into_the_present_tenant_and_never_outside_one(self, cast: Cast) -> None:
        for tenant in ("harbour", "quarry"):
            with scope.within(tenant):
                rows.insert(RunChain, CHAIN, [("a", [tenant], 1, 0)])
        for tenant in ("harbour", "quarry"):
            with scope.within(tenant):
                assert chains() == [(tenant, "a", [tenant], 1, 0)]
        with pytest.raises(OutsideTenant):
            rows.insert(RunChain, CHAIN, [("b", [], 1, 0)])


class TestInsertMissing:
    def test_leaves_what_is_there_and_adds_the_rest(self, at_harbour: Cast) -> None:
        rows.insert(RunChain, CHAIN, [("a", ["first"], 1, 0)])
        rows.insert_missing(RunChain, CHAIN, [("a", ["second"], 2, 0), ("b", [], 3, 0), ("b", [], 4, 0)])
        assert chains() == [("harbour", "a", ["first"], 1, 0), ("harbour", "b", [], 3, 0)]


class TestPut:
    def test_adds_or_changes_in_this_tenant_only(self, cast: Cast) -> None:
        with scope.within("quarry"):
            rows.insert(RunChain, CHAIN, [("a", ["quarry"], 9, 9)])
        with scope.within("harbour"):
            rows.put(RunChain, CHAIN, [("a", ["x"], 1, 0), ("b", [], 1, 0)], key="run")
            rows.put(RunChain, CHAIN, [("a", ["y"], 2, 1)], key="run")
            assert chains() == [("harbour", "a", ["y"], 2, 1), ("harbour", "b", [], 1, 0)]
        with scope.within("quarry"):
            assert chains() == [("quarry", "a", ["quarry"], 9, 9)]


class TestUpdate:
    def test_changes_the_named_fields_of_the_row(self, at_harbour: Cast) -> None:
        rows.insert(Opening, OPENING, [("a", b"s", "v", NOON), ("b", b"s", "v", NOON)])
        key = Opening.objects.get(commitment="a").pk
        rows.update(Opening, ("value", "kept_at"), [({"new": 1}, NOON + timedelta(hours=1), key)])
        found = {one.commitment: (bytes(one.salt), one.value, one.kept_at) for one in Opening.objects.all()}
        assert found == {"a": (b"s", {"new": 1}, NOON + timedelta(hours=1)), "b": (b"s", "v", NOON)}

    def test_touches_no_row_of_another_tenant(self, cast: Cast) -> None:
        with scope.within("quarry"):
            rows.insert(RunChain, CHAIN, [("a", [], 1, 0)])
            key = RunChain.objects.get().pk
        with scope.within("harbour"):
            rows.update(RunChain, ("count",), [(5, key)])
        with scope.within("quarry"):
            assert RunChain.objects.get().count == 1


class TestSelect:
    def test_finds_what_fits_every_condition(self, at_harbour: Cast) -> None:
        rows.insert(RunChain, CHAIN, [(name, [], count, 0) for name, count in (("a", 1), ("b", 2), ("c", 2))])
        assert sorted(rows.select(RunChain, ("run", "count"), where="run", among=["a", "b", "x"])) == [
            ("a", 1),
            ("b", 2),
        ]
        assert rows.select(RunChain, ("run",), where="run", among=["a", "b"], also=("count", [2])) == [("b",)]

    def test_finds_nothing_of_another_tenant(self, cast: Cast) -> None:
        with scope.within("quarry"):
            rows.insert(RunChain, CHAIN, [("a", [], 1, 0)])
        with scope.within("harbour"):
            assert rows.select(RunChain, ("run",), where="run", among=["a"]) == []

    def test_may_lock_what_it_finds(self, at_harbour: Cast) -> None:
        Log.objects.create(origin="o", server_device="d")
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            assert rows.select(Log, ("origin",), where="tenant", among=["harbour"], lock=True) == [("o",)]
        locks = connection.features.has_select_for_update
        assert asked[0]["sql"].endswith(" FOR UPDATE") is locks

    def test_keeps_its_statements_apart_by_how_many_values_there_are(self, at_harbour: Cast) -> None:
        rows.insert(RunChain, CHAIN, [(str(n), [], n, 0) for n in range(9)])
        for count in (1, 5, 2, 9):
            wanted = [str(n) for n in range(count)]
            assert sorted(row[0] for row in rows.select(RunChain, ("run",), where="run", among=wanted)) == wanted


class TestAsk:
    def test_gives_the_rows_that_a_statement_finds(self, at_harbour: Cast) -> None:
        rows.insert(RunChain, CHAIN, [("a", [], 1, 0)])
        statement = "SELECT run FROM evidence_runchain WHERE tenant_id = %s AND count = %s"
        assert rows.ask(statement, ["harbour", 1]) == [("a",)]
        assert rows.ask(statement, ["harbour", 2]) == []

    def test_raises_djangos_own_errors(self, at_harbour: Cast) -> None:
        with pytest.raises((OperationalError, ProgrammingError)), transaction.atomic():
            rows.ask("SELECT nothing FROM nowhere WHERE %s = 1", [1])

    def test_is_refused_where_the_transaction_is_broken(self, at_harbour: Cast) -> None:
        with transaction.atomic():
            transaction.set_rollback(True)
            with pytest.raises(TransactionManagementError):
                rows.ask("SELECT %s", [1])

    @pytest.mark.parametrize("count", [1, 3])
    def test_takes_a_list_of_values(self, at_harbour: Cast, count: int) -> None:
        rows.insert(RunChain, CHAIN, [(str(n), [], n, 0) for n in range(5)])
        statement = f"SELECT run FROM evidence_runchain WHERE tenant_id = %s AND count IN ({rows.marks(count)})"
        assert len(rows.ask(statement, ["harbour", *range(count)])) == count


class TestWhoeverCounts:
    def test_sees_each_statement_and_the_same_rows(self, at_harbour: Cast) -> None:
        with CaptureQueriesContext(connection) as asked:
            rows.insert(RunChain, CHAIN, [("a", ["é"], 1, 0), ("b", [], 1, 0)])
            rows.update(RunChain, ("count",), [(2, RunChain.objects.get(run="a").pk)])
            assert rows.select(RunChain, ("count",), where="run", among=["a"]) == [(2,)]
        assert len(asked) == 4


class TestRollback:
    def test_takes_back_what_was_written(self, at_harbour: Cast) -> None:
        with transaction.atomic():
            rows.insert(RunChain, CHAIN, [("a", [], 1, 0)])
            transaction.set_rollback(True)
        assert chains() == []

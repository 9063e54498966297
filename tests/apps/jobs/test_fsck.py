from datetime import timedelta

from django.db.models import DateTimeField, Field

from tanghulu.apps.jobs.fsck import check_runs
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.tenancy import scope
from tests.support.cast import NOON
from tests.support.yard import RUN, Yard, picture

COLUMNS = [field.name for field in Run._meta.concrete_fields if field.name not in {"id", "tenant", "ref", "state"}]

DIFFERS = "what it is searched by is not what its state says"


def found(yard: Yard) -> dict[str, str]:
    """What is wrong, by its code."""
    with scope.within("harbour"):
        return {finding.code: finding.detail for finding in check_runs()}


def other(field: Field, value: object) -> object:  # type: ignore[type-arg] # of whatever kind
    """Another value than this one."""
    if isinstance(field, DateTimeField):
        return NOON - timedelta(days=999)
    if isinstance(value, bool):
        return not value
    return f"x{value[1:]}" if isinstance(value, str) else 7


class TestCheckRuns:
    def test_finds_nothing_where_nothing_was_done(self, yard: Yard) -> None:
        yard.open(run="b" * 32)
        yard.finish()
        # Nobody may do that any more, but it is kept and seals the job again.
        yard.send(yard.sign_photo(picture(2)))
        assert found(yard) == {}

    def test_finds_every_column_that_does_not_follow_from_the_events(self, yard: Yard) -> None:
        yard.finish()
        row, said = yard.row(), {}
        for name in COLUMNS:
            changed = other(Run._meta.get_field(name), getattr(row, name))  # type: ignore[arg-type] # a column
            with scope.within("harbour"):
                Run.objects.filter(ref=RUN).update(**{name: changed})
                said[name] = found(yard)
                row.save()
        assert said.pop("version").keys() == {"codes_differ", "run_state_differs", "run_row_differs"}
        assert said == {name: {"run_row_differs": f"{DIFFERS}: {name}"} for name in said}

    def test_finds_a_state_that_does_not_follow_from_the_events(self, yard: Yard) -> None:
        yard.finish()
        with scope.within("harbour"):
            Run.objects.filter(ref=RUN).update(state={**yard.row().state, "fired": ["x"]})
        assert list(found(yard)) == ["run_state_differs"]

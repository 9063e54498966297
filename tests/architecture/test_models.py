"""What the database must keep: foreign keys point down the order of apps, and a tenant stands in every unique rule."""

import tomllib
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models

from tanghulu.apps.tenancy.scope import TenantOwned
from tests.architecture.source import ROOT, modules

# Tables that belong to no tenant, each with the reason.
WITHOUT_TENANT = {
    "tenancy.Tenant": "it is the tenant",
    "tenancy.WorkerBeat": "a worker serves every company",
    "directory.Attempts": "what is counted is tried before anybody is known",
    "directory.Account": "a person signs in before a company is chosen, and may belong to several",
}
# Unique rules without the tenant, each with the reason.
UNIQUE_EVERYWHERE = {
    "directory.AccessToken.token_hash": "a token is looked up before its company is known",
    "directory.AccessToken.sha256": "a token is looked up before its company is known",
}
# Modules that may look at rows of every tenant, each with the reason.
SEES_EVERY_TENANT = {
    "src/tanghulu/apps/tenancy/scope.py": "it defines how",
    "src/tanghulu/apps/directory/actions": "signing in and bearer tokens come before any company",
    "src/tanghulu/apps/directory/queries": "the companies of a person who signs in",
    "src/tanghulu/apps/directory/sign_ins.py": "what happens at the door is noted in each company of the account",
    "src/tanghulu/apps/evidence/queries": "the worker asks once for all companies who has something to publish",
    "src/tanghulu/apps/jobs/queries": "the worker asks once for all companies who has something to do",
    "src/tanghulu/apps/evidence/tickets.py": "a phone that asks to come in knows its code and not yet its company",
    "src/tanghulu/apps/directory/demo_door.py": "one-click sign-in at the demo, before any company",
    "src/tanghulu/worker": "background work goes over every company",
    "src/tanghulu/cli": "the operator's commands",
}


def order_of_apps() -> list[set[str]]:
    """The layers of the import contract, highest first."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract.get("containers") == ["tanghulu.apps"])
    return [{name.strip(" ()") for name in layer.split("|")} for layer in layers]


def upward(edges: Iterable[tuple[str, str]], order: list[set[str]]) -> list[str]:
    """The edges between apps that point up or sideways."""
    rank = {name: place for place, layer in enumerate(order) for name in layer}
    return [f"{start} points to {end}" for start, end in edges if start != end and rank[start] >= rank[end]]


def ours() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model.__module__.startswith("tanghulu.")]


def edges_between_apps() -> Iterator[tuple[str, str]]:
    for model in ours():
        for field in model._meta.get_fields():
            target = field.related_model if getattr(field, "concrete", False) else None
            if isinstance(target, type) and target.__module__.startswith("tanghulu."):
                yield model._meta.app_label, target._meta.app_label


def label(model: type[models.Model]) -> str:
    return model._meta.label


def without_tenant(model: type[models.Model]) -> list[str]:
    """The unique rules of a tenant-owned table that forget the tenant."""
    meta = model._meta
    rules = [tuple(names) for names in meta.unique_together]
    rules += [rule.fields for rule in meta.constraints if isinstance(rule, models.UniqueConstraint) and rule.fields]
    found = [f"{label(model)}: {', '.join(names)}" for names in rules if "tenant" not in names]
    found += [f"{label(model)}.{field.name}" for field in meta.local_fields if field.unique and not field.primary_key]
    found += [
        f"{label(model)}.{field.name} is the key"
        for field in meta.local_fields
        if field.primary_key and not field.auto_created
    ]
    return [name for name in found if name not in UNIQUE_EVERYWHERE]


def looks_everywhere(path: str, text: str) -> bool:
    return ".everywhere" in text or "across_tenants(" in text


class TestForeignKeys:
    def test_point_down(self):
        assert upward(edges_between_apps(), order_of_apps()) == []

    def test_are_seen_at_all(self):
        assert ("directory", "tenancy") in set(edges_between_apps())

    @pytest.mark.parametrize(("start", "end"), [("tenancy", "directory"), ("evidence", "jobs"), ("tables", "training")])
    def test_that_point_up_or_sideways_are_refused(self, start, end):
        assert upward([(start, end)], order_of_apps()) == [f"{start} points to {end}"]


class TestTenants:
    def test_own_every_table(self):
        loose = {
            label(model) for model in ours() if not issubclass(model, TenantOwned) and not model._meta.auto_created
        }
        assert loose - WITHOUT_TENANT.keys() == set()

    def test_stand_in_every_unique_rule(self):
        owned = [model for model in ours() if issubclass(model, TenantOwned)]
        assert [found for model in owned for found in without_tenant(model)] == []

    @pytest.mark.django_isolate_apps("tanghulu.apps.tenancy")
    def test_that_are_forgotten_are_refused(self):
        class Forgetful(models.Model):
            tenant = models.ForeignKey("tenancy.Tenant", on_delete=models.PROTECT)
            number = models.CharField(max_length=10, unique=True)
            ref = models.CharField(max_length=10)

            class Meta:
                app_label = "tenancy"
                constraints = [models.UniqueConstraint(fields=["ref"], name="ref_once")]

        assert without_tenant(Forgetful) == ["tenancy.Forgetful: ref", "tenancy.Forgetful.number"]

    @pytest.mark.django_isolate_apps("tanghulu.apps.tenancy")
    def test_that_are_remembered_are_accepted(self):
        class Careful(models.Model):
            tenant = models.ForeignKey("tenancy.Tenant", on_delete=models.PROTECT)
            ref = models.CharField(max_length=10)

            class Meta:
                app_label = "tenancy"
                constraints = [models.UniqueConstraint(fields=["tenant", "ref"], name="ref_once")]

        assert without_tenant(Careful) == []


class TestEveryTenantAtOnce:
    def test_is_seen_by_few(self):
        seers = [given.path for given in modules("src") if looks_everywhere(given.path, given.text)]
        assert [path for path in seers if not path.startswith(tuple(SEES_EVERY_TENANT))] == []

    def test_is_noticed(self):
        assert looks_everywhere("a.py", "Member.everywhere.all()")
        assert looks_everywhere("a.py", "with scope.across_tenants():")
        assert not looks_everywhere("a.py", "Member.objects.all()")

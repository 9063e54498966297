"""What is looked up about companies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.models import Tenant
from tanghulu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Company:
    """A tenant as it is shown."""

    slug: str
    name: str
    language: str
    time_zone: str

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        """Take the row's values."""
        return cls(slug=tenant.slug, name=tenant.name, language=tenant.language, time_zone=tenant.time_zone)


def company() -> Company:
    """The company of the present scope. Raises NotFound `tenant_not_found`."""
    tenant = Tenant.objects.filter(pk=scope.current()).first()
    if tenant is None:
        raise NotFound("tenant_not_found")
    return Company.of(tenant)


def exists(slug: str) -> bool:
    """Say whether there is a company with this slug."""
    return Tenant.objects.filter(pk=slug).exists()


def slugs() -> list[str]:
    """The slug of every company, in order: for the worker and the operator, who go from one to the next."""
    return list(Tenant.objects.order_by("slug").values_list("slug", flat=True))

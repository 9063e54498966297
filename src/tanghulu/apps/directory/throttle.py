"""How often something may be tried. Counted in the database, so that it holds across processes and hosts.

Nobody can shut somebody else out: what is tried from an unknown browser is counted apart from the browsers in which
the person has signed in before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from django.db import transaction

from tanghulu.apps.directory.models import Attempts
from tanghulu.core.errors import NotAllowed

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `amount` tries in `seconds`, counted from the first one."""

    name: str
    amount: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Try:
    """One try: the rate that limits it, and whose it is."""

    rate: Rate
    key: str


FROM_KNOWN_BROWSER = Rate("browser", 10, 300)
OF_NAME_FROM_ADDRESS = Rate("name_address", 5, 300)
OF_NAME = Rate("name", 50, 3600)
FROM_ADDRESS = Rate("address", 20, 60)
SECOND_FACTOR = Rate("second_factor", 5, 300)
SECOND_FACTOR_OF_ACCOUNT = Rate("second_factor_account", 50, 3600)
BAD_TOKEN = Rate("token", 60, 60)
REPORT = Rate("report", 30, 60)
BAD_CODE = Rate("code", 20, 60)


def sign_in(*, name: str, address: str, browser: str) -> list[Try]:
    """The tries that one sign-in counts as; `browser` is the mark of a known one, or empty."""
    if browser:
        return [Try(FROM_KNOWN_BROWSER, f"{name} {browser}")]
    place = network_of(address)
    return [Try(OF_NAME_FROM_ADDRESS, f"{name} {place}"), Try(OF_NAME, name), Try(FROM_ADDRESS, place)]


def second_factor(*, account: int, address: str) -> list[Try]:
    """The tries that one code of a second factor counts as."""
    return [Try(SECOND_FACTOR, f"{account} {network_of(address)}"), Try(SECOND_FACTOR_OF_ACCOUNT, str(account))]


def network_of(address: str) -> str:
    """The address, or for IPv6 the /64 that one customer has to themselves."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{known}/64", strict=False)) if isinstance(known, IPv6Address) else str(known)


def spend(tries: Iterable[Try], *, at: datetime) -> None:
    """Count these tries, all or none. Raises NotAllowed `too_many_attempts` with the `seconds` to wait."""
    Attempts.objects.filter(since__lt=at - _KEPT).delete()
    with transaction.atomic():
        for each in tries:
            _count(each, at)


def _count(each: Try, at: datetime) -> None:
    row, _ = Attempts.objects.select_for_update().get_or_create(key=_key(each), defaults={"since": at, "count": 0})
    if _is_over(row, each.rate, at):
        row.since, row.count = at, 0
    if row.count >= each.rate.amount:
        raise _too_many(row, each.rate, at)
    row.count += 1
    row.save(update_fields=["since", "count"])


def give_back(tries: Iterable[Try]) -> None:
    """Take tries back that turned out to be right."""
    with transaction.atomic():
        for each in tries:
            row = Attempts.objects.select_for_update().filter(key=_key(each), count__gt=0).first()
            if row is not None:
                row.count -= 1
                row.save(update_fields=["count"])


def spend_failed(each: Try, *, at: datetime) -> None:
    """Count a guess that has failed. Raises NotAllowed `too_many_attempts`; then nothing is written any more."""
    _check(each, at)
    spend([each], at=at)


def _check(each: Try, at: datetime) -> None:
    row = Attempts.objects.filter(key=_key(each)).first()
    if row is not None and not _is_over(row, each.rate, at) and row.count >= each.rate.amount:
        raise _too_many(row, each.rate, at)


def _is_over(row: Attempts, rate: Rate, at: datetime) -> bool:
    return at >= row.since + timedelta(seconds=rate.seconds)


def _too_many(row: Attempts, rate: Rate, at: datetime) -> NotAllowed:
    left = max(1, ceil((row.since + timedelta(seconds=rate.seconds) - at).total_seconds()))
    return NotAllowed("too_many_attempts", seconds=left, minutes=ceil(left / 60))


def _key(each: Try) -> str:
    # A digest: names and addresses of people who only tried are not kept.
    return hashlib.sha256(f"{each.rate.name} {each.key}".encode()).hexdigest()

"""A company's log begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tanghulu.apps.evidence.actions.ledger import state_fact
from tanghulu.apps.evidence.models import Log
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.chain import enrolment
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.errors import NotAllowed
from tanghulu.gateways import keys


@transaction.atomic
def open_log(actor: Actor, *, founders: Sequence[str], at: datetime) -> bool:
    """Begin the company's log: its keys, and `log.opened` as entry 0. False when it has begun already.

    `founders` are the refs of those whose first device the server itself vouches for. The origin is fixed from now on.
    """
    if not actor.is_operator:
        raise NotAllowed("not_allowed")
    tenant = scope.current()
    origin = f"{settings.HOST}/log/{tenant}"
    server = keys.server_key(tenant)
    _, is_new = Log.objects.get_or_create(defaults={"origin": origin, "server_device": server.device})
    if not is_new:
        return False
    data = enrolment.anchor_data(
        origin=origin, log_key=keys.log_key(tenant, origin).verifier, server_spki=server.spki, founders=founders
    )
    state_fact(EventType.LOG_OPENED, run=None, data=data, at=at)
    return True

"""Guesses are counted, by the network that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils import timezone

from tanghulu.apps.directory import throttle
from tanghulu.core.errors import Refusal
from tanghulu.web.origin import origin_of


@contextmanager
def counted(request: HttpRequest, rate: throttle.Rate, *codes: str) -> Iterator[None]:
    """Count a refusal with one of these codes as a bad guess; too many raise NotAllowed `too_many_attempts` instead.

    What is right is never refused: a whole yard of phones may stand behind one address.
    """
    try:
        yield
    except Refusal as refusal:
        if refusal.code in codes:
            network = throttle.network_of(origin_of(request).address)
            throttle.spend_failed(throttle.Try(rate, network), at=timezone.now())
        raise

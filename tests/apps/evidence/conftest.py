"""Harbour with an open log and a crew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from tanghulu.apps.evidence import actions
from tanghulu.cli.simulator.device import Device
from tanghulu.core.access import Actor
from tanghulu.gateways import keys
from tests.support.cast import NOON, Cast
from tests.support.phones import Crew, founders


@pytest.fixture(autouse=True)
def clean_files() -> Iterator[None]:
    """Files of logs outlive a rolled-back database, so they go with it."""
    yield
    shutil.rmtree(settings.DATA / "blobs", ignore_errors=True)


@pytest.fixture
def crew(at_harbour: Cast) -> Crew:
    actions.open_log(Actor.operator("harbour"), founders=founders(), at=NOON)
    return Crew(at_harbour)


@pytest.fixture
def chens(crew: Crew) -> Device:
    """The safety officer's phone, which may vouch for others."""
    return crew.enrolled("chen")


@pytest.fixture
def wens(crew: Crew, chens: Device) -> Device:
    """The worker's phone."""
    return crew.enrolled("wen", by=chens)


@pytest.fixture
def server_device() -> str:
    return keys.server_key("harbour").device

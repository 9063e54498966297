"""Phones that were lost: what their keys sign from then on is kept and moves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.flow_stories.telling import GUARDIAN, LEAD, Case, cast, confirm, crew, opened, tried
from tests.support.flow_templates import photo, stage, step, template
from tests.support.play import Player


def revocations() -> Iterator[Case]:
    """Acts, a stop and an opening of a key that has ended."""
    flow = template(stage("work", step("show", photo=photo()), step("watch", "guardian")))
    player = opened(flow)
    lost: list[dict[str, Any]] = [
        tried(player, "run.stopped", GUARDIAN),
        tried(player, "people.assigned", LEAD, {"part": "crew", "members": [crew(3)]}),
        confirm(player, GUARDIAN, "work/watch"),
        tried(player, "run.danced", crew()),
        tried(player, "device.revoked", LEAD, {"device": "0" * 64, "why": "lost", "saw": []}),
    ]
    for event in lost:
        player.send({**event, "revoked": True})
    yield "nothing comes of it", player, []
    player.finish()
    player.send({**confirm(player, crew(), "work/show"), "revoked": True})
    yield "nor after the end", player, []

    player = Player(flow, cast())
    data = {"template": flow.slug, "version": flow.version, "subject": {}, "people": cast()}
    opening = tried(player, "run.opened", LEAD, data)
    player.send({**opening, "revoked": True})
    yield "no job begins with it", player, [opening]

"""The words in which stories are told."""

from __future__ import annotations

from typing import Any

from tests.support.play import Payload, Player, ref

Try = Payload
Case = tuple[str, Player, list[Try]]

REASON = {"reason": "9" * 64}


def crew(number: int = 0) -> str:
    return ref(f"crew-{number}")


LEAD, ELECTRICIAN, GUARDIAN, STRANGER = ref("lead-0"), ref("electrician-0"), ref("guardian-0"), ref("stranger")


def cast(size: int = 1) -> dict[str, list[str]]:
    return {
        "lead": [LEAD],
        "crew": [crew(number) for number in range(size)],
        "electrician": [ELECTRICIAN],
        "guardian": [GUARDIAN],
    }


def opened(flow: Any, size: int = 1, **keys: Any) -> Player:
    player = Player(flow, cast(size), **keys)
    player.open()
    return player


def tried(player: Player, kind: str, actor: str, data: Payload | None = None, **rest: Any) -> Try:
    return player.event(kind, actor, data, **rest)


def confirm(player: Player, actor: str, path: str, n: int = 1, **answers: Any) -> Try:
    return tried(player, "step.confirmed", actor, {"answers": answers} if answers else {}, step=path, activation=n)

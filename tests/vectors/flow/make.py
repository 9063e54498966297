"""Makes the vectors that both kernels share. Run it from the root of the repository: python -m tests.vectors.flow.make.

The same code and the same seeds give the same files; a test compares them with what is committed.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tanghulu.core.flow import Template, haws, refusal, tasks, timers
from tests.support.flow_stories import STORIES, Case
from tests.support.play import Player

FOLDER = Path(__file__).resolve().parent
MEMBERS_SHOWN = 8


def vector(template: Template, about: str, cases: list[dict[str, Any]]) -> dict[str, Any]:
    return {"about": about, "template": template.document, "cases": cases}


def case(name: str, player: Player, tries: list[dict[str, Any]]) -> dict[str, Any]:
    """A case as it stands now; the player goes on afterwards."""
    template, state = player.template, player.state
    people = sorted({member for members in state["people"].values() for member in members})[:MEMBERS_SHOWN]
    return copy.deepcopy(
        {
            "name": name,
            "events": player.events,
            "state": state,
            "timers": timers(template, state),
            "haws": haws(template, state),
            "at": player.now,
            "tasks": {member: tasks(template, state, member, player.now) for member in people},
            "refused": [{"event": event, "codes": refusal(template, state, event)} for event in tries],
        }
    )


def story(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """One file for every template of a story."""
    about = (STORIES[name].__doc__ or "").strip()
    files: dict[str, tuple[Template, list[dict[str, Any]]]] = {}
    told: Case
    for told in STORIES[name]():
        title, player, tries = told
        files.setdefault(player.template.version, (player.template, []))[1].append(case(title, player, tries))
    for number, (template, cases) in enumerate(files.values(), 1):
        suffix = f"-{number}" if len(files) > 1 else ""
        yield f"{name}{suffix}.json", vector(template, about, cases)


def text_of(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def files() -> Iterator[tuple[str, str]]:
    """The name and text of every file."""
    for name in STORIES:
        for file, document in story(name):
            yield file, text_of(document)


def main() -> None:
    made = set()
    for name, text in files():
        (FOLDER / name).write_text(text, encoding="utf-8")
        made.add(name)
    for file in FOLDER.glob("*.json"):
        if file.name not in made:
            file.unlink()
    sys.stdout.write(f"{len(made)} files\n")


if __name__ == "__main__":
    main()

"""Makes the vectors that both kernels share. Run it from the root of the repository: python -m tests.vectors.flow.make.

The same code and the same seeds give the same files; a test compares them with what is committed. With --into and
--generated it makes thousands elsewhere, for a long comparison of the two kernels.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from tanghulu.core.flow import Template, compile_template, haws, load_version, refusal, tasks, timers
from tests.support.flow_random import random_event, random_template
from tests.support.flow_stories import STORIES
from tests.support.flow_stories.telling import Case
from tests.support.play import Player, cast_of

FOLDER = Path(__file__).resolve().parent
MEMBERS_SHOWN = 3
GENERATED = 100


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


def by_chance(seed: int) -> dict[str, Any]:
    """A small template that nobody wrote, a run of it as far as it came, and events that may be nonsense."""
    rng = Random(seed)
    raw = random_template(rng, steps=rng.randint(1, 5))
    template = load_version(compile_template(raw).document)
    player = Player(template, cast_of(template, rng), rng=rng, stores_at_once=rng.random() < 0.5)
    player.open()
    for _ in range(rng.choice([4, 8, 12, 16])):
        turn = rng.random()
        if turn < 0.6:
            player.try_to_carry_on()
        elif turn < 0.75:
            player.change_crew(rng)
        elif turn < 0.8:
            player.remove_a_lock(rng)
        else:
            player.send(random_event(rng, player))
    cases = [case("as far as it came", player, [random_event(rng, player) for _ in range(5)])]
    return vector(template, "by chance", cases)


def text_of(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def files(generated: int = GENERATED) -> Iterator[tuple[str, str]]:
    """The name and text of every file."""
    for name in STORIES:
        for file, document in story(name):
            yield file, text_of(document)
    for seed in range(generated):
        yield f"generated/{seed:03}.json", text_of(by_chance(seed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--into", type=Path, default=FOLDER, help="another folder, for a long comparison of the kernels"
    )
    parser.add_argument("--generated", type=int, default=GENERATED, help="how many files by chance")
    options = parser.parse_args()
    folder: Path = options.into
    (folder / "generated").mkdir(parents=True, exist_ok=True)
    made = set()
    for name, text in files(options.generated):
        (folder / name).write_text(text, encoding="utf-8")
        made.add(name)
    for file in FOLDER.rglob("*.json") if folder == FOLDER else ():
        if file.relative_to(FOLDER).as_posix() not in made:
            file.unlink()
    sys.stdout.write(f"{len(made)} files\n")


if __name__ == "__main__":
    main()

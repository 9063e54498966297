"""Photos that are refused, and what is asked again for them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.flow_stories.telling import GUARDIAN, LEAD, Case, confirm, crew, opened, tried
from tests.support.flow_templates import ask, photo, reading, stage, step, template
from tests.support.play import Player


def commitments(player: Player, path: str, n: int = 1) -> list[str]:
    return [taken["commitment"] for taken in player.state["steps"][path][n - 1]["photos"]]


def retakes() -> Iterator[Case]:
    """Photos that are refused: before the step is passed, after it, and after the work went on."""
    yield from _of_one_for_all()
    yield from _of_each()
    yield from _in_rounds()
    yield from _of_decisions()


def _of_one_for_all() -> Iterator[Case]:
    flow = template(
        stage(
            "work",
            step(
                "seen",
                photo=photo(count=2, provisional=True),
                reading=reading(at_most="1", fresh="5 min"),
                ask={"q": ask()},
                register={"tools": {"act": "in", "at_least": 1}},
                due="1 h",
            ),
            step("next", "guardian", register={"tools": "out"}, must={"tools": "empty"}),
            step("last"),
        )
    )
    player = opened(flow, stores_at_once=False)
    player.supply(crew(), "work/seen")
    player.refuse(commitments(player, "work/seen")[0])
    yield "refused while the step is open", player, [confirm(player, crew(), "work/seen", q=True)]
    player.supply(crew(), "work/seen")
    player.in_step("step.confirmed", crew(), "work/seen", {"answers": {"q": True}})
    player.supply(GUARDIAN, "work/next")
    player.tick(400)
    player.refuse(commitments(player, "work/seen")[1], "size_differs", "type_differs")
    tool = {"register": "tools", "item": "bar"}
    yield "one to spare is refused and nothing is asked again", player, []
    player.refuse(commitments(player, "work/seen")[2])
    yield (
        "asked again after the work went on",
        player,
        [
            confirm(player, crew(), "work/seen", 1, q=True),
            confirm(player, crew(), "work/seen", 2, q=True),
            confirm(player, GUARDIAN, "work/next"),
            tried(player, "register.entered", crew(), tool, step="work/seen", activation=2),
        ],
    )
    player.close_task(GUARDIAN, "work/next")
    player.supply(crew(), "work/seen")
    yield "neither reading nor register is asked again", player, [confirm(player, crew(), "work/seen", 2)]
    player.in_step("step.confirmed", crew(), "work/seen")
    player.in_step("step.confirmed", crew(), "work/last")
    yield "waits for the bytes of what still counts", player, []
    player.store_all()
    player.refuse(commitments(player, "work/seen", 2)[-1])
    yield "ended, and asks nothing any more", player, []


def _of_each() -> Iterator[Case]:
    flow = template(
        stage("work", step("each", {"each_of": "crew"}, photo=photo(), register={"isolation": "in"}), step("last")),
        stage("away", step("off", {"each_of": "crew"}, register={"isolation": "out"}), leaves=True),
    )
    player = opened(flow, 3, stores_at_once=False)
    for number in (0, 1):
        player.supply(crew(number), "work/each")
        player.close_task(crew(number), "work/each")
    player.refuse(commitments(player, "work/each")[0])
    yield "only the one whose photo it was", player, [confirm(player, crew(), "work/each")]
    player.supply(crew(), "work/each")
    for number in (0, 2):
        player.supply(crew(number), "work/each")
        player.close_task(crew(number), "work/each")
    player.refuse(commitments(player, "work/each")[1])
    yield "only he once all had passed", player, [confirm(player, crew(n), "work/each", 2) for n in (0, 1)]
    player.supply(crew(1), "work/each")
    player.close_task(crew(1), "work/each")
    player.act("people.assigned", LEAD, {"part": "crew", "members": [crew(), crew(1), crew(2)]})
    player.store_all()
    yield "all are in hand", player, [confirm(player, crew(), "work/last")]
    player.act("run.abandoned", LEAD, commitments={"reason": "1" * 64})
    player.refuse(commitments(player, "work/each", 2)[-1])
    yield "on the way out nothing is asked again", player, [confirm(player, crew(1), "work/each", 3)]
    gone = opened(template(stage("work", step("each", {"each_of": "crew"}, photo=photo()))), 2, stores_at_once=False)
    gone.supply(crew(), "work/each")
    gone.close_task(crew(), "work/each")
    gone.act("people.assigned", LEAD, {"part": "crew", "members": [crew(1)]})
    gone.supply(crew(1), "work/each")
    gone.close_task(crew(1), "work/each")
    gone.refuse(commitments(gone, "work/each")[0])
    yield "whoever has gone is not asked", gone, []


def _in_rounds() -> Iterator[Case]:
    flow = template(
        stage(
            "work",
            {
                "repeat": "loop",
                "until": {"when": {"answer": "work/loop/look.more", "is": "no"}},
                "do": [step("look", ask={"more": ask()}, photo=photo(provisional=True))],
            },
            step("last"),
        )
    )
    player = opened(flow, stores_at_once=False, answers={"work/loop/look.more": [True, False]})
    player.do("work/loop/look")
    player.do("work/loop/look")
    yield "the rounds are over", player, []
    player.refuse(commitments(player, "work/loop/look")[0])
    yield "of an earlier round nothing is asked again", player, []
    player.refuse(commitments(player, "work/loop/look", 2)[0])
    yield "the last round is opened again", player, [confirm(player, crew(), "work/loop/look", 3)]
    player.supply(crew(), "work/loop/look")
    player.in_step("step.confirmed", crew(), "work/loop/look", {"answers": {"more": True}})
    yield "and may lead to another", player, []
    people = template(
        stage("work", {"repeat": "tour", "until": {"ended_by": ["lead"]}, "do": [step("look", photo=photo())]})
    )
    tour = opened(people, stores_at_once=False)
    tour.supply(crew(), "work/tour/look")
    tour.close_task(crew(), "work/tour/look")
    tour.refuse(commitments(tour, "work/tour/look")[0])
    yield "a round opened again is begun", tour, [tried(tour, "repeat.ended", LEAD, {"repeat": "work/tour"})]


def _of_decisions() -> Iterator[Case]:
    flow = template(
        stage(
            "work",
            step("first"),
            step(
                "judge",
                "guardian",
                photo=photo(),
                decision={"verdicts": ["ok", "no", "back"], "back_to": ["work/first"], "reason": "always"},
            ),
            step("last"),
        ),
    )
    player = opened(flow, stores_at_once=False)
    player.do("work/first")
    player.supply(GUARDIAN, "work/judge")
    player.close_task(GUARDIAN, "work/judge")
    player.act("run.stopped", LEAD)
    player.refuse(commitments(player, "work/judge")[0])
    yield "decided on a photo that is refused while all is stopped", player, []
    player.act("run.resumed", LEAD, commitments={"reason": "1" * 64})
    player.supply(GUARDIAN, "work/judge")
    saw = [player.events[-1]["hash"]]
    back = {"verdict": "back", "saw": saw, "to": "work/first"}
    player.in_step("decision.made", GUARDIAN, "work/judge", back, commitments={"reason": "1" * 64})
    player.refuse(commitments(player, "work/judge", 2)[0])
    yield "who sent it back is not asked", player, [confirm(player, crew(), "work/first", 2)]

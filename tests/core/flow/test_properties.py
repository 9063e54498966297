"""What holds for every template and every run, by chance."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core.flow import (
    FACTS,
    TemplateRefused,
    compile_template,
    current,
    evolve,
    fold,
    haws,
    load_version,
    state_from_json,
    state_to_json,
    tasks,
    timers,
    version_bytes,
)
from tanghulu.core.flow.order import IN_TEMPLATE
from tanghulu.core.flow.state import is_settled
from tests.support.flow_random import random_event, random_template, spoilt
from tests.support.play import Player, cast_of, has_something_to_wait_for

RUNS = 5000

chance = st.randoms(use_true_random=False)


def a_run(rng: Random) -> Player:
    template = load_version(compile_template(random_template(rng, steps=rng.randint(1, 12))).document)
    player = Player(template, cast_of(template, rng), rng=rng, stores_at_once=rng.random() < 0.5)
    player.open()
    return player


def turns(rng: Random, player: Player, most: int = 30):
    """Acts that were asked for, and acts that were not; stops after each."""
    for _ in range(rng.randint(0, most)):
        chance_of = rng.random()
        if chance_of < 0.6:
            player.try_to_carry_on()
        elif chance_of < 0.75:
            player.change_crew(rng)
        elif chance_of < 0.8:
            player.remove_a_lock(rng)
        else:
            player.send(random_event(rng, player))
        yield


class TestARun:
    @given(chance)
    def test_that_is_open_waits_for_something_and_one_that_has_ended_for_nothing(self, rng):
        player = a_run(rng)
        for _ in turns(rng, player):
            state = player.state
            activations = [activation for made in state["steps"].values() for activation in made]
            if state["status"] == "open":
                assert has_something_to_wait_for(player.template, state)
            if state["status"] == "ended":
                assert all(activation["state"] in {"closed", "void"} for activation in activations)
                assert timers(player.template, state) == []

    @given(chance)
    def test_can_be_carried_to_its_end_whatever_came_before(self, rng):
        player = a_run(rng)
        for _ in turns(rng, player):
            pass
        player.rng = None
        player.recover()
        assert player.finish()["status"] == "ended"

    @given(chance)
    def test_is_the_fold_of_its_events_however_it_is_cut(self, rng):
        player = a_run(rng)
        for _ in turns(rng, player):
            pass
        cut = rng.randint(0, len(player.events))
        stored = json.dumps(state_to_json(fold(player.template, player.events[:cut])))
        assert fold(player.template, player.events[cut:], state_from_json(json.loads(stored))) == player.state
        assert fold(player.template, player.events) == player.state

    @given(chance)
    def test_never_changes_a_state_that_was_handed_out(self, rng):
        player = a_run(rng)
        for _ in turns(rng, player, most=10):
            before = json.dumps(player.state, sort_keys=True)
            evolve(player.template, player.state, random_event(rng, player))
            assert json.dumps(player.state, sort_keys=True) == before

    @given(chance)
    def test_asks_nobody_in_a_step_that_is_closed_or_void(self, rng):
        player = a_run(rng)
        for _ in turns(rng, player):
            for members in player.cast.values():
                for task in tasks(player.template, player.state, members[0], player.now):
                    activation = current(player.state, task["path"])
                    assert activation is not None
                    assert (activation["state"], activation["n"]) == ("open", task["n"])

    @given(chance)
    def test_is_never_decided_or_confirmed_by_a_machine(self, rng):
        player = a_run(rng)
        for _ in turns(rng, player):
            event = {**random_event(rng, player), "actor": "server"}
            if event["type"] not in FACTS:
                after = evolve(player.template, player.state, event)
                assert after["contradictions"][-1] == {"event": event["hash"], "codes": ["machine_cannot_act"]}
        for made in player.state["steps"].values():
            for activation in made:
                assert "server" not in {task.get("done_by") for task in activation["tasks"]}
                assert "decision" not in activation or activation["decision"]["by"] != "server"

    @given(chance)
    def test_keeps_separated_duties_apart(self, rng):
        player = a_run(rng)
        for _ in turns(rng, player):
            people = player.state["people"]
            for part, asked in player.template.people.items():
                for other in asked.not_same_as:
                    assert not set(people[part]) & set(people[other])

    @given(chance)
    def test_shows_every_step_at_most_once_on_the_skewer(self, rng):
        player = a_run(rng)
        for _ in turns(rng, player):
            paths = [haw["path"] for haw in haws(player.template, player.state)]
            assert paths == [path for path in player.template.steps if path in set(paths)]


class TestATemplate:
    @given(chance)
    def test_that_is_spoilt_is_refused_with_places_or_still_works(self, rng):
        raw = spoilt(rng, random_template(rng, steps=6))
        try:
            document = compile_template(raw).document
        except TemplateRefused as refused:
            places = [problem.place for problem in refused.problems]
        else:
            self.play(document)
            places = ["none"]
        assert places
        assert all(places)

    def play(self, document):
        player = Player(load_version(document))
        player.open()
        assert player.finish()["status"] == "ended"

    @given(chance)
    def test_is_shown_in_the_order_in_which_it_was_written(self, rng):
        raw = random_template(rng)
        read = load_version(json.loads(version_bytes(compile_template(raw).document)))
        assert [list(read.document[key]) for key in IN_TEMPLATE] == [list(raw[key]) for key in IN_TEMPLATE]
        written = {step["step"]: step for step in every_step(raw)}
        for path, step in read.steps.items():
            author = written[path.rpartition("/")[2]]
            assert list(step.photos) == list(author.get("photo", {}))
            assert list(step.ask) == list(author.get("ask", {}))
            assert list(step.register) == list(author.get("register", {}))

    @given(chance)
    def test_compiles_to_the_same_version_every_time(self, rng):
        raw = random_template(rng)
        assert compile_template(raw) == compile_template(json.loads(json.dumps(raw)))


def every_step(value):
    if isinstance(value, dict) and isinstance(value.get("step"), str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from every_step(item)


@pytest.mark.long
class TestThousandsOfRuns:
    def test_keep_every_promise(self):
        ended = 0
        for seed in range(RUNS):
            rng = Random(seed)
            player = a_run(rng)
            for _ in turns(rng, player, most=60):
                if player.state["status"] == "open":
                    assert has_something_to_wait_for(player.template, player.state), seed
            assert fold(player.template, player.events) == player.state, seed
            player.rng = None
            player.recover()
            state = player.finish()
            assert not has_something_to_wait_for(player.template, state) or has_only_lost_photos(state), seed
            ended += state["status"] == "ended"
        assert ended == RUNS


def has_only_lost_photos(state):
    """Photos of void activations need not have come for the run to end."""
    made = [activation for activations in state["steps"].values() for activation in activations]
    return all(
        is_settled(photo) or activation["state"] == "void" for activation in made for photo in activation["photos"]
    )

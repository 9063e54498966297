import json
import re

import pytest

from tanghulu.core.flow import compile_template, haws, read_yaml
from tanghulu.library import drawing_texts, template_texts
from tests.support.flow_templates import belt_conveyor
from tests.support.play import Player

LANGUAGES = {"zh-Hans", "zh-Hant", "en"}


@pytest.fixture(scope="module")
def belt():
    return belt_conveyor()


def every_text(value):
    if isinstance(value, dict):
        if value and all(isinstance(item, str) for item in value.values()) and LANGUAGES & set(value):
            yield value
        for item in value.values():
            yield from every_text(item)
    elif isinstance(value, list):
        for item in value:
            yield from every_text(item)


class TestDrawingTexts:
    def test_are_all_that_templates_name(self):
        named = {name for text in template_texts().values() for name in re.findall(r"illustration: (\S+)", text)}
        assert named == set(drawing_texts())

    def test_hold_shapes_and_nothing_that_runs_or_is_fetched(self):
        for text in drawing_texts().values():
            assert set(re.findall(r"<(\w+)", text)) <= {"svg", "g", "path", "rect", "circle"}
            assert set(re.findall(r" ([\w-]+)=", text)) <= {
                "xmlns", "viewBox", "class", "d", "x", "y", "cx", "cy", "r", "rx", "width", "height", "transform"
            }  # fmt: skip


class TestTemplateTexts:
    def test_all_compile_without_a_warning(self):
        texts = template_texts()
        library = {slug: read_yaml(text) for slug, text in texts.items()}
        whole = {slug: document for slug, document in library.items() if not document.get("fragment")}
        assert whole
        for slug, document in whole.items():
            compiled = compile_template(document, library)
            assert compiled.document["template"] == slug
            assert compiled.warnings == ()

    def test_speak_every_language_everywhere(self):
        texts = template_texts()
        library = {slug: read_yaml(text) for slug, text in texts.items()}
        for slug, document in library.items():
            if not document.get("fragment"):
                for text in every_text(compile_template(texts[slug], library).document):
                    assert set(text) == LANGUAGES

    def test_are_named_by_their_slug(self):
        for slug, text in template_texts().items():
            assert read_yaml(text)["template"] == slug


class TestBeltConveyorMaintenance:
    def test_lets_work_go_on_while_photos_are_on_their_way(self, belt):
        slots = [slot for step in belt.steps.values() for slot in step.photos.values()]
        assert len(slots) > 20
        assert all(slot.provisional for slot in slots)

    def test_takes_photos_from_the_camera_only(self, belt):
        text = json.dumps(belt.document)
        assert '"camera_only": true' in text
        assert '"camera_only": false' not in text

    def test_is_done_within_a_shift(self, belt):
        assert belt.expires_after == 12 * 3600

    def test_keeps_guardian_crew_and_leader_apart(self, belt):
        assert set(belt.people["guardian"].not_same_as) == {"crew", "electrician", "lead"}
        assert "lead" in belt.people["area"].not_same_as

    def test_opens_a_step_only_after_the_one_before(self, belt):
        player = Player(belt)
        player.open()
        order = []
        while player.state["status"] != "ended":
            player.try_to_carry_on()
            for haw in haws(belt, player.state):
                if haw["state"] == "done" and haw["path"] not in order:
                    order.append(haw["path"])
        assert order == [path for path in belt.steps if path in set(order)]

    def test_redoes_the_three_ins_after_a_test_run(self, belt):
        player = Player(belt, answers={"during/work/test_run_needed.test_run": [True, False]})
        player.open()
        player.finish()
        done = {haw["path"]: haw for haw in haws(belt, player.state)}
        assert done["during/work/three_in_again/verify_zero"]["state"] == "done"
        assert done["during/work/enter"]["n"] == 2
        assert player.state["outcome"] == "completed"

    def test_waits_half_an_hour_after_hot_work(self, belt):
        player = Player(belt, answers={"before/work_order.hot_work": [True]})
        player.open()
        player.finish(until="after/fire_watch")
        guardian = player.cast["guardian"][0]
        player.photo(guardian, "after/fire_watch", "cold")
        accepted = player.state["steps"]["after/acceptance"][0]["passed_at"]
        assert player.current("after/fire_watch")["not_before"] > accepted
        assert player.in_step("step.confirmed", guardian, "after/fire_watch", {"answers": {"cold": True}}) == [
            "too_early"
        ]
        player.tick(1800)
        assert player.photo(guardian, "after/fire_watch", "cold") == []
        assert player.in_step("step.confirmed", guardian, "after/fire_watch", {"answers": {"cold": True}}) == []

    def test_walks_everybody_out_when_it_is_abandoned_inside(self, belt):
        player = Player(belt)
        player.open()
        player.finish(until="during/work/test_run_needed")
        player.act("run.abandoned", player.lead, commitments={"reason": "1" * 64})
        assert player.finish()["outcome"] == "abandoned"
        assert all("out_at" in entry for entries in player.state["registers"].values() for entry in entries)

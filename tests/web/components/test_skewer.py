from dataclasses import replace

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tanghulu.web.components.skewer import STATE_WORDS, Haw, Skewer, Stage, Surroundings, build_skewer
from tests.support import example_job as example

STATES = ("waiting", "maybe", "skipped", "now", "held", "done", "returned")
AROUND = Surroundings(
    titles=example.JOB.titles,
    stages=example.STAGES,
    names=example.NAMES,
    thumbnail=lambda commitment: f"/{commitment[:2]}.jpg" if commitment == example.HERE else None,
    language="en",
    href=lambda path: f"?step={path}",
    selected=example.LOCK,
    badges={example.LOCK: ("Maybe an old photo",)},
)


def built(**more):
    return build_skewer("Belt", example.HAWS, around=replace(AROUND, **more), status="open")


def drawn(view, size="large", language="en"):
    with translation.override(language), timezone.override("Asia/Shanghai"):
        return Template("{% load skewer %}{% skewer view size=size %}").render(Context({"view": view, "size": size}))


def alone(**values):
    haw = Haw(**{"path": "a/b", "title": "Power off", "number": 1, **values})
    return Skewer(title="Belt", stages=(Stage("Before", (haw,)),))


class TestBuildSkewer:
    def test_groups_the_haws_by_stage_in_order(self):
        assert [(stage.title, len(stage.haws)) for stage in built().stages] == [("Before", 2), ("After", 1)]

    def test_counts_what_is_done(self):
        assert [stage.done for stage in built().stages] == [1, 0]

    def test_names_steps_and_people_in_the_readers_language(self):
        assert built().haws[0].title == "Power off"
        assert built(language="zh-hans").haws[0].title == "断电"
        assert built().haws[0].who == ("王维",)

    def test_shows_a_photo_only_when_its_bytes_are_here(self):
        assert [haw.thumbnail_url for haw in built().haws] == ["/a1.jpg", None, None]

    def test_counts_the_rounds_of_a_repeat(self):
        assert [haw.count for haw in built().haws] == [1, 3, 1]

    def test_folds_steps_that_may_not_be_needed_into_one(self):
        waiting = {**example.HAWS[2], "stage": "before", "state": "maybe"}
        haws = [waiting | {"path": "before/a"}, waiting | {"path": "before/b"}, waiting | {"path": "before/c"}]
        with translation.override("en"):
            view = build_skewer("Belt", [example.HAWS[0], *haws, example.HAWS[2]], around=AROUND, status="open")
            two = build_skewer("Belt", haws[:2], around=AROUND, status="open")
        assert [haw.number for haw in view.haws] == [1, 2, 5]
        assert [haw.count for haw in view.haws] == [1, 3, 1]
        assert view.haws[1].title == "If needed: before/a and 2 more"
        assert two.haws[0].title == "If needed: before/a, before/b"

    def test_falls_back_on_path_and_stage_where_the_template_is_silent(self):
        view = built(titles={}, stages={}, names={})
        assert view.haws[0].title == example.OFF
        assert view.stages[0].title == "before"
        with translation.override("en"):
            assert built(names={}).haws[0].who == ("Somebody",)


class TestHaw:
    @pytest.mark.parametrize(
        ("values", "look"),
        [
            ({"state": "done"}, "done"),
            ({"state": "done", "found": True}, "found"),
            ({"state": "held", "found": True}, "found"),
            ({"state": "now", "overdue": True}, "late"),
            ({"state": "now", "overdue": True, "found": True}, "found"),
            ({"state": "done", "overdue": True}, "done"),
            ({"state": "waiting", "found": True}, "waiting"),
        ],
    )
    def test_looks_like_the_most_urgent(self, values, look):
        assert Haw(path="a", title="A", **values).look == look

    def test_names_two_people_and_counts_more(self):
        with translation.override("en"):
            assert Haw(path="a", title="A", state="done", who=("Wen", "Li")).people == "Wen, Li"
            assert Haw(path="a", title="A", state="done", who=("Wen", "Li", "Zhang")).people == "Wen and 2 more"


class TestSkewer:
    def test_is_one_sentence_for_those_who_do_not_see_it(self):
        with translation.override("en"):
            assert built().summary == "Belt: 1 of 3 steps done; now: Sign; 1 finding"
            assert replace(built(), status="stopped").summary.endswith("; stopped")

    @pytest.mark.parametrize(
        ("status", "outcome", "classes"),
        [
            ("open", "", "is-open"),
            ("stopped", "", "is-stopped"),
            ("ended", "completed", "is-ended"),
            ("ended", "abandoned", "is-ended is-cut"),
        ],
    )
    def test_is_marked_as_a_whole(self, status, outcome, classes):
        assert Skewer("Belt", (), status, outcome).classes == classes


class TestDrawnLarge:
    def test_is_a_list_of_stages_with_a_list_of_haws(self):
        html = drawn(built())
        assert html.count("<ol") == 3
        assert html.count('<li class="haw ') == 3

    def test_tells_which_step_is_now_and_which_is_looked_at(self):
        html = drawn(built())
        assert html.count('aria-current="step"') == 1
        assert html.count('aria-current="true"') == 1

    def test_gives_the_readers_clock(self):
        assert ">12:07</time>" in drawn(built())

    @pytest.mark.parametrize("state", STATES)
    def test_says_every_state_in_words(self, state):
        with translation.override("en"):
            word = str(STATE_WORDS[state])
        assert word in drawn(alone(state=state))

    def test_draws_every_look_differently(self):
        views = [alone(state=state) for state in STATES]
        views += [alone(state="done", found=True), alone(state="now", overdue=True)]
        pictures = set()
        for view in views:
            html = drawn(view, size="small")
            pictures.add(html[html.index("<use") : html.rindex("</svg>")])
        assert len(pictures) == len(views)

    def test_refers_only_to_marks_that_are_drawn(self):
        sheet = render_to_string("components/haw_marks.html")
        for state in STATES:
            for more in ({}, {"found": True}, {"overdue": True}, {"thumbnail_url": "/x.jpg"}):
                mark = Haw(path="a", title="A", state=state, **more).mark
                assert f'<symbol id="haw-{mark}"' in sheet, mark

    def test_needs_no_style_or_script_of_its_own(self):
        html = drawn(built())
        assert "style=" not in html
        assert "<script" not in html
        assert " on" not in html.replace(" on ", " ")

    def test_does_not_trust_a_title(self):
        assert "<b>" not in drawn(alone(state="now", title="<b>", badges=("<b>",)))

    def test_has_no_link_without_an_address(self):
        assert "<a" not in drawn(built(href=None))


class TestDrawnSmall:
    def test_is_one_picture_with_one_description(self):
        html = drawn(built(), size="small")
        assert html.count('role="img"') == 1
        assert "1 of 3 steps done" in html
        assert "<a" not in html

    def test_says_under_the_pointer_what_a_haw_is(self):
        html = " ".join(drawn(built(), size="small").split())
        assert 'title="1. Power off · Look here · 12:07 · 王维"' in html

    def test_speaks_chinese(self):
        assert "现在" in drawn(built(), size="small", language="zh-hans")

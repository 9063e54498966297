import copy
import json

import pytest

from tanghulu.core.flow import TemplateRefused, compile_template, load_version, read_yaml, version_hash
from tanghulu.core.flow.compile.sentences import SENTENCES, sentence
from tests.support.flow_templates import ask, photo, raw_template, reading, stage, step

YAML = """\
template: belt
title: {zh-Hans: 皮带, en: Belt}
language: en
opened_by: team_leader
leads: lead
expires_after: 12 h
people:
  lead: {title: Lead, role: team_leader}
  crew: {title: Crew, role: worker, count: 1..6}
registers:
  people: {title: People, kind: people}
stages:
  - before:
      title: Before
      steps:
        - step: power_off
          title: {zh-Hans: 断电, en: Power off}
          who: crew
          photo:
            isolator: {title: Isolator, show: [open, number], fresh: 5 min}
          reading:
            voltage: {title: Voltage, unit: V, at_most: 0, points: [L1, L2], instrument: required}
          register: {people: in}
          ask:
            ok: {title: Well, must: yes}
          must: {people: one each of crew}
          source: GB 30871-2022 4.5c
"""


def problems(source, library=None):
    with pytest.raises(TemplateRefused) as refused:
        compile_template(source, library)
    return [(problem.code, problem.place, problem.line) for problem in refused.value.problems]


def codes(*nodes, library=None, **top):
    raw = raw_template(stage("work", *nodes), **top)
    return [code for code, _, _ in problems(raw, library)]


class TestCompileTemplate:
    def test_fills_in_what_people_leave_out(self):
        (first,) = compile_template(YAML).document["stages"][0]["do"]
        assert first == {
            "node": "step",
            "id": "power_off",
            "title": {"zh-Hans": "断电", "en": "Power off"},
            "who": {"parts": ["crew"], "each": False, "policy": "all"},
            "photos": {
                "isolator": {
                    "title": {"en": "Isolator"},
                    "show": [{"en": "open"}, {"en": "number"}],
                    "count": 1,
                    "camera_only": True,
                    "fresh": 300,
                    "provisional": False,
                }
            },
            "readings": {
                "voltage": {
                    "title": {"en": "Voltage"},
                    "unit": "V",
                    "at_most": "0",
                    "points": ["L1", "L2"],
                    "instrument": True,
                }
            },
            "register": {"people": {"act": "in", "at_least": 1}},
            "ask": {"ok": {"title": {"en": "Well"}, "kind": "yes_no", "options": [], "must": True}},
            "must": [{"register": "people", "is": "one_each", "part": "crew"}],
            "source": ["GB 30871-2022 4.5c"],
        }

    def test_keeps_the_order_in_which_the_author_wrote(self):
        asked = {"why": ask(), "how": ask()}
        document = compile_template(raw_template(stage("work", step("a", ask=asked, photo=photo())))).document
        (first,) = document["stages"][0]["do"]
        assert first["order"] == {"ask": ["why", "how"]}
        assert document["order"]["people"] == ["lead", "crew", "electrician", "guardian"]

    def test_says_of_newcomers_only_that_they_are_meant(self):
        said = [{"each_of": "crew"}, {"each_of": "crew", "newcomers": "no"}, {"each_of": "crew", "newcomers": "yes"}]
        nodes = [step(f"a{number}", who) for number, who in enumerate(said)]
        steps = compile_template(raw_template(stage("work", *nodes))).document["stages"][0]["do"]
        assert [one["who"].get("newcomers") for one in steps] == [None, None, True]

    def test_names_the_version_by_its_content(self):
        compiled = compile_template(YAML)
        assert compiled.hash == version_hash(compiled.document)
        assert compile_template(YAML + "# a comment\n").hash == compiled.hash
        assert compile_template(YAML.replace("12 h", "11 h")).hash != compiled.hash

    def test_takes_what_it_made_again(self):
        document = compile_template(YAML).document
        assert load_version(json.loads(json.dumps(document))) == load_version(document)

    def test_leaves_what_it_was_given_alone(self):
        raw = raw_template(stage("work", step("one")))
        before = copy.deepcopy(raw)
        compile_template(raw)
        assert raw == before

    def test_warns_of_texts_that_are_missing_and_registers_that_are_never_left(self):
        warnings = compile_template(YAML.replace("{zh-Hans: 断电, en: Power off}", "Power off")).warnings
        assert [(w.code, w.place, w.value) for w in warnings] == [
            ("text_missing", "stages/before/power_off/title", "zh-Hans"),
            ("register_never_emptied", "registers/people", "people"),
        ]

    def test_writes_references_in_full(self):
        raw = raw_template(
            stage(
                "work",
                {"repeat": "r", "until": {"when": {"answer": "a.q", "is": "no"}}, "do": [step("a", ask={"q": ask()})]},
                {"choice": "c", "when": {"answer": "r/a.q", "is": "yes"}, "do": [step("b")]},
                step("wait", not_before={"wait": "10 min", "after": "r/a"}),
                step("d", "lead", decision={"verdicts": ["ok", "back"], "back_to": ["wait"]}),
            )
        )
        repeat, choice, wait, decision = compile_template(raw).document["stages"][0]["do"]
        assert repeat["until"]["when"]["any"][0]["all"][0] == {"value": "answer:work/r/a.q", "op": "is", "to": False}
        assert choice["options"][0]["when"]["any"][0]["all"][0]["value"] == "answer:work/r/a.q"
        assert wait["not_before"] == {"wait": 600, "after": "work/r/a"}
        assert decision["decision"]["back_to"] == ["work/wait"]

    def test_embeds_a_template_where_it_is_called(self):
        piece = {"fragment": True, "template": "piece", "title": "piece", "do": [step("a"), step("b")]}
        raw = raw_template(
            stage("work", {"call": "first", "template": "piece"}, {"call": "again", "template": "piece"})
        )
        compiled = compile_template(raw, {"piece": piece})
        assert list(load_version(compiled.document).steps) == [
            "work/first/a",
            "work/first/b",
            "work/again/a",
            "work/again/b",
        ]
        assert compiled.document["stages"][0]["do"][0]["version"] == version_hash(piece)


class TestTemplateRefused:
    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            (("who: crew", "who: cook"), ("template_unknown_part", "stages/before/power_off/who", 18)),
            (("kind: people", "kind: boats"), ("template_bad_value", "registers/people/kind", 11)),
            (("role: worker", "role: cook"), ("template_unknown_role", "people/crew", 9)),
            (
                ("register: {people", "register: {boats"),
                ("template_unknown_register", "stages/before/power_off/register/boats", 23),
            ),
            (
                ("fresh: 5 min", "fresh: soon"),
                ("template_bad_value", "stages/before/power_off/photo/isolator/fresh", 20),
            ),
            (("unit: V", "units: V"), ("template_unknown_key", "stages/before/power_off/reading/voltage/units", 22)),
            (("leads: lead\n", ""), ("template_no_lead", "leads", 1)),
            (("          who: crew\n", ""), ("template_bad_value", "stages/before/power_off/who", 16)),
            (("title: Before", "tilte: Before"), ("template_unknown_key", "stages/before/tilte", 14)),
            (
                ("ok: {title: Well, must: yes}", "ok: {title: Well, must: maybe}"),
                ("template_bad_value", "stages/before/power_off/ask/ok", 25),
            ),
        ],
    )
    def test_names_place_and_line(self, change, expected):
        assert change[0] in YAML
        found = problems(YAML.replace(*change))
        assert expected in found

    def test_lists_all_problems_of_a_kind_at_once(self):
        spoilt = (
            YAML.replace("who: crew", "who: cook")
            .replace("role: worker", "role: cook")
            .replace("leads: lead", "leads: boss")
        )
        assert len(problems(spoilt)) == 3

    @pytest.mark.parametrize("text", ["", "a: [", "- 1\n- 2", "just a word", "a: 1\na: 2", "? [1]\n: 2", "a: &x [*x]"])
    def test_is_raised_for_what_is_no_template(self, text):
        assert problems(text)

    def test_is_raised_for_a_yaml_bomb(self):
        bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 20)}]\n" for n in range(1, 9))
        assert problems(bomb)[0][0] == "template_unreadable"

    def test_finds_duplicate_ids(self):
        assert codes(step("one"), step("one")) == ["template_duplicate_id"]
        assert codes(step("one"), {"choice": "one", "when": {"part": "crew", "is": 1}, "do": [step("x")]}) == [
            "template_duplicate_id"
        ]

    def test_finds_bodies_without_a_step(self):
        empty = {"choice": "c", "when": {"part": "crew", "is": 1}, "do": [step("x")]}
        assert codes(empty) == ["template_empty"]
        assert codes(step("one"), {"repeat": "r", "until": {"ended_by": "lead"}, "do": [empty]}) == ["template_empty"]

    def test_finds_conditions_on_what_cannot_be_known(self):
        def when(reference, value="yes"):
            return {"choice": "c", "when": {"answer": reference, "is": value}, "do": [step("x")]}

        a, b = step("a", ask={"q": ask()}), step("b", {"each_of": "crew"}, ask={"q": ask()})
        assert codes(when("a.q"), a) == ["template_bad_condition"]
        assert codes(b, when("b.q")) == ["template_bad_condition"]
        assert codes(a, when("a.r")) == ["template_bad_condition"]
        assert codes(a, when("a.q", "green")) == ["template_bad_condition"]
        assert codes(step("s"), {"par": [a, when("a.q")]}) == ["template_bad_condition"]
        assert codes(step("s"), when("nowhere.q")) == ["template_unknown_step"]
        assert codes(step("s"), {"choice": "c", "when": {"count": "boats", "is": 1}, "do": [step("x")]}) == [
            "template_unknown_register"
        ]

    def test_finds_references_that_may_mean_two_steps(self):
        two = {"call": "one", "template": "piece"}
        piece = {
            "fragment": True,
            "template": "piece",
            "title": "p",
            "do": [
                step("a", ask={"q": ask()}),
                {"choice": "c", "when": {"answer": "a.q", "is": "yes"}, "do": [step("x")]},
            ],
        }
        assert codes(step("a", ask={"q": ask()}), two, library={"piece": piece}) == ["template_bad_condition"]

    def test_finds_returns_that_lead_nowhere(self):
        def decides(to):
            return step("d", "lead", decision={"verdicts": ["ok", "back"], "back_to": [to]})

        inside = {"repeat": "r", "until": {"ended_by": "lead"}, "do": [step("in")]}
        assert codes(decides("later"), step("later")) == ["template_bad_return"]
        assert codes(decides("d")) == ["template_bad_return"]
        assert codes(inside, decides("r/in")) == ["template_bad_return"]
        assert codes(step("a"), step("d", "lead", decision={"verdicts": ["ok", "back"]})) == ["template_bad_return"]
        assert codes(decides("nowhere")) == ["template_unknown_step"]

    def test_finds_times_that_do_not_agree(self):
        assert codes(step("a", not_before="2 h", due="1 h")) == ["template_impossible_time"]
        assert codes(step("a", not_before="2 h"), expires_after="1 h") == ["template_impossible_time"]
        assert codes(step("a", not_before={"wait": "1 h", "after": "b"}), step("b")) == ["template_impossible_time"]

    def test_finds_locks_that_never_come_off(self):
        on, off = step("on", register={"isolation": "in"}), step("off", register={"isolation": "out"})
        assert codes(on) == ["template_lock_never_removed"]
        assert codes(on, off) == ["template_lock_never_removed"]
        raw = raw_template(stage("work", on), stage("after", off, leaves=True))
        assert compile_template(raw).warnings == ()

    def test_finds_exit_stages_that_are_not_last(self):
        raw = raw_template(stage("out", step("a"), leaves=True), stage("work", step("b")))
        assert [code for code, _, _ in problems(raw)] == ["template_bad_exit"]

    def test_finds_people_who_differ_from_themselves(self):
        people = {"lead": {"title": "l", "role": "worker", "not_same_as": "lead"}}
        assert codes(step("a", "lead"), people=people) == ["template_same_person"]
        assert codes(step("a", ["crew", "crew"])) == ["template_same_person"]

    def test_finds_templates_that_are_not_there_or_embed_themselves(self):
        loop = {"fragment": True, "template": "loop", "title": "loop", "do": [{"call": "again", "template": "loop"}]}
        assert codes({"call": "x", "template": "loop"}, step("a"), library={"loop": loop}) == ["template_call_cycle"]
        assert codes({"call": "x", "template": "gone"}, step("a")) == ["template_unknown_template"]
        assert codes({"call": "x", "template": "whole"}, step("a"), library={"whole": raw_template()}) == [
            "template_unknown_template"
        ]

    @pytest.mark.parametrize(
        "bad",
        [
            step("a", "lead", decision={"verdicts": ["no"]}),
            step("a", "lead", decision=["ok"], ask={"q": ask()}),
            step("a", {"each_of": "crew"}, decision=["ok"]),
            step("a", {"each_of": ["crew", "lead"]}),
            step("a", ask={"q": ask("choice")}),
            step("a", ask={"q": ask(options={"x": "x"})}),
            step("a", ask={"q": ask("number", must="many")}),
            step("a", reading=reading(at_least=2, at_most=1)),
            step("a", reading=reading(at_most="-0")),
            step("a", photo=photo(count=51)),
            step("a", {"each_of": "crew"}, photo=photo(count=20)),
            step("a", register={"tools": {"act": "out", "at_least": 1}}),
            {"repeat": "r", "at_least": 3, "at_most": 2, "until": {"ended_by": "lead"}, "do": [step("a")]},
            {"dance": "x"},
            "a word",
            step("A"),
            step("a", title={"zh_Hans": "no tag"}),
            step("a", due="0 s"),
            step("a", photo=None),
            step("a", {"any_of": "crew", "newcomers": "yes"}),
            step("a", {"each_of": "crew", "newcomers": "perhaps"}),
            step("a", {"newcomers": "yes"}),
            step("a", ask={"p": ask(), "q": ask()}, order={"ask": ["p"]}),
            step("a", ask={"p": ask(), "q": ask()}, order={"ask": ["p", "q", "r"]}),
            step("a", order=None),
        ],
    )
    def test_finds_values_that_are_not_possible(self, bad):
        assert set(codes(bad, step("last"))) <= {"template_bad_value", "template_empty"}

    @pytest.mark.parametrize(
        ("kind", "exception", "expected"),
        [
            ("items", {"decided_by": "lead"}, ["template_bad_value"]),
            ("locks", {"decided_by": "cook"}, ["template_unknown_part"]),
            ("locks", {"decided_by": []}, ["template_bad_value"]),
            ("locks", {"decide": "lead"}, ["template_bad_value", "template_unknown_key"]),
            ("locks", "lead", ["template_bad_value"]),
            ("locks", None, ["template_bad_value"]),
        ],
    )
    def test_finds_exceptions_that_nobody_can_decide(self, kind, exception, expected):
        registers = {"isolation": {"title": "locks", "kind": kind, "absent_owner": exception}}
        assert sorted(set(codes(step("a"), registers=registers))) == expected

    def test_takes_one_part_or_several_that_decide_about_locks(self):
        for given, parts in (("lead", ["lead"]), (["lead", "guardian"], ["lead", "guardian"])):
            register = {"title": "locks", "kind": "locks", "absent_owner": {"decided_by": given}}
            document = compile_template(raw_template(stage("w", step("a")), registers={"isolation": register})).document
            assert document["registers"]["isolation"]["absent_owner"] == {"decided_by": parts}

    def test_refuses_what_no_event_could_carry(self):
        deep = step("a")
        for _ in range(16):
            deep = {"seq": [deep]}
        assert codes(deep) == ["template_bad_value"]


class TestReadYaml:
    def test_has_no_surprises(self):
        text = "yes: no\nnot: on\nn: 010\nf: 1.50\ni: -7\nt: true\ne:\nq: '12'\nd: 2026-01-01\n"
        assert read_yaml(text) == {
            "yes": "no",
            "not": "on",
            "n": "010",
            "f": "1.50",
            "i": -7,
            "t": True,
            "e": None,
            "q": "12",
            "d": "2026-01-01",
        }


class TestSentence:
    @pytest.mark.parametrize("code", SENTENCES)
    def test_exists_in_every_language(self, code):
        assert set(SENTENCES[code]) == {"zh-Hans", "zh-Hant", "en"}

    def test_says_what_is_meant(self):
        with pytest.raises(TemplateRefused) as refused:
            compile_template(YAML.replace("who: crew", "who: cook"))
        assert sentence(refused.value.problems[0], "en") == "`people` has no part cook."
        assert sentence(refused.value.problems[0], "zh-Hans") == "people 里没有“cook”。"

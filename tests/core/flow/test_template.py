import json

from tanghulu.core.flow import json_schema, load_version, version_bytes, version_hash
from tanghulu.core.flow.order import ordered
from tests.support.flow_templates import belt_conveyor, stage, step, template


class TestLoadVersion:
    def test_knows_what_stands_around_a_step(self):
        inner = {"repeat": "in", "until": {"ended_by": "lead"}, "do": [step("a")]}
        fork = {"choice": "fork", "when": {"part": "crew", "is": 1}, "do": [inner], "otherwise": [step("b")]}
        flow = template(stage("work", step("first"), fork), stage("after", step("last"), leaves=True))
        a = flow.steps["work/in/a"]
        assert (a.place.stage, a.place.repeats, a.place.branches) == (0, ("work/in",), (("work/fork", 0),))
        assert flow.steps["work/b"].place.branches == (("work/fork", -1),)
        assert flow.inside == {"work/in": ("work/in/a",)}
        assert [stage.exit for stage in flow.stages] == [False, True]

    def test_numbers_steps_choices_and_repeats_in_document_order(self):
        fork = {"choice": "fork", "when": {"part": "crew", "is": 1}, "do": [step("b")]}
        flow = template(stage("work", step("a"), fork, step("c")))
        orders = [flow.steps["work/a"].order, flow.choices["work/fork"].order, flow.steps["work/b"].order]
        assert [*orders, flow.steps["work/c"].order] == sorted([*orders, flow.steps["work/c"].order])


class TestVersionHash:
    def test_is_that_of_the_bytes(self):
        flow = belt_conveyor()
        assert version_hash(flow.document) == flow.version
        assert load_version(flow.document).version == flow.version
        assert version_bytes(flow.document).startswith(b'{"about":')


class TestJsonSchema:
    def test_describes_a_version_without_nulls(self):
        schema = json_schema()
        assert schema["$schema"].endswith("2020-12/schema")
        assert "stages" in schema["required"]
        assert schema["additionalProperties"] is False
        assert "null" not in str(schema)
        assert {"Step", "Choice", "Repeat", "Call", "Par", "Seq"} <= set(schema["$defs"])


class TestOrder:
    def test_is_that_of_the_author_wherever_tables_are_read(self):
        shot, gas = {"title": "shot"}, {"title": "gas", "unit": "V"}
        asked = {"title": "question"}
        both = {
            "photo": {"wide": shot, "near": shot},
            "reading": {"oxygen": gas, "carbon": gas},
            "register": {"tools": "both", "people": "both"},
            "ask": {"why": asked, "how": asked},
        }
        flow = template(stage("work", {"par": [step("a", **both), {"seq": [step("b")]}]}))
        read = load_version(json.loads(version_bytes(flow.document)))
        assert list(read.document["people"]) == ["lead", "crew", "electrician", "guardian"]
        assert list(read.document["registers"]) == ["people", "tools", "isolation"]
        found = read.steps["work/a"]
        assert [list(table) for table in (found.photos, found.readings, found.register, found.ask)] == [
            ["wide", "near"],
            ["oxygen", "carbon"],
            ["tools", "people"],
            ["why", "how"],
        ]
        node = read.document["stages"][0]["do"][0]["do"][0]
        assert list(node["photos"]) == ["wide", "near"]

    def test_is_by_name_in_versions_that_have_none(self):
        flow = template(stage("work", step("a", ask={"why": {"title": "why"}, "how": {"title": "how"}})))
        old = json.loads(version_bytes(flow.document))
        del old["order"], old["stages"][0]["do"][0]["order"]
        read = load_version(old)
        assert list(read.document["people"]) == sorted(old["people"])
        assert list(read.steps["work/a"].ask) == ["how", "why"]


class TestOrdered:
    def test_puts_what_is_not_named_behind_and_passes_over_what_is_not_there(self):
        assert list(ordered({"a": 1, "b": 2, "c": 3}, ["c", "nothing", "c"])) == ["c", "a", "b"]

from tanghulu.core.flow import json_schema, load_version, version_bytes, version_hash
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

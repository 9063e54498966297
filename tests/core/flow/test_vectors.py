import json
from pathlib import Path

import pytest

from tanghulu.core.flow import (
    evolve,
    fold,
    haws,
    load_version,
    new_state,
    refusal,
    state_from_json,
    state_to_json,
    tasks,
    timers,
)
from tests.vectors.flow import make

FOLDER = Path(make.__file__).parent
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.json"))


@pytest.mark.parametrize("name", FILES)
class TestVectors:
    def test_agree_with_the_kernel(self, name):
        vector = json.loads((FOLDER / name).read_text(encoding="utf-8"))
        template = load_version(vector["template"])
        for case in vector["cases"]:
            state = fold(template, case["events"])
            assert state_to_json(state) == case["state"], case["name"]
            assert timers(template, state) == case["timers"]
            assert haws(template, state) == case["haws"]
            for member, waiting in case["tasks"].items():
                assert tasks(template, state, member, case["at"]) == waiting
            for attempt in case["refused"]:
                assert refusal(template, state, attempt["event"]) == attempt["codes"]

    def test_come_out_the_same_event_by_event_and_through_json(self, name):
        vector = json.loads((FOLDER / name).read_text(encoding="utf-8"))
        template = load_version(vector["template"])
        for case in vector["cases"][-1:]:
            state = new_state()
            for event in case["events"]:
                before = json.dumps(state_to_json(state))
                after = evolve(template, state_from_json(json.loads(before)), event)
                assert evolve(template, state, event) == after
                assert json.dumps(state_to_json(state)) == before
                state = after
            assert state == case["state"]


class TestMake:
    def test_gives_the_files_that_are_committed(self):
        made = dict(make.files())
        assert sorted(made) == FILES
        assert [name for name, text in made.items() if (FOLDER / name).read_text(encoding="utf-8") != text] == []

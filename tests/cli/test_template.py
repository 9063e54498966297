import json
import re
from pathlib import Path

import pytest

from tanghulu.cli.template import main
from tanghulu.library import template_texts

ROOT = Path(__file__).resolve().parents[2]
BELT = template_texts()["belt-conveyor-maintenance"]


@pytest.fixture
def file(tmp_path):
    def write(text, name="mine.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


class TestCheck:
    def test_accepts_a_good_template_and_names_its_version(self, file, capsys):
        assert main(["check", file(BELT)]) == 0
        slug, version, steps = capsys.readouterr().out.split()
        assert (slug, len(version), steps) == ("belt-conveyor-maintenance", 64, "(32)")

    def test_lists_what_is_wrong_with_file_line_and_sentence(self, file, capsys):
        path = file(BELT.replace("who: control", "who: kitchen"))
        line = 1 + BELT[: BELT.index("who: control")].count("\n")
        assert main(["check", path, "--lang", "en"]) == 1
        out = capsys.readouterr().out
        assert f"{path}:{line}: stages/before/stop_belt/who: `people` has no part kitchen." in out
        assert "[template_unknown_part]" in out

    def test_speaks_chinese_by_default(self, file, capsys):
        assert main(["check", file("a: [")]) == 1
        assert "读不懂这份 YAML" in capsys.readouterr().out

    def test_gives_json_to_programs(self, file, capsys):
        assert main(["check", file(BELT.replace("leads: [lead]", "leads: []")), "--json", "--lang", "en"]) == 1
        (problem,) = json.loads(capsys.readouterr().out)["problems"]
        assert (problem["code"], problem["place"]) == ("template_no_lead", "leads")
        assert main(["check", file(BELT), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["warnings"] == []

    def test_embeds_fragments_that_lie_beside(self, file, capsys):
        own = template_texts()["loto-three-in"].replace("loto-three-in", "own-three-in")
        file(own, "own-three-in.yaml")
        assert main(["check", file(BELT.replace("template: loto-three-in", "template: own-three-in"))]) == 0
        assert "belt-conveyor-maintenance" in capsys.readouterr().out

    def test_accepts_the_example_of_the_reference(self, file, capsys):
        page = (ROOT / "docs/reference/template-language.md").read_text(encoding="utf-8")
        (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
        assert main(["check", file(example)]) == 0
        assert "pump-swap" in capsys.readouterr().out

    def test_sends_a_fragment_to_the_template_that_embeds_it(self, file, capsys):
        assert main(["check", file(template_texts()["loto-three-in"])]) == 2
        assert "片段" in capsys.readouterr().err

    def test_ends_with_2_when_there_is_no_file(self, tmp_path, capsys):
        assert main(["check", str(tmp_path / "none.yaml")]) == 2
        assert "none.yaml" in capsys.readouterr().err

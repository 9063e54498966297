import json
import subprocess
import sys
from pathlib import Path

import pytest

from tanghulu.cli import verify
from tests.vectors.packs.make import HERE

CORPUS = json.loads((HERE / "expected.json").read_text())
GOOD, POLICY = str(HERE / "good.zip"), str(HERE / "harbour.policy")


class TestMain:
    def test_proves_a_good_pack(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert verify.main([GOOD, "--policy", POLICY]) == 0
        assert "结论：没有不成立的项，所要求的都已证明。" in capsys.readouterr().out

    @pytest.mark.parametrize("name", sorted(CORPUS["packs"]))
    def test_exits_as_the_corpus_expects(self, name: str) -> None:
        pack = str(HERE / f"{name}.zip")
        assert verify.main([pack, "--policy", POLICY]) == CORPUS["packs"][name]["with_policy"]["exit"]
        assert verify.main([pack, "--json"]) == CORPUS["packs"][name]["without_policy"]["exit"]

    def test_speaks_english(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert verify.main([GOOD, "--policy", POLICY, "--lang", "en"]) == 0
        assert "INTEGRITY     PASS" in capsys.readouterr().out

    def test_exits_3_without_a_policy(self) -> None:
        assert verify.main([GOOD]) == 3

    def test_exits_1_when_something_fails(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert verify.main([str(HERE / "photo_missing.zip"), "--policy", POLICY]) == 1
        assert "[photo_missing]" in capsys.readouterr().out

    def test_prints_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert verify.main([GOOD, "--policy", POLICY, "--json", "--lang", "en"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["v"], report["exit"], report["claims"]["WHO"]["verdict"]) == (1, 0, "PASS")
        assert {one.get("name") for one in report["people"]} == {"Wen", "Vera"}

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ([str(HERE / "empty_file.zip")], "pack_unreadable"),
            ([str(HERE / "no such file.zip")], "file_not_found"),
            ([str(HERE)], "file_not_found"),
            ([GOOD, "--policy", str(HERE / "no such file")], "file_not_found"),
            ([GOOD, "--policy", str(HERE / "expected.json")], "policy_malformed"),
        ],
    )
    def test_exits_2_for_what_it_cannot_read(
        self, arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert verify.main(arguments) == 2
        assert f"[{code}]" in capsys.readouterr().err
        assert verify.main([*arguments, "--json"]) == 2
        refused = json.loads(capsys.readouterr().out)
        assert (refused["exit"], refused["code"]) == (2, code)

    def test_exits_2_for_what_it_cannot_understand(self) -> None:
        with pytest.raises(SystemExit) as left:
            verify.main([])
        assert left.value.code == 2

    def test_runs_where_there_is_no_django(self) -> None:
        blocked = f"""
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {{'django', 'ninja', 'allauth', 'psycopg', 'structlog', 'socket'}}:
            raise ImportError(name)
sys.meta_path.insert(0, Blocked())
from tanghulu.cli.main import main
sys.exit(main(['verify', {GOOD!r}, '--policy', {POLICY!r}]))
"""
        source = Path(verify.__file__).parents[2]
        done = subprocess.run(
            [sys.executable, "-c", blocked],
            env={"PYTHONPATH": str(source)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

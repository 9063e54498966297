import re
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT
from tools import check
from tools.check import House, Outcome, Result


@pytest.fixture
def house(tmp_path):
    return House(tmp_path, long=False, everything=False)


@pytest.fixture
def strict(tmp_path):
    return House(tmp_path, long=False, everything=True)


class TestCall:
    def test_gives_the_exit_code_and_all_that_was_said(self, house):
        program = "import sys; print('out'); sys.stderr.write('err'); sys.exit(3)"
        code, output = check.call(house, sys.executable, "-c", program)
        assert (code, output.split()) == (3, ["out", "err"])

    def test_gives_127_for_a_program_that_is_not_there(self, house):
        assert check.call(house, "no-such-program-anywhere")[0] == 127

    def test_takes_no_settings_of_the_caller(self, house, monkeypatch):
        monkeypatch.setenv("TANGHULU_DATABASE", "postgresql://elsewhere/x")
        program = "import os; print(os.environ.get('TANGHULU_DATABASE'), os.environ['TANGHULU_DATA'])"
        assert check.call(house, sys.executable, "-c", program)[1].split() == ["None", str(house.scratch / "data")]


class TestRunSection:
    @pytest.fixture
    def sections(self):
        """A table of sections to add to, put back afterwards."""
        before = dict(check.SECTIONS)
        yield check.SECTIONS
        check.SECTIONS.clear()
        check.SECTIONS.update(before)

    def test_says_a_missing_part_was_left_out(self, house, sections):
        sections["absent"] = lambda _: Result(Outcome.LEFT_OUT, "fetch it")
        assert check.run_section(house, "absent").outcome is Outcome.LEFT_OUT

    def test_fails_a_missing_part_when_all_is_wanted(self, strict, sections, capsys):
        sections["absent"] = lambda _: Result(Outcome.LEFT_OUT, "fetch it")
        assert check.run_section(strict, "absent").outcome is Outcome.FAILED
        assert "fetch it" in capsys.readouterr().out

    def test_shows_the_output_of_what_failed(self, house, sections, capsys):
        sections["bad"] = lambda _: check.judged(1, "line one\nline two")
        check.run_section(house, "bad")
        assert "line one\nline two" in capsys.readouterr().out


class TestMain:
    def test_ends_with_one_line_of_sums(self):
        done = subprocess.run(
            [sys.executable, "-m", "tools.check", "imports"], check=False, capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout
        assert re.search(r"\n1 passed, 0 failed\n$", done.stdout)

    def test_refuses_a_section_that_does_not_exist(self):
        done = subprocess.run(
            [sys.executable, "-m", "tools.check", "nonsense"], check=False, capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 2
        assert "no section nonsense" in done.stderr


class TestFingerprint:
    def test_changes_with_a_byte(self, tmp_path):
        (tmp_path / "a.js").write_bytes(b"1")
        before = check.fingerprint(tmp_path)
        (tmp_path / "a.js").write_bytes(b"2")
        assert before != check.fingerprint(tmp_path)
        assert before.keys() == {"a.js"}

import ast
import re

import pytest

from tanghulu.cli.backup_sentences import SENTENCES, sentence
from tanghulu.gateways.archive import BackupRefused
from tests.architecture.source import ROOT, dotted, modules


def raised() -> dict[str, set[str]]:
    """The codes that are raised, each with the values that come with it."""
    found: dict[str, set[str]] = {}
    for given in modules("src"):
        for node in ast.walk(given.tree):
            if isinstance(node, ast.Call) and dotted(node.func) == "BackupRefused":
                for item in ast.walk(node.args[0]):
                    if isinstance(item, ast.Constant):
                        found.setdefault(str(item.value), set()).update(str(one.arg) for one in node.keywords)
    return found


class TestSentences:
    def test_are_there_for_each_code_that_is_raised(self) -> None:
        assert set(raised()) == set(SENTENCES)

    @pytest.mark.parametrize("code", SENTENCES)
    def test_are_in_two_languages_and_ask_for_what_comes_with_the_code(self, code: str) -> None:
        chinese, english = SENTENCES[code]
        assert re.search("[一-鿿]", chinese)
        assert not re.search("[一-鿿]", english)
        for text in (chinese, english):
            assert set(re.findall(r"%\((\w+)\)s", text)) <= raised()[code]

    def test_have_their_line_in_the_how_to(self) -> None:
        page = (ROOT / "docs/how-to/backup.md").read_text(encoding="utf-8")
        assert [code for code in SENTENCES if f"`{code}`" not in page.partition("## When it is refused")[2]] == []

    def test_begin_with_the_code(self) -> None:
        text = sentence(BackupRefused("backup_exists", name="b.tar"))
        assert text.splitlines()[0] == "backup_exists"
        assert text.count("b.tar") == 2

import ast
from pathlib import Path

from tests.architecture.source import ROOT, Module, functions, module, modules

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 60


def too_long(path: str, text: str) -> list[str]:
    count = len(text.splitlines())
    return [f"{path} has {count} lines"] if count > LINES_OF_A_MODULE else []


def long_functions(given: Module) -> list[str]:
    def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        return (node.end_lineno or node.lineno) - node.lineno + 1

    return [
        f"{given.path}:{node.lineno} {node.name} has {length(node)} lines"
        for node in functions(given.tree)
        if length(node) > LINES_OF_A_FUNCTION
    ]


def scripts() -> list[Path]:
    return sorted((ROOT / "frontend" / "src").rglob("*.ts"))


class TestModules:
    def test_stay_within_400_lines(self):
        assert [
            found for given in modules("src", "tools", "bench", "tests") for found in too_long(given.path, given.text)
        ] == []

    def test_of_the_front_end_stay_within_400_lines(self):
        assert [found for path in scripts() for found in too_long(str(path), path.read_text(encoding="utf-8"))] == []

    def test_are_refused_with_one_line_more(self):
        assert too_long("a.py", "x = 1\n" * 400) == []
        assert too_long("a.py", "x = 1\n" * 401) == ["a.py has 401 lines"]


class TestFunctions:
    def test_stay_within_60_lines(self):
        assert [found for given in modules("src", "tools", "bench") for found in long_functions(given)] == []

    def test_are_refused_with_one_line_more(self):
        assert long_functions(module("a.py", "def f():\n" + "    x = 1\n" * 59)) == []
        assert long_functions(module("a.py", "def f():\n" + "    x = 1\n" * 60)) == ["a.py:1 f has 61 lines"]
        assert long_functions(module("a.py", "class A:\n  async def f(self):\n" + "    x = 1\n" * 60)) != []

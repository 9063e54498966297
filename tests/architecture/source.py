"""Reads the house's own source for the rules: paths, syntax trees and where a thing stands."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tanghulu"


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the repository's root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def part(self) -> str:
        """The part of the house that it belongs to: core, apps, web ..."""
        words = self.path.split("/")
        return words[2] if len(words) > 3 else ""


def module(path: str, text: str) -> Module:
    return Module(path, text, ast.parse(text))


def modules(*folders: str) -> Iterator[Module]:
    """Every module under the folders, without those that Django writes."""
    for folder in folders or ("src/tanghulu",):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of names, else the empty string."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node

"""`tanghulu template check FILE [--json] [--lang zh-Hans|zh-Hant|en]`: read a process template.

It says what is wrong with it. A template may embed what ships with the product and the fragments that lie beside the
file. Exit 0: it compiles, perhaps with warnings. 1: it is refused; every reason is listed with its line. 2: the file
cannot be read, or is a fragment.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, get_args

from tanghulu.core.flow import Compiled, Problem, TemplateRefused, compile_template, load_version, read_yaml
from tanghulu.core.flow.compile.sentences import Language, sentence
from tanghulu.library import template_texts

_REFUSED = 1
_UNREADABLE = 2


def main(arguments: list[str]) -> int:
    """Check the template that the arguments name; the exit code."""
    given = _parser().parse_args(arguments)
    file: Path = given.file
    language: Language = given.lang
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return _UNREADABLE
    try:
        document = read_yaml(text)
        if isinstance(document, dict) and document.get("fragment") is True:
            print(_IS_A_FRAGMENT[language] % {"file": file}, file=sys.stderr)
            return _UNREADABLE
        compiled = compile_template(text, _library(file))
    except TemplateRefused as refused:
        _print_problems(file, refused.problems, language, as_json=given.json)
        return _REFUSED
    _print_compiled(file, compiled, language, as_json=given.json)
    return 0


_IS_A_FRAGMENT = {
    "zh-Hans": "%(file)s 是嵌入用的片段，请检查嵌入它的模板。",
    "zh-Hant": "%(file)s 是嵌入用的片段，請檢查嵌入它的範本。",
    "en": "%(file)s is a fragment; check the template that embeds it.",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tanghulu template",
        description="Read a process template and say what is wrong with it (docs/reference/template-language.md).",
        epilog="Exit: 0 it compiles, 1 it is refused, 2 the file cannot be read or is a fragment.",
    )
    parser.add_argument("action", choices=["check"], help="what to do")
    parser.add_argument("file", type=Path, metavar="FILE", help="the template in YAML")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    parser.add_argument("--lang", choices=get_args(Language), default="zh-Hans", help="language of the sentences")
    return parser


def _library(file: Path) -> dict[str, Any]:
    texts = template_texts()
    for beside in sorted(file.resolve().parent.glob("*.yaml")):
        texts[beside.stem] = beside.read_text(encoding="utf-8")
    library = {}
    for slug, text in texts.items():
        try:
            document = read_yaml(text)
        except TemplateRefused:
            # What lies beside and cannot be read is not what was asked about; embedding it is refused by name.
            continue
        if isinstance(document, dict) and document.get("fragment") is True:
            library[slug] = document
    return library


def _print_problems(file: Path, problems: tuple[Problem, ...], language: Language, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": str(file), "problems": _listed(problems, language)}, ensure_ascii=False, indent=2))
        return
    for problem in problems:
        print(_line(file, problem, language))


def _print_compiled(file: Path, compiled: Compiled, language: Language, *, as_json: bool) -> None:
    template = load_version(compiled.document)
    if as_json:
        outcome = {
            "file": str(file),
            "template": template.slug,
            "version": compiled.hash,
            "steps": list(template.steps),
            "warnings": _listed(compiled.warnings, language),
        }
        print(json.dumps(outcome, ensure_ascii=False, indent=2))
        return
    for warning in compiled.warnings:
        print(_line(file, warning, language))
    print(f"{template.slug} {compiled.hash} ({len(template.steps)})")


def _line(file: Path, problem: Problem, language: Language) -> str:
    at = f"{file}:{problem.line}" if problem.line else str(file)
    return f"{at}: {problem.place}: {sentence(problem, language)} [{problem.code}]"


def _listed(problems: tuple[Problem, ...], language: Language) -> list[dict[str, Any]]:
    return [
        {
            "code": problem.code,
            "place": problem.place,
            "message": sentence(problem, language),
            **({"line": problem.line} if problem.line else {}),
            **({"value": problem.value} if problem.value else {}),
        }
        for problem in problems
    ]

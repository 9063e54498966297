"""`tanghulu verify PACK.zip [--policy FILE] [--json] [--lang zh-Hans|zh-Hant|en]`: verify an evidence pack, offline.

Exit 0: nothing fails and all that was asked for is proven. 1: something fails. 2: the pack, the policy or the command
cannot be read. 3: nothing fails, but something asked for is not proven; always so without a policy.
"""

from __future__ import annotations

import argparse
import json
import mmap
import sys
from pathlib import Path
from typing import get_args

from tanghulu.core.chain.policy import Policy, parse_policy
from tanghulu.core.chain.verifier import Report, verify_pack
from tanghulu.core.chain.verifier.report import EXIT_UNREADABLE, unreadable_json
from tanghulu.core.chain.verifier.sentences import Language, sentence
from tanghulu.core.chain.verifier.text import report_text
from tanghulu.core.errors import Invalid


def main(arguments: list[str]) -> int:
    """Verify the pack that the arguments name and print the report; the exit code."""
    given = _parser().parse_args(arguments)
    language: Language = given.lang
    try:
        report = _verify(given.pack, given.policy)
    except Invalid as refusal:
        return _unreadable(refusal, language, as_json=given.json)
    if given.json:
        _say(json.dumps(report.as_json(language), ensure_ascii=False, indent=2) + "\n")
    else:
        _say(report_text(report, language))
    return report.exit_code


def _say(text: str) -> None:
    """Print, on terminals too that cannot show every letter."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), end="")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tanghulu verify",
        description="Verify an evidence pack, offline. Whom to trust is said by the policy file only.",
        epilog="Exit: 0 proven, 1 something fails, 2 unreadable, 3 not proven (always so without a policy).",
    )
    parser.add_argument("pack", type=Path, metavar="PACK.zip", help="the evidence pack")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="your own list of logs to trust (C2SP tlog-policy)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--lang", choices=get_args(Language), default="zh-Hans", help="language of the sentences")
    return parser


def _verify(pack: Path, policy: Path | None) -> Report:
    trusted = None if policy is None else _policy(policy)
    try:
        with pack.open("rb") as source:
            # Mapped, not read: a pack may be larger than the memory, and its photos are hashed where they lie.
            content = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) if pack.stat().st_size else b""
    except OSError:
        raise Invalid("file_not_found", name=str(pack)) from None
    return verify_pack(memoryview(content), trusted)


def _policy(path: Path) -> Policy:
    try:
        return parse_policy(path.read_bytes())
    except OSError:
        raise Invalid("file_not_found", name=str(path)) from None
    except Invalid as refusal:
        raise Invalid(refusal.code, name=f"{path} {refusal.params.get('line', '')}".rstrip()) from None


def _unreadable(refusal: Invalid, language: Language, *, as_json: bool) -> int:
    about = str(refusal.params.get("name", ""))
    if as_json:
        print(json.dumps(unreadable_json(refusal.code, about, language), ensure_ascii=False, indent=2))
    else:
        print(f"{sentence(refusal.code, about, language)} [{refusal.code}]", file=sys.stderr)
    return EXIT_UNREADABLE

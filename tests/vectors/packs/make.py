"""Writes the corpus of good and altered packs beside this file, with `expected.json`, for any verifier.

Run from the root of the repository: `python -m tests.vectors.packs.make`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tanghulu.core.chain.policy import Policy, parse_policy
from tanghulu.core.chain.verifier import Kind, verify_pack
from tanghulu.core.errors import Invalid
from tests.support import stories
from tests.support.altered import ALTERED, good_pack, pinned_policy, policy

HERE = Path(__file__).resolve().parent
POLICY = "harbour.policy"
PINNED = "harbour-pinned.policy"
SUBTLE = ("refused_", "revoked_", "photo_by_the_rules")
"""What differs from a good pack by little: all of them are in the corpus."""


def chosen() -> Iterator[tuple[str, bytes]]:
    """The good packs, then of the altered ones the smallest that show something new: about a megabyte in all."""
    good: dict[str, Callable[[], bytes]] = {"good": good_pack, "good_brief": lambda: stories.brief().pack()}
    for name, make in good.items():
        yield name, make()
    seen: set[str] = set()
    for pack, case in sorted(((case.make(), case) for case in ALTERED), key=lambda pair: (len(pair[0]), pair[1].name)):
        new = set(case.codes.values()) - seen
        if new or not case.codes or case.name.startswith(SUBTLE):
            seen |= new
            yield case.name, pack


def expected(pack: bytes, trusted: Policy | None) -> dict[str, object]:
    """What a verifier must say: the exit, and for each claim the verdict and the codes that are not mere notes."""
    try:
        report = verify_pack(pack, trusted)
    except Invalid as refused:
        return {"exit": 2, "code": refused.code}
    claims = {
        claim.value: {
            "verdict": one.verdict.value,
            "codes": sorted({reason.code for reason in one.reasons if reason.kind is not Kind.NOTE}),
        }
        for claim, one in report.findings.items()
    }
    return {"exit": report.exit_code, "claims": claims}


def main() -> None:
    trusted, pinned = parse_policy(policy()), parse_policy(pinned_policy())
    (HERE / POLICY).write_bytes(policy())
    (HERE / PINNED).write_bytes(pinned_policy())
    for old in HERE.glob("*.zip"):
        old.unlink()
    cases: dict[str, object] = {}
    for name, pack in chosen():
        (HERE / f"{name}.zip").write_bytes(pack)
        cases[name] = {
            "with_policy": expected(pack, trusted),
            "with_pinned_founders": expected(pack, pinned),
            "without_policy": expected(pack, None),
        }
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in sorted(cases.items()))
    (HERE / "expected.json").write_text(f'{{"policy": "{POLICY}", "pinned": "{PINNED}", "packs": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()

"""The report as a person reads it on a terminal or on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tanghulu.core.chain.verifier.report import MAX_REASONS, Finding, Kind, Report
from tanghulu.core.chain.verifier.sentences import Language, claim_title, sentence, verdict_word

_MARKS = {Kind.FAIL: "✗", Kind.NOT_PROVEN: "?", Kind.NOTE: "·"}
_HEADS: Mapping[Language, str] = {
    "zh-Hans": "作业 {run}；日志 {origin}，检查点共 {size} 条；本作业 {events} 个事件，{photos} 张照片",
    "zh-Hant": "作業 {run}；日誌 {origin}，檢查點共 {size} 條；本作業 {events} 個事件，{photos} 張照片",
    "en": "Run {run}; log {origin}, checkpoint of {size} entries; {events} events and {photos} photos of this run",
}
_MORE: Mapping[Language, str] = {"zh-Hans": "另有 {n} 条", "zh-Hant": "另有 {n} 條", "en": "and {n} more"}
_PEOPLE: Mapping[Language, str] = {"zh-Hans": "签名的人", "zh-Hant": "簽名的人", "en": "Who signed"}
_NAMELESS: Mapping[Language, str] = {"zh-Hans": "（姓名未公开）", "zh-Hant": "（姓名未公開）", "en": "(name withheld)"}
_EXITS: Mapping[Language, Mapping[int, str]] = {
    "zh-Hans": {
        0: "结论：没有不成立的项，所要求的都已证明。",
        1: "结论：有不成立的项。",
        3: "结论：没有不成立的项，但所要求的没有全部得到证明。",
    },
    "zh-Hant": {
        0: "結論：沒有不成立的項，所要求的都已證明。",
        1: "結論：有不成立的項。",
        3: "結論：沒有不成立的項，但所要求的沒有全部得到證明。",
    },
    "en": {
        0: "Nothing fails, and all that was asked for is proven.",
        1: "Something fails.",
        3: "Nothing fails, but not all that was asked for is proven.",
    },
}


def report_text(report: Report, language: Language) -> str:
    """The whole report, ending in a newline."""
    return "\n".join((*map(printable, _lines(report, language)), ""))


def printable(line: str) -> str:
    """The line without anything that could steer a terminal or turn its text around: a pack may hold any name."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)


def _lines(report: Report, language: Language) -> Iterator[str]:
    yield _HEADS[language].format(
        run=report.run, origin=report.origin, size=report.size, events=report.events, photos=report.photos
    )
    for finding in report.findings.values():
        yield ""
        yield from _finding(finding, language)
    if report.people:
        yield ""
        yield _PEOPLE[language]
        for one in report.people:
            yield f"  {one.name or _NAMELESS[language]}  {one.ref[:8]}  {one.assurance}  {one.device[:16]}"
    yield ""
    yield _EXITS[language][report.exit_code]


def _finding(finding: Finding, language: Language) -> Iterator[str]:
    claim, verdict = finding.claim.value, finding.verdict.value
    yield f"{claim:<13} {verdict_word(verdict, language)}  ({claim_title(claim, language)})"
    for reason in finding.reasons[:MAX_REASONS]:
        yield f"  {_MARKS[reason.kind]} {sentence(reason.code, reason.about, language)} [{reason.code}]"
    if len(finding.reasons) > MAX_REASONS:
        yield f"  {_MORE[language].format(n=len(finding.reasons) - MAX_REASONS)}"

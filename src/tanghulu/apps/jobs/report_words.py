"""What the page in a pack says, in each language of the product.

Its sentences stand here and not in the catalogues: a pack that is written again must say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = (("zh-Hans", "简体"), ("zh-Hant", "繁體"), ("en", "English"))

# One text in every language: pairs of a BCP 47 tag and a wording.
Texts = tuple[tuple[str, str], ...]


def every(simplified: str, traditional: str, english: str) -> Texts:
    """The wordings of one text, in the order of the languages."""
    return tuple(zip((tag for tag, _ in LANGUAGES), (simplified, traditional, english), strict=True))


def texts(text: Mapping[str, str], otherwise: str = "") -> Texts:
    """The wordings of a template's text; where a language is missing, the nearest that there is."""
    return tuple((tag, _nearest(text, tag) or otherwise) for tag, _ in LANGUAGES)


def _nearest(text: Mapping[str, str], tag: str) -> str:
    language, _, _ = tag.partition("-")
    kin = (wording for other, wording in text.items() if other.partition("-")[0] == language)
    return text.get(tag) or next(kin, "") or next(iter(text.values()), "")


WORDS: Final[Mapping[str, Texts]] = {
    "company": every("公司", "公司", "Company"),
    "equipment": every("设备", "設備", "Equipment"),
    "opened": every("开始", "開始", "Opened"),
    "run": every("作业编号", "作業編號", "Job number"),
    "status": every("状态", "狀態", "State"),
    "people": every("人员", "人員", "People"),
    "removals": every("锁主不在，锁被摘下", "鎖主不在，鎖被除下", "Locks removed without their owners"),
    "decided_by": every("决定人", "決定人", "Decided by"),
    "reason": every("理由", "理由", "Reason"),
    "contradictions": every("与规则不符的记录", "與規則不符的記錄", "Recorded against the rule"),
    "refused": every("照片不算数", "照片不算數", "Photo does not count"),
    "about_times": every("时间是手机自报的时间。", "時間是手機自報的時間。", "Times are those that the phones claim."),
    "about_page": every(
        "这一页供人阅读，不是证据；证据是 events、proofs、photos 等文件，用下面的命令或 verify.html 核验：",
        "這一頁供人閱讀，不是證據；證據是 events、proofs、photos 等檔案，用下面的命令或 verify.html 驗證：",
        "This page is for reading and is not evidence; the files events, proofs, photos and so on are. Check them with "
        "verify.html or with this command:",
    ),
}

STATES: Final[Mapping[str, Texts]] = {
    "new": every("尚未开始", "尚未開始", "not begun"),
    "open": every("作业中", "作業中", "at work"),
    "stopped": every("已叫停", "已叫停", "stopped"),
    "ended": every("已结束", "已結束", "ended"),
    "ended completed": every("正常结束", "正常結束", "ended as it should"),
    "ended refused": every("未通过，已结束", "未通過，已結束", "ended: refused"),
    "ended abandoned": every("已放弃", "已放棄", "ended: abandoned"),
    "ended expired": every("已过期", "已過期", "ended: expired"),
}

# What somebody says before a lock is removed without its owner, by the names in the event.
STATEMENTS: Final[Mapping[str, Texts]] = {
    "not_on_site": every("已核实锁主不在现场", "已核實鎖主不在現場", "It was verified that the owner is not on site"),
    "tried_to_reach": every("已想尽办法联系锁主", "已想盡辦法聯絡鎖主", "Everything was done to reach the owner"),
    "told_before_return": every(
        "锁主回来干活之前会被告知", "鎖主回來工作之前會先告知他", "The owner will be told before working here again"
    ),
}

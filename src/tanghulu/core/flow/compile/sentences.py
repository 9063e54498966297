"""What the codes of a refused template mean, for its author. `%(value)s` is the value meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tanghulu.core.flow.compile.problems import Problem

Language = Literal["zh-Hans", "zh-Hant", "en"]

SENTENCES: Mapping[str, Mapping[Language, str]] = {
    "register_never_emptied": {
        "zh-Hans": "登记表“%(value)s”只进不出，请想一想要不要写出来的步骤。",
        "zh-Hant": "登記表「%(value)s」只進不出，請想一想要不要寫出來的步驟。",
        "en": "The register %(value)s is entered and never left. Is a step missing?",
    },
    "template_bad_condition": {
        "zh-Hans": "条件不成立：%(value)s。只能引用此前已经知道的回答、读数、登记数和人数。",
        "zh-Hant": "條件不成立：%(value)s。只能引用此前已經知道的回答、讀數、登記數和人數。",
        "en": "The condition cannot be judged: %(value)s. Refer to answers, readings, counts and parts known by then.",
    },
    "template_bad_exit": {
        "zh-Hans": "退出阶段必须排在最后，“%(value)s”却排在它后面。",
        "zh-Hant": "退出階段必須排在最後，「%(value)s」卻排在它後面。",
        "en": "Exit stages come last; %(value)s stands after one.",
    },
    "template_bad_return": {
        "zh-Hans": "不能退回到这里：%(value)s。只能退回到前面的步骤，不能跳进别的循环或分支。",
        "zh-Hant": "不能退回到這裡：%(value)s。只能退回到前面的步驟，不能跳進別的循環或分支。",
        "en": "Not a place to go back to: %(value)s. Name an earlier step that is not inside another repeat or branch.",
    },
    "template_bad_value": {
        "zh-Hans": "这里不能写：%(value)s。",
        "zh-Hant": "這裡不能寫：%(value)s。",
        "en": "This is not possible here: %(value)s.",
    },
    "template_call_cycle": {
        "zh-Hans": "模板互相嵌套成了圈：%(value)s。",
        "zh-Hant": "範本互相嵌入成了圈：%(value)s。",
        "en": "Templates embed each other in a circle: %(value)s.",
    },
    "template_duplicate_id": {
        "zh-Hans": "“%(value)s”用了两次。",
        "zh-Hant": "「%(value)s」用了兩次。",
        "en": "%(value)s is used twice.",
    },
    "template_empty": {
        "zh-Hans": "“%(value)s”可能一步都没有。",
        "zh-Hant": "「%(value)s」可能一步都沒有。",
        "en": "%(value)s may hold no step at all.",
    },
    "template_impossible_time": {
        "zh-Hans": "时间对不上：%(value)s。",
        "zh-Hant": "時間對不上：%(value)s。",
        "en": "The times do not agree: %(value)s.",
    },
    "template_lock_never_removed": {
        "zh-Hans": "锁登记进“%(value)s”以后，退出阶段里没有摘锁的步骤。",
        "zh-Hant": "鎖登記進「%(value)s」以後，退出階段裡沒有除鎖的步驟。",
        "en": "Locks go on in %(value)s, but no later step of an exit stage takes them off.",
    },
    "template_no_lead": {
        "zh-Hans": "没有写明谁是负责人（leads）。",
        "zh-Hant": "沒有寫明誰是負責人（leads）。",
        "en": "Nobody leads: `leads` is missing or empty.",
    },
    "template_same_person": {
        "zh-Hans": "同一个人不能既是又不是：%(value)s。",
        "zh-Hant": "同一個人不能既是又不是：%(value)s。",
        "en": "A part cannot differ from itself, nor act twice in one step: %(value)s.",
    },
    "template_unknown_key": {
        "zh-Hans": "不认识这个词：%(value)s。",
        "zh-Hant": "不認識這個詞：%(value)s。",
        "en": "This key is not known here (%(value)s).",
    },
    "template_unknown_part": {
        "zh-Hans": "people 里没有“%(value)s”。",
        "zh-Hant": "people 裡沒有「%(value)s」。",
        "en": "`people` has no part %(value)s.",
    },
    "template_unknown_register": {
        "zh-Hans": "registers 里没有“%(value)s”。",
        "zh-Hant": "registers 裡沒有「%(value)s」。",
        "en": "`registers` has no register %(value)s.",
    },
    "template_unknown_role": {
        "zh-Hans": "没有“%(value)s”这个角色。",
        "zh-Hant": "沒有「%(value)s」這個角色。",
        "en": "There is no role %(value)s.",
    },
    "template_unknown_step": {
        "zh-Hans": "没有“%(value)s”这一步。",
        "zh-Hant": "沒有「%(value)s」這一步。",
        "en": "There is no step %(value)s.",
    },
    "template_unknown_template": {
        "zh-Hans": "没有可以嵌入的模板“%(value)s”。",
        "zh-Hant": "沒有可以嵌入的範本「%(value)s」。",
        "en": "There is no template %(value)s to embed.",
    },
    "template_unreadable": {
        "zh-Hans": "读不懂这份 YAML：%(value)s。",
        "zh-Hant": "讀不懂這份 YAML：%(value)s。",
        "en": "This YAML cannot be read: %(value)s.",
    },
    "text_missing": {
        "zh-Hans": "缺少 %(value)s 文字。",
        "zh-Hant": "缺少 %(value)s 文字。",
        "en": "The text in %(value)s is missing.",
    },
}


def sentence(problem: Problem, language: Language) -> str:
    """What is wrong, in a sentence of the reader's language."""
    return SENTENCES[problem.code][language] % {"value": problem.value}

"""What each code means, in each language. The verifier carries its own sentences and needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["zh-Hans", "zh-Hant", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("zh-Hans", "zh-Hant", "en")

# A wording for each language, in their order.
Words: TypeAlias = tuple[str, str, str]

_UNREADABLE: Mapping[str, Words] = {
    "pack_unreadable": (
        "不是证据包，或已被截断。",
        "不是證據包，或已被截斷。",
        "This is not an evidence pack, or it was cut off.",
    ),
    "pack_duplicate_name": ("同一个文件名出现了两次。", "同一個檔名出現了兩次。", "A file name appears twice."),
    "pack_bad_name": ("文件名不合规定。", "檔名不合規定。", "A file name is not permitted."),
    "pack_too_many_files": ("文件太多。", "檔案太多。", "There are too many files."),
    "pack_too_large": ("展开后太大。", "展開後太大。", "It unfolds to more than is permitted."),
    "pack_bad_method": (
        "文件被加密，或压缩方式不合规定。",
        "檔案被加密，或壓縮方式不合規定。",
        "A file is encrypted or packed by another method.",
    ),
    "pack_no_manifest": ("缺少清单 manifest.json。", "缺少清單 manifest.json。", "manifest.json is missing."),
    "pack_bad_manifest": (
        "清单 manifest.json 的格式不对。",
        "清單 manifest.json 的格式不對。",
        "manifest.json is not of the format.",
    ),
    "pack_bad_json": ("JSON 文件不合规定。", "JSON 檔案不合規定。", "A JSON file is not of the permitted form."),
    "pack_unknown_version": (
        "证据包的版本比这个验证程序新。",
        "證據包的版本比這個驗證程式新。",
        "The pack has a version that this verifier does not know.",
    ),
    "file_not_found": (
        "找不到或打不开这个文件。",
        "找不到或打不開這個檔案。",
        "The file is not there or cannot be opened.",
    ),
    "policy_malformed": ("信任策略文件的格式不对。", "信任檔的格式不對。", "The policy file is not of the format."),
}

_INTEGRITY: Mapping[str, Words] = {
    "file_altered": (
        "文件与清单不符，已被改动。",
        "檔案與清單不符，已被改動。",
        "The file differs from the manifest: it was changed.",
    ),
    "file_missing": ("文件不见了。", "檔案不見了。", "The file is missing."),
    "file_unlisted": ("文件不在清单里。", "檔案不在清單裡。", "The file is not in the manifest."),
    "envelope_malformed": ("签名信封的格式不对。", "簽名信封的格式不對。", "The envelope is not of the format."),
    "payload_malformed": ("事件内容的格式不对。", "事件內容的格式不對。", "The event is not of the format."),
    "payload_not_canonical": (
        "事件内容不是规范的 JSON。",
        "事件內容不是標準格式的 JSON。",
        "The event is not canonical JSON.",
    ),
    "payload_too_large": ("事件内容太长。", "事件內容太長。", "The event is too long."),
    "signature_invalid": (
        "签名不成立：内容在签名之后被改过，或签名被换过。",
        "簽名不成立：內容在簽名之後被改過，或簽名被換過。",
        "A signature does not hold: content or signature changed.",
    ),
    "signature_unknown_key": (
        "签名的密钥不在 keys/ 里。",
        "簽名的金鑰不在 keys/ 裡。",
        "It is signed by a key that is not in keys/.",
    ),
    "proof_malformed": ("日志证明的格式不对。", "日誌證明的格式不對。", "The proof is not of the format."),
    "proof_invalid": (
        "这条记录不在日志声称的位置上。",
        "這條記錄不在日誌聲稱的位置上。",
        "The entry is not in the log where its proof says.",
    ),
    "checkpoint_malformed": (
        "日志检查点的格式不对，或没有检查点。",
        "日誌檢查點的格式不對，或沒有檢查點。",
        "The checkpoint is not of the format, or there is none.",
    ),
    "checkpoint_differs": (
        "检查点与包里其他检查点或清单不同。",
        "檢查點與包裡其他檢查點或清單不同。",
        "The checkpoint differs from the others or the manifest.",
    ),
    "checkpoint_signature_invalid": (
        "检查点没有日志密钥的有效签名。",
        "檢查點沒有日誌金鑰的有效簽名。",
        "The checkpoint is not validly signed by the log's key.",
    ),
    "log_not_in_policy": ("信任策略里没有这个日志。", "信任檔裡沒有這個日誌。", "The policy does not name this log."),
    "log_key_from_pack": (
        "没有给出信任策略：日志密钥取自证据包本身，只能说明前后一致。",
        "沒有給出信任檔：日誌金鑰取自證據包本身，只能說明前後一致。",
        "No policy was given: the log's key is the pack's own word, which shows consistency only.",
    ),
    "opening_invalid": (
        "公开的内容与承诺值不符。",
        "公開的內容與承諾值不符。",
        "What is disclosed does not match its commitment.",
    ),
    "opening_foreign": (
        "公开的内容不属于包里任何事件。",
        "公開的內容不屬於包裡任何事件。",
        "What is disclosed belongs to no event of this pack.",
    ),
    "photo_altered": ("照片被改动过。", "照片被改動過。", "The photo was changed."),
    "photo_missing": ("照片不见了。", "照片不見了。", "The photo is missing."),
    "photo_withheld": (
        "照片没有公开，无法核对。",
        "照片沒有公開，無法核對。",
        "The photo is withheld and cannot be compared.",
    ),
    "photo_refused": (
        "服务器收到这张照片后，写明它不算数（例如与事件所说的大小不符）；它的大小和类型不再核对。",
        "伺服器收到這張照片後，寫明它不算數（例如與事件所說的大小不符）；它的大小和類型不再核對。",
        (
            "The server stated that this photo does not count, as when it is not of the size its event says; "
            "its size and type are not compared."
        ),
    ),
    "photo_foreign": (
        "照片不属于包里任何事件。",
        "照片不屬於包裡任何事件。",
        "The photo belongs to no event of this pack.",
    ),
    "template_altered": (
        "流程模板与开工时的版本不同。",
        "流程範本與開工時的版本不同。",
        "The template is not the version that the run was opened with.",
    ),
    "template_missing": ("缺少流程模板。", "缺少流程範本。", "The template is missing."),
    "event_foreign": (
        "这条记录属于别的作业或别的公司。",
        "這條記錄屬於別的作業或別的公司。",
        "The entry belongs to another run or another company.",
    ),
    "admission_invalid": (
        "服务器的收讫回执不成立。",
        "伺服器的收訖回執不成立。",
        "The server's admission does not hold.",
    ),
    "admission_missing": ("缺少服务器的收讫回执。", "缺少伺服器的收訖回執。", "The server's admission is missing."),
}

_ORDER: Mapping[str, Words] = {
    "integrity_failed": (
        "签名或日志不成立，这一项无从谈起。",
        "簽名或日誌不成立，這一項無從談起。",
        "Signatures or log do not hold, so nothing rests on them.",
    ),
    "event_unreadable": ("有事件读不出来。", "有事件讀不出來。", "Some events cannot be read."),
    "index_not_rising": (
        "文件编号与日志顺序不一致。",
        "檔案編號與日誌順序不一致。",
        "The numbers of the files do not follow the log.",
    ),
    "run_opened_missing": ("没有开工事件。", "沒有開工事件。", "There is no opening event."),
    "run_opened_twice": ("有两个开工事件。", "有兩個開工事件。", "There are two opening events."),
    "link_missing": (
        "它链接的前一事件不在包里。",
        "它連結的前一事件不在包裡。",
        "An event that it follows is not in the pack.",
    ),
    "link_cycle": ("链接成了圈。", "連結成了圈。", "The links run in a circle."),
    "device_order_broken": (
        "同一设备的事件次序断了。",
        "同一裝置的事件次序斷了。",
        "The order of the device's events is broken.",
    ),
    "event_twice": (
        "同一设备有两个相同编号的事件。",
        "同一裝置有兩個相同編號的事件。",
        "The device has two events of one number.",
    ),
    "device_link_broken": (
        "与同一设备上一事件的链接不符。",
        "與同一裝置上一事件的連結不符。",
        "The link to the device's previous event does not match.",
    ),
    "clock_fell_back": ("设备的单调时钟倒走了。", "裝置的單調時鐘倒走了。", "The device's steady clock ran backwards."),
    "arrived_late": (
        "发生在前，晚到服务器（例如离线作业）。次序由链接保证。",
        "發生在前，晚到伺服器（例如離線作業）。次序由連結保證。",
        "It happened earlier and arrived late, as when offline.",
    ),
    "contradicting_acts": (
        "有这么多个事件，服务器收讫时注明与作业的规则相抵触；它们仍在包里，请看各自的收讫回执。",
        "有這麼多個事件，伺服器收訖時註明與作業的規則相牴觸；它們仍在包裡，請看各自的收訖回執。",
        "So many events contradict the rules of the job, as the server said on receipt; see their admissions.",
    ),
    "revoked_not_judged": (
        "送达时签它的设备已经停用；它的次序、连接和编号不作判断，也不影响其他事件。",
        "送達時簽它的裝置已經停用；它的次序、連結和編號不作判斷，也不影響其他事件。",
        "It came when its key had been revoked: its order, links and number are not judged, and touch no other event.",
    ),
    "revoked_acts": (
        "有这么多个事件，送达时签它的设备已经停用；它们仍在包里，但不改变作业的状态。",
        "有這麼多個事件，送達時簽它的裝置已經停用；它們仍在包裡，但不改變作業的狀態。",
        "So many events came when their key had been revoked; they are kept and change nothing in the job.",
    ),
}

_COMPLETENESS: Mapping[str, Words] = {
    "complete_as_of_seal": (
        "到这次封存为止齐全；之后是否还有事件，只有日志的见证方或监察方知道。",
        "到這次封存為止齊全；之後是否還有事件，只有日誌的見證方或監察方知道。",
        "Complete as of this seal; whether a later event exists only a witness or monitor of the log can say.",
    ),
    "seal_missing": ("还没有封存。", "還沒有封存。", "The run is not sealed."),
    "seal_outdated": (
        "封存之后又有事件，还没有重新封存。",
        "封存之後又有事件，還沒有重新封存。",
        "Events came after the seal; it was not sealed again.",
    ),
    "seal_count_differs": (
        "事件数与封存时不同。",
        "事件數與封存時不同。",
        "The number of events is not that of the seal.",
    ),
    "seal_heads_differ": (
        "末端事件与封存时不同。",
        "末端事件與封存時不同。",
        "The last events are not those of the seal.",
    ),
    "seal_devices_differ": (
        "各设备的事件数与封存时不同。",
        "各裝置的事件數與封存時不同。",
        "The devices' last numbers are not those of the seal.",
    ),
    "rseq_gap": ("这台设备的事件编号有缺口。", "這台裝置的事件編號有缺口。", "The device's events have a gap."),
    "revoked_gap": (
        "这台设备停用之后送达的事件，编号有缺口；不作判断，封存不等它们。",
        "這台裝置停用之後送達的事件，編號有缺口；不作判斷，封存不等它們。",
        "The device's events since its key was revoked leave out numbers: they are not judged, nor waited for.",
    ),
    "photo_not_awaited": (
        "这张照片的原件没有送达；拍它的动作与作业的规则相抵触，服务器收讫时已注明，所以封存不等它。",
        "這張照片的原件沒有送達；拍它的動作與作業的規則相牴觸，伺服器收訖時已註明，所以封存不等它。",
        (
            "The photo never reached the server; its act contradicts the rules of the job, as the server said on "
            "receipt, so the seal did not wait for it."
        ),
    ),
    "photo_never_stored": ("照片从未送达服务器。", "照片從未送達伺服器。", "The photo never reached the server."),
}

_WHO: Mapping[str, Words] = {
    "policy_missing": (
        "没有给出信任策略，不知道该信谁。",
        "沒有給出信任檔，不知道該信誰。",
        "No policy was given, so there is nobody to trust.",
    ),
    "anchor_missing": ("缺少日志的第一条记录。", "缺少日誌的第一條記錄。", "The log's first entry is missing."),
    "anchor_differs": (
        "日志的第一条记录与信任策略不符。",
        "日誌的第一條記錄與信任檔不符。",
        "The log's first entry is not that of the policy's log.",
    ),
    "enrolment_missing": (
        "这台设备没有唯一的登记记录。",
        "這台裝置沒有唯一的登記記錄。",
        "The device does not have exactly one enrolment.",
    ),
    "countersignature_missing": (
        "设备登记没有第二人签名。",
        "裝置登記沒有第二人簽名。",
        "Nobody countersigned the enrolment.",
    ),
    "countersignature_not_allowed": (
        "设备登记的第二签名人无权登记。",
        "裝置登記的第二簽名人無權登記。",
        "Whoever countersigned the enrolment may not do so.",
    ),
    "founder_not_in_policy": (
        "这台设备由服务器自己担保入册，而信任策略没有指定它为创始人员的设备。",
        "這台裝置由伺服器自己擔保登記，而信任檔沒有指定它為創始人員的裝置。",
        "The server itself vouched for this device, and the policy does not pin it as a founder's.",
    ),
    "founder_by_server": (
        "这位创始人员由服务器自己担保，所以掌控服务器的人也可能造出这把密钥；在信任策略里指定创始人员的设备，即可排除。",
        "這位創始人員由伺服器自己擔保，所以掌控伺服器的人也可能造出這把金鑰；在信任檔裡指定創始人員的裝置，即可排除。",
        (
            "The server itself vouched for this founder, so who controls the server could have made this key; "
            "pin founders in the policy to exclude it."
        ),
    ),
    "actor_differs": (
        "事件写的人不是设备的主人。",
        "事件寫的人不是裝置的主人。",
        "The event names another person than the device's.",
    ),
    "server_actor_differs": (
        "“服务器”与服务器的密钥对不上。",
        "「伺服器」與伺服器的金鑰對不上。",
        "Server and server key do not go together.",
    ),
    "type_not_allowed": (
        "这台设备不可以签这类事件。",
        "這台裝置不可以簽這類事件。",
        "This device may not sign events of this type.",
    ),
    "enrolled_later": ("事件早于设备登记。", "事件早於裝置登記。", "The event is earlier than the device's enrolment."),
    "revocation_not_allowed": (
        "停用这台设备的人无权这样做，所以停用不成立。",
        "停用這台裝置的人無權這樣做，所以停用不成立。",
        "Whoever revoked the device's key may not do so; the revocation has no effect.",
    ),
    "revocation_differs": (
        "日志里的停用记录，与服务器收讫时的说法对不上。",
        "日誌裡的停用記錄，與伺服器收訖時的說法對不上。",
        "The log and the server's admission do not agree on whether the key had been revoked.",
    ),
    "signed_after_revocation": (
        "送达日志时，签它的设备已经停用，不知道是谁在用这台设备。",
        "送達日誌時，簽它的裝置已經停用，不知道是誰在用這台裝置。",
        "It entered the log after the key that signed it had been revoked: who held the device is not known.",
    ),
    "revoked_later": (
        "这台设备后来停用了；这里所列的动作，在停用之前已经入册。",
        "這台裝置後來停用了；這裡所列的動作，在停用之前已經入冊。",
        "The device's key was revoked later; what it signed here without another remark had entered the log before.",
    ),
    "keys_can_be_misused": (
        "局限：网页里不可导出的密钥，仍可能被不诚实的管理员借网页滥用。",
        "局限：網頁裡不可匯出的金鑰，仍可能被不誠實的管理員藉網頁濫用。",
        "Limit: a non-extractable key in a page that a dishonest administrator serves can still be misused.",
    ),
}

_OUTSIDE: Mapping[str, Words] = {
    "no_time_source": (
        "还没有时间戳或见证覆盖检查点；事件里的时间只是设备的说法。",
        "還沒有時間戳記或見證涵蓋檢查點；事件裡的時間只是裝置的說法。",
        "No time-stamp or witness covers the checkpoint yet; the times in events are the devices' claims.",
    ),
    "no_witness": (
        "没有见证方联署；日志的主人可能给别人看另一份历史。",
        "沒有見證方聯署；日誌的主人可能給別人看另一份歷史。",
        "No witnesses have cosigned; the log's owner could show another history to somebody else.",
    ),
}

SENTENCES: Final[Mapping[str, Words]] = {
    **_UNREADABLE,
    **_INTEGRITY,
    **_ORDER,
    **_COMPLETENESS,
    **_WHO,
    **_OUTSIDE,
}
"""Every code of the verifier, with its sentence in each of `LANGUAGES`."""

_CLAIMS: Mapping[str, Words] = {
    "INTEGRITY": ("完整无改", "完整無改", "nothing was changed since it was logged"),
    "ORDER": ("次序属实", "次序屬實", "the order shown is the order that was signed"),
    "COMPLETENESS": ("没有遗漏", "沒有遺漏", "nothing was left out"),
    "WHO": ("何人所为", "何人所為", "each act was signed by the device of the person named"),
    "WHEN": ("何时发生", "何時發生", "the times are shown by outsiders"),
    "UNIQUE": ("只此一份", "只此一份", "nobody was shown another history"),
}
_VERDICTS: Mapping[str, Words] = {
    "PASS": ("成立", "成立", "PASS"),
    "FAIL": ("不成立", "不成立", "FAIL"),
    "NOT PROVEN": ("未证明", "未證明", "NOT PROVEN"),
}


def sentence(code: str, about: str, language: Language) -> str:
    """The sentence of a code, with what it is about in front."""
    text = _pick(SENTENCES[code], language)
    separator = ": " if language == "en" else "："
    return f"{about}{separator}{text}" if about else text


def claim_title(claim: str, language: Language) -> str:
    """What a claim claims."""
    return _pick(_CLAIMS[claim], language)


def verdict_word(verdict: str, language: Language) -> str:
    """The word for a verdict."""
    return _pick(_VERDICTS[verdict], language)


def _pick(texts: Words, language: Language) -> str:
    return texts[LANGUAGES.index(language)]

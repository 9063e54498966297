// A sentence for every reason code, in the order of the languages: simplified and traditional Chinese, English.
import { LANGUAGES, type Language } from "../lib/languages";

export const REASONS: { [code: string]: [string, string, string] } = {
  pack_unreadable: ["不是 ZIP 文件，或文件不完整", "不是 ZIP 檔案，或檔案不完整", "not a ZIP file, or cut off"],
  pack_duplicate_name: ["包内有同名文件", "包內有同名檔案", "a name occurs twice in the pack"],
  pack_bad_name: ["包内有不允许的文件名", "包內有不允許的檔名", "a name in the pack is not allowed"],
  pack_too_many_files: ["包内文件过多", "包內檔案過多", "too many files in the pack"],
  pack_too_large: [
    "包内文件过大或压缩率异常",
    "包內檔案過大或壓縮率異常",
    "a file in the pack is too large, or packed beyond reason",
  ],
  pack_bad_method: [
    "包内文件被加密，或压缩方式不支持",
    "包內檔案被加密，或壓縮方式不支援",
    "a file is encrypted or packed in another way",
  ],
  pack_no_manifest: ["缺少清单 manifest.json", "缺少清單 manifest.json", "manifest.json is missing"],
  pack_bad_manifest: ["清单的格式不对", "清單的格式不對", "the manifest has not its form"],
  pack_bad_json: [
    "包内有不合格的 JSON",
    "包內有不合格的 JSON",
    "a JSON file has duplicate keys, null, fractions, huge numbers or is too deep",
  ],
  pack_unknown_version: [
    "这个版本的包本页还不认识",
    "這個版本的包本頁還不認識",
    "a pack of a version that this verifier does not know",
  ],
  policy_malformed: ["策略文件的格式不对", "信任檔的格式不對", "the policy file has not its form"],
  file_altered: ["文件与清单不符", "檔案與清單不符", "the file differs from the manifest"],
  file_missing: ["文件缺失", "檔案缺失", "the file is missing"],
  file_unlisted: ["文件不在清单里", "檔案不在清單裡", "the file is not in the manifest"],
  envelope_malformed: ["签名信封的格式不对", "簽名信封的格式不對", "the envelope has not its form"],
  payload_malformed: ["事件的格式不对", "事件的格式不對", "the event has not its form"],
  payload_not_canonical: ["事件不是规范编码", "事件不是標準格式", "the event is not in canonical form"],
  payload_too_large: ["事件过大", "事件過大", "the event is too large"],
  signature_invalid: ["签名不成立", "簽名不成立", "the signature does not verify"],
  signature_unknown_key: [
    "签名用的密钥不在包里",
    "簽名用的金鑰不在包裡",
    "signed by a key that the pack does not bring",
  ],
  proof_malformed: ["入册证明的格式不对", "日誌證明的格式不對", "the proof has not its form"],
  proof_invalid: ["入册证明不成立", "日誌證明不成立", "the proof does not lead to the checkpoint"],
  checkpoint_malformed: ["检查点的格式不对", "檢查點的格式不對", "the checkpoint has not its form"],
  checkpoint_differs: ["检查点不是同一个", "檢查點不是同一個", "another checkpoint than the rest of the pack"],
  checkpoint_signature_invalid: [
    "检查点的签名不成立",
    "檢查點的簽名不成立",
    "the checkpoint is not signed by the log key",
  ],
  log_not_in_policy: ["策略里没有这个日志", "信任檔裡沒有這個日誌", "the log is not in the policy"],
  log_key_from_pack: [
    "日志公钥取自包内，只能说明前后一致",
    "日誌公鑰取自包內，只能說明前後一致",
    "the log key was taken from the pack: this shows consistency only",
  ],
  ed25519_unsupported: [
    "此浏览器不支持 Ed25519，检查点签名未核对",
    "此瀏覽器不支援 Ed25519，檢查點簽名未核對",
    "this browser cannot check Ed25519, so the checkpoint was not checked",
  ],
  opening_invalid: ["公开的内容与承诺不符", "公開的內容與承諾不符", "what is opened does not match its commitment"],
  opening_foreign: [
    "公开的内容不属于包里任何事件",
    "公開的內容不屬於包裡任何事件",
    "opens a commitment that no event of the pack makes",
  ],
  photo_refused: [
    "服务器写明这张照片不算数（例如与事件所说的大小不符），不再核对它的大小和类型",
    "伺服器寫明這張照片不算數（例如與事件所說的大小不符），不再核對它的大小和類型",
    "the server stated that this photo does not count, as when it is not of the size its event says: size and type are not compared",
  ],
  photo_foreign: ["照片不属于包里任何事件", "照片不屬於包裡任何事件", "the photo is of no event of the pack"],
  photo_altered: ["照片与记录不符", "照片與記錄不符", "the photo does not match the record"],
  photo_missing: ["照片缺失", "照片缺失", "the photo is missing"],
  photo_withheld: ["照片没有随包提供", "照片沒有隨包提供", "the photo is not disclosed"],
  template_altered: [
    "模板与作业记录的版本不符",
    "範本與作業記錄的版本不符",
    "the template is not the version that the job names",
  ],
  template_missing: ["模板缺失", "範本缺失", "the template is missing"],
  event_foreign: [
    "事件属于别的公司或别的作业",
    "事件屬於別的公司或別的作業",
    "the event belongs to another company or job",
  ],
  admission_invalid: ["服务器的收讫证明不成立", "伺服器的收訖證明不成立", "the server's admission is not valid"],
  admission_missing: ["缺少服务器的收讫证明", "缺少伺服器的收訖證明", "the server's admission is missing"],
  integrity_failed: [
    "所依据的记录本身没有通过",
    "所依據的記錄本身沒有通過",
    "the records that this rests on are not in order",
  ],
  event_unreadable: ["事件无法读取", "事件無法讀取", "the event cannot be read"],
  complete_as_of_seal: [
    "截至封存为止；此后有没有新事件，只有见证人能说",
    "截至封存為止；此後有沒有新事件，只有見證人能說",
    "complete as of the seal; whether anything came later only a witness of the log can say",
  ],
  keys_can_be_misused: [
    "不可导出的密钥，仍可能被不诚实的网页管理员误用",
    "不可匯出的金鑰，仍可能被不誠實的網頁管理員誤用",
    "a key that cannot be exported can still be misused by a page from a dishonest administrator",
  ],
  index_not_rising: ["日志序号没有递增", "日誌序號沒有遞增", "the place in the log does not rise"],
  run_opened_missing: ["缺少开工事件", "缺少開工事件", "the opening of the job is missing"],
  run_opened_twice: ["开工事件不止一个", "開工事件不止一個", "the job was opened twice"],
  link_missing: ["所连接的上一事件不在包里", "所連接的上一事件不在包裡", "links to an event that is not here"],
  link_cycle: [
    "连接成环，或没有连回开工事件",
    "連接成環，或沒有連回開工事件",
    "links run in a circle or do not lead back to the opening",
  ],
  device_order_broken: ["同一设备的先后不一致", "同一裝置的先後不一致", "the device's own order is broken"],
  event_twice: [
    "同一设备的同一序号出现两次",
    "同一裝置的同一序號出現兩次",
    "the same number of the same device occurs twice",
  ],
  device_link_broken: [
    "与设备上一事件的连接不符",
    "與裝置上一事件的連接不符",
    "does not link to the device's event before",
  ],
  clock_fell_back: ["设备不可回拨的时钟倒退了", "裝置不可回撥的時鐘倒退了", "the clock that cannot be set fell back"],
  arrived_late: ["迟到的事件，连接完好", "遲到的事件，連接完好", "arrived late; its links hold"],
  contradicting_acts: [
    "个事件在收讫时被注明与作业规则相抵触，请看收讫回执",
    "個事件在收訖時被註明與作業規則相牴觸，請看收訖回執",
    "events contradict the rules of the job, as the server said on receipt: see their admissions",
  ],
  revoked_not_judged: [
    "送达时签它的设备已经停用；它的次序、连接和编号不作判断，也不影响其他事件",
    "送達時簽它的裝置已經停用；它的次序、連接和編號不作判斷，也不影響其他事件",
    "came when its key had been revoked: its order, links and number are not judged, and touch no other event",
  ],
  revoked_acts: [
    "个事件送达时，签它的设备已经停用；它们不改变作业的状态",
    "個事件送達時，簽它的裝置已經停用；它們不改變作業的狀態",
    "events came when their key had been revoked: they are kept and change nothing in the job",
  ],
  seal_missing: ["还没有封存", "還沒有封存", "the job is not sealed"],
  seal_outdated: ["封存之后又有事件", "封存之後又有事件", "something came after the seal"],
  seal_count_differs: ["事件数与封存不符", "事件數與封存不符", "the number of events differs from the seal"],
  seal_heads_differ: ["末端事件与封存不符", "末端事件與封存不符", "the last events differ from the seal"],
  seal_devices_differ: ["设备序号与封存不符", "裝置序號與封存不符", "the devices' numbers differ from the seal"],
  rseq_gap: ["设备的事件有缺号", "裝置的事件有缺號", "the device's numbers have a gap"],
  revoked_gap: [
    "设备停用之后送达的事件有缺号；不作判断，封存不等它们",
    "裝置停用之後送達的事件有缺號；不作判斷，封存不等它們",
    "the device's events since its key was revoked leave out numbers: they are not judged, nor waited for",
  ],
  photo_not_awaited: [
    "照片的原件没有送达；服务器收讫时已注明拍它的动作与作业规则相抵触，封存不等它",
    "照片的原件沒有送達；伺服器收訖時已註明拍它的動作與作業規則相牴觸，封存不等它",
    "the photo's bytes never came; its act contradicts the rules of the job, as the server said on receipt, so the seal did not wait for them",
  ],
  photo_never_stored: ["照片的原件还没有存到", "照片的原件還沒有存到", "the photo's bytes were never stored"],
  policy_missing: [
    "没有策略，无从判断密钥属于谁",
    "沒有信任檔，無從判斷金鑰屬於誰",
    "without a policy nobody is trusted to say whose key is whose",
  ],
  anchor_missing: ["缺少日志的第一条", "缺少日誌的第一條", "the first entry of the log is missing"],
  anchor_differs: [
    "日志的第一条与策略不符",
    "日誌的第一條與信任檔不符",
    "the first entry of the log does not match the policy",
  ],
  enrolment_missing: [
    "设备没有唯一有效的登记",
    "裝置沒有唯一有效的登記",
    "the device has not exactly one valid enrolment",
  ],
  countersignature_missing: ["设备登记没有第二人签名", "裝置登記沒有第二人簽名", "nobody countersigned the enrolment"],
  countersignature_not_allowed: [
    "设备登记的第二人签名无效",
    "裝置登記的第二人簽名無效",
    "the countersignature of the enrolment is not allowed",
  ],
  founder_not_in_policy: [
    "服务器自己担保了这台设备，策略却没有把它列为创始人员的设备",
    "伺服器自己擔保了這台裝置，信任檔卻沒有把它列為創始人員的裝置",
    "the server itself vouched for this device, which the policy does not pin as a founder's",
  ],
  founder_by_server: [
    "这位创始人员由服务器自己担保，所以掌控服务器的人也可能造出这把密钥；在策略里列出创始人员的设备即可排除",
    "這位創始人員由伺服器自己擔保，所以掌控伺服器的人也可能造出這把金鑰；在信任檔裡列出創始人員的裝置即可排除",
    "the server itself vouched for this founder, so who controls the server could have made this key; pin founders in the policy to exclude it",
  ],
  actor_differs: [
    "动作的人与设备登记的人不同",
    "動作的人與裝置登記的人不同",
    "the person is not the one the device is enrolled for",
  ],
  server_actor_differs: ["服务器与人员的身份不符", "伺服器與人員的身分不符", "the server and a person are mixed up"],
  type_not_allowed: ["此密钥不得签此类事件", "此金鑰不得簽此類事件", "this key may not sign an event of this type"],
  enrolled_later: ["设备登记晚于事件", "裝置登記晚於事件", "the device was enrolled after the event"],
  revocation_not_allowed: [
    "停用设备的人无权这样做，停用不成立",
    "停用裝置的人無權這樣做，停用不成立",
    "the key was revoked by somebody who may not, so this has no effect",
  ],
  revocation_differs: [
    "日志里的停用记录与服务器收讫时的说法对不上",
    "日誌裡的停用記錄與伺服器收訖時的說法對不上",
    "the log and the server's admission differ on whether the key had been revoked",
  ],
  signed_after_revocation: [
    "送达日志时，签它的设备已经停用，不知道是谁在用",
    "送達日誌時，簽它的裝置已經停用，不知道是誰在用",
    "it entered the log after its key had been revoked: who held the device is not known",
  ],
  revoked_later: [
    "设备后来停用了；停用之前入册的动作不受影响",
    "裝置後來停用了；停用之前入冊的動作不受影響",
    "the key was revoked later; what had entered the log before is not touched",
  ],
  no_time_source: [
    "还没有外部时间戳或见证人覆盖检查点",
    "還沒有外部時間戳記或見證人涵蓋檢查點",
    "no time-stamp or witness covers the checkpoint yet",
  ],
  no_witness: [
    "还没有见证人联署；日志的主人可能给别人看另一个版本",
    "還沒有見證人聯署；日誌的主人可能給別人看另一個版本",
    "no witness has cosigned: the log's owner could show another history to somebody else",
  ],
};

/** The sentence for a code; the code itself where there is none. */
export function reasonText(code: string, language: Language): string {
  const sentences = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return sentences?.[LANGUAGES.findIndex(({ tag }) => tag === language)] ?? code;
}

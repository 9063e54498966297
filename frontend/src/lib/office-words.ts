// The few sentences that the office's scripts say by themselves; everything else comes from the server.

import { pickLanguage } from "./languages";

const WORDS = {
  "zh-Hans": {
    signing: "正在签字…",
    signed: "已签字。",
    enrolled: "这个浏览器可以签字。",
    pending: "等另一个人确认，核对数字 {number}。",
    refused: "这个浏览器没有通过。",
    revoked: "这个浏览器已停用，不能签字。",
    none: "还没有登记。",
    browser: "{name}的浏览器",
    browser_not_enrolled: "先到“设备”页登记这个浏览器，再签字。",
    not_sent_yet: "已签字，还没送到；下次打开时自动再送。",
    http_0: "没有网络。",
    looked: "看了 {seconds} 秒",
    marked: "合格 {good} · 不合格 {bad} · 未看完 {left}",
    other: "没有成功：{code}",
  },
  "zh-Hant": {
    signing: "正在簽名…",
    signed: "已簽名。",
    enrolled: "這個瀏覽器可以簽名。",
    pending: "等另一個人確認，核對數字 {number}。",
    refused: "這個瀏覽器沒有通過。",
    revoked: "這個瀏覽器已停用，不能簽名。",
    none: "還沒有登記。",
    browser: "{name}的瀏覽器",
    browser_not_enrolled: "先到「裝置」頁登記這個瀏覽器，再簽名。",
    not_sent_yet: "已簽名，還沒送到；下次開啟時自動再送。",
    http_0: "沒有網路。",
    looked: "看了 {seconds} 秒",
    marked: "合格 {good} · 不合格 {bad} · 未看完 {left}",
    other: "沒有成功：{code}",
  },
  en: {
    signing: "Signing…",
    signed: "Signed.",
    enrolled: "This browser may sign.",
    pending: "Waiting for a second person; check number {number}.",
    refused: "This browser was not accepted.",
    revoked: "This browser is locked out and cannot sign.",
    none: "Not enrolled yet.",
    browser: "{name}'s browser",
    browser_not_enrolled: "First enrol this browser on the Devices page, then sign.",
    not_sent_yet: "Signed, but not sent yet; it is sent when you next sign.",
    http_0: "There is no network.",
    looked: "on screen for {seconds} s",
    marked: "{good} good · {bad} not good · {left} to go",
    other: "This did not work: {code}",
  },
};
export type OfficeWord = keyof (typeof WORDS)["en"];

/** A sentence in the language of the page, its blanks filled in. */
export function officeWord(word: OfficeWord, blanks: { [name: string]: string } = {}): string {
  return WORDS[pickLanguage(document.documentElement.lang, [], "zh-Hans")][word].replace(
    /\{(\w+)\}/g,
    (_, name: string) => blanks[name] ?? "",
  );
}

/** Why something did not work, in words. */
export function whyNot(reason: { code: string; message: string }): string {
  if (reason.message !== "") return reason.message;
  return Object.hasOwn(WORDS.en, reason.code)
    ? officeWord(reason.code as OfficeWord)
    : officeWord("other", { code: reason.code });
}

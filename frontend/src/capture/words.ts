// The phone speaks the reader's language by itself, without a network.
import { own, type Text } from "../flow/template";
import type { Language } from "../lib/languages";
import { timeIn } from "../lib/time-of-day";
import { codes } from "./words/codes";
import { en } from "./words/en";
import { type Word, zhHans } from "./words/zh-Hans";
import { zhHant } from "./words/zh-Hant";

export const catalogues: Record<Language, Record<Word, string>> = { "zh-Hans": zhHans, "zh-Hant": zhHant, en };

export interface Words {
  language: Language;
  /** The company's time zone; the phone's own where it is not known yet. */
  zone: string | undefined;
  /** A sentence, its blanks filled in. */
  t: (word: Word, blanks?: { [name: string]: string | number }) => string;
  /** A text of a template in this language, or in the nearest that it has. */
  text: (text: Text | undefined) => string;
  /** Codes of the rules, as one phrase. */
  codes: (list: readonly string[]) => string;
  /** A moment as a clock shows it here. */
  clock: (time: string | number) => string;
}

export function wordsIn(language: Language, zone?: string): Words {
  const t: Words["t"] = (word, blanks = {}) =>
    catalogues[language][word].replace(/\{(\w+)\}/g, (_, name: string) => String(blanks[name] ?? ""));
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  return {
    language,
    zone,
    t,
    text: (text) =>
      text === undefined ? "" : (text[language] ?? text["zh-Hans"] ?? text.en ?? Object.values(text)[0] ?? ""),
    codes: (given) => list.format(given.map((code) => own(codes, code)?.[language] ?? code)),
    clock: (time) => timeIn(zone, new Date(time), false),
  };
}

const ACTS: Record<string, Word> = Object.fromEntries(
  (Object.keys(zhHans) as Word[]).filter((word) => word.startsWith("act_")).map((word) => [word.slice(4), word]),
);

/** What an event is called. */
export function actName(words: Words, type: string): string {
  const word = ACTS[type.replace(".", "_")];
  return word === undefined ? type : words.t(word);
}

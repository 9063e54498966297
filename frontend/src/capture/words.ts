// The phone speaks the reader's language by itself, without a network.
import { own, type Text } from "../flow/template";
import { codes } from "./words/codes";
import { en } from "./words/en";
import { type Word, zhHans } from "./words/zh-Hans";

export type Language = "zh-Hans" | "en";
export const LANGUAGES: { tag: Language; name: string }[] = [
  { tag: "zh-Hans", name: "简体中文" },
  { tag: "en", name: "English" },
];
export const catalogues: Record<Language, Record<Word, string>> = { "zh-Hans": zhHans, en };

export interface Words {
  language: Language;
  /** A sentence, its blanks filled in. */
  t: (word: Word, blanks?: { [name: string]: string | number }) => string;
  /** A text of a template in this language, or in the nearest that it has. */
  text: (text: Text | undefined) => string;
  /** Codes of the rules, as one phrase. */
  codes: (list: readonly string[]) => string;
  /** A moment as a clock shows it here. */
  clock: (time: string | number) => string;
}

/** The language to begin with: the one chosen, else one the browser asks for, else Chinese. */
export function pickLanguage(chosen: string | undefined, asked: readonly string[]): Language {
  if (chosen === "zh-Hans" || chosen === "en") return chosen;
  for (const tag of asked) {
    if (tag.startsWith("zh")) return "zh-Hans";
    if (tag.startsWith("en")) return "en";
  }
  return "zh-Hans";
}

export function wordsIn(language: Language): Words {
  const t: Words["t"] = (word, blanks = {}) =>
    catalogues[language][word].replace(/\{(\w+)\}/g, (_, name: string) => String(blanks[name] ?? ""));
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  return {
    language,
    t,
    text: (text) =>
      text === undefined ? "" : (text[language] ?? text["zh-Hans"] ?? text.en ?? Object.values(text)[0] ?? ""),
    codes: (given) => list.format(given.map((code) => own(codes, code)?.[language] ?? code)),
    clock: (time) => new Date(time).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hour12: false }),
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

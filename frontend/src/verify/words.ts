// What the page says, in every language. A test sees to it that all say the same things, and all reasons.
import type { Language } from "../lib/languages";
import type { ClaimName, Verdict } from "./report";
import { en } from "./words/en";
import { type Sentences, zhHans } from "./words/zh-Hans";
import { zhHant } from "./words/zh-Hant";

export type { Language };

export const WORDS: Record<Language, Sentences> = { "zh-Hans": zhHans, "zh-Hant": zhHant, en };
export type Word = keyof Sentences;

/** A sentence with its numbers put in. */
export function say(language: Language, word: Word, numbers: { [name: string]: number } = {}): string {
  return WORDS[language][word].replace(/\{(\w+)\}/g, (_, name: string) => String(numbers[name] ?? ""));
}

export const claimName = (language: Language, claim: ClaimName) => WORDS[language][claim];
export const claimQuestion = (language: Language, claim: ClaimName) => WORDS[language][`${claim}_ask`];
export const verdictWord = (language: Language, verdict: Verdict) => WORDS[language][verdict];

/** A text of a template in the reader's language, or in any it has. */
export function inLanguage(text: { [tag: string]: string } | undefined, language: Language): string {
  if (text === undefined) return "";
  return text[language] ?? text[language.slice(0, 2)] ?? text["zh-Hans"] ?? text.en ?? Object.values(text)[0] ?? "";
}

// The languages of the product, and which of them somebody reads.

export type Language = "zh-Hans" | "zh-Hant" | "en";
export const LANGUAGES: readonly { tag: Language; name: string }[] = [
  { tag: "zh-Hans", name: "简体" },
  { tag: "zh-Hant", name: "繁體" },
  { tag: "en", name: "English" },
];

/** The language of ours behind a BCP 47 tag: traditional Chinese in Hong Kong, Macau and Taiwan. */
function ours(tag: string): Language | undefined {
  const [language, ...more] = tag.toLowerCase().split("-");
  if (language === "en") return "en";
  if (language !== "zh") return undefined;
  if (more.includes("hans")) return "zh-Hans";
  return more.some((part) => ["hant", "hk", "mo", "tw"].includes(part)) ? "zh-Hant" : "zh-Hans";
}

/** The language chosen, else the first of ours that the browser asks for, else the one given. */
export function pickLanguage(chosen: string | undefined, asked: readonly string[], otherwise: Language): Language {
  const known = LANGUAGES.find(({ tag }) => tag === chosen)?.tag;
  return known ?? asked.map(ours).find((language) => language !== undefined) ?? otherwise;
}

import type { Language } from "./languages";

/** The time of day in a zone, as the page tells time: "14:32:08", or "14:32" without seconds. */
export function timeIn(timeZone: string | undefined, at = new Date(), seconds = true): string {
  const format: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (seconds) format.second = "2-digit";
  return at.toLocaleTimeString("en-GB", timeZone ? { ...format, timeZone } : format);
}

/** A day with its time of day where this browser is, as a reader of the language writes it. */
export function momentIn(language: Language, at: Date): string {
  const day = { year: "numeric", month: language === "en" ? "short" : "long", day: "numeric" } as const;
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  return at.toLocaleString(language === "en" ? "en-GB" : language, { ...day, ...clock });
}

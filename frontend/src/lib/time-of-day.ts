/** The time of day in a zone, as the page tells time: "14:32:08", or "14:32" without seconds. */
export function timeIn(timeZone: string | undefined, at = new Date(), seconds = true): string {
  const format: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (seconds) format.second = "2-digit";
  return at.toLocaleTimeString("en-GB", timeZone ? { ...format, timeZone } : format);
}

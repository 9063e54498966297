// The device's two clocks: the one people set, and one that only runs on.
import { newRef } from "./encoding";

export interface Clock {
  /** Milliseconds since 1970: a claim. */
  now(): number;
  /** Whole milliseconds since `boot` began. */
  mono(): number;
  boot: string;
}

/** The clock of this page. Its running clock starts with the page, so `boot` is drawn anew with it. */
export function pageClock(): Clock {
  return { now: () => Date.now(), mono: () => Math.floor(performance.now()), boot: newRef() };
}

/** A moment as events write it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

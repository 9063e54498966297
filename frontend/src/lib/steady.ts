// A clock that nobody's hand on the phone's settings moves: it runs by the counter that cannot be set, begins with the
// phone's own clock, and is put right by what the server says of the time.
import type { Clock } from "./clock";
import { newRef } from "./encoding";

/** What one start of the page leaves to the next. */
export interface Remembered {
  /** Milliseconds by which the server was ahead of the phone's own clock when it was last heard. */
  ahead: number;
  /** A moment that has passed for certain. */
  latest: number;
}

/** The counter of many phones stands still while they sleep, so their clock runs ahead of it: for a shift this is believed. */
const LONGEST_SLEEP_MS = 12 * 3600_000;
/** Clocks are put right by fractions all the time; and an answer names whole seconds. */
const SLACK_MS = 2_000;
/** An answer that took longer says too little about now. */
const LONGEST_TRIP_MS = 5_000;
/** A difference that a person should know about: events of such a clock look late, or as if from the future. */
const TELLING_MS = 2 * 60_000;

export interface Hands {
  /** The clock that people can set, in milliseconds since 1970. */
  wall: () => number;
  /** Milliseconds of a counter that cannot be set. */
  mono: () => number;
}

const HANDS: Hands = { wall: () => Date.now(), mono: () => performance.now() };

export class SteadyClock implements Clock {
  readonly boot = newRef();
  /** What the counter lacks to be the time. */
  private base: number;
  /** What the counter lacks to be the phone's own clock, as last looked at. */
  private set: number;
  private ahead: number;
  private isKnown: boolean;

  constructor(
    remembered?: Remembered,
    private readonly hands: Hands = HANDS,
  ) {
    this.ahead = remembered?.ahead ?? 0;
    this.isKnown = remembered !== undefined;
    this.set = hands.wall() - hands.mono();
    const begins = hands.wall() + this.ahead;
    // A phone whose clock was put back while the page was closed goes on from where it was.
    const latest = remembered?.latest ?? Number.NEGATIVE_INFINITY;
    this.base = (begins < latest - SLACK_MS ? latest : begins) - hands.mono();
  }

  /** The time, in whole milliseconds since 1970. */
  now(): number {
    this.look();
    return Math.floor(this.base + this.hands.mono());
  }

  mono(): number {
    return Math.floor(this.hands.mono());
  }

  /** The server's time in milliseconds, as an answer brought it that was `trip` milliseconds on its way, there and back. */
  hear(server: number, trip: number): void {
    if (trip > LONGEST_TRIP_MS) return;
    this.look();
    // The answer names a whole second that had begun.
    const now = server + 500 + trip / 2;
    if (Math.abs(now - (this.base + this.hands.mono())) > SLACK_MS) this.base = now - this.hands.mono();
    this.isKnown = true;
    this.ahead = Math.abs(now - this.hands.wall()) > SLACK_MS ? now - this.hands.wall() : 0;
  }

  /** By how many milliseconds the phone's own clock is ahead of the time; undefined where it is not known, or too little to tell. */
  difference(): number | undefined {
    const off = this.hands.wall() - this.now();
    return this.isKnown && Math.abs(off) > TELLING_MS ? off : undefined;
  }

  remember(): Remembered {
    return { ahead: this.ahead, latest: this.now() };
  }

  /** Whether the phone's own clock has moved away from the counter: by sleep, which is time, or by somebody's hand. */
  private look(): void {
    const moved = this.hands.wall() - this.hands.mono() - this.set;
    if (Math.abs(moved) <= SLACK_MS) return;
    this.set += moved;
    if (moved > 0 && moved <= LONGEST_SLEEP_MS) this.base += moved;
    else {
      this.ahead -= moved;
      this.isKnown = true;
    }
  }
}

/** A length of time as a person says it: days and hours, hours and minutes, minutes. */
export function spanOf(ms: number): { days: number; hours: number; minutes: number } {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  return { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60 };
}

/** The server's time in an answer, in milliseconds; undefined where it names none. */
export function timeIn(headers: Headers): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? undefined : date;
}

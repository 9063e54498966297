import { beforeEach, describe, expect, it } from "vitest";
import { SteadyClock, spanOf, timeIn } from "./steady";

const NOON = Date.parse("2026-03-01T12:00:00.000Z");
const HOUR = 3600_000;
const DAY = 24 * HOUR;

let counter: number;
let own: number;
const hands = { wall: () => own, mono: () => counter };
const pass = (ms: number) => {
  counter += ms;
  own += ms;
};

beforeEach(() => {
  counter = 5_000;
  own = NOON;
});

describe("SteadyClock", () => {
  it("begins with the phone's own clock and runs by the counter", () => {
    const clock = new SteadyClock(undefined, hands);
    expect(clock.now()).toBe(NOON);
    pass(90_000);
    expect(clock.now()).toBe(NOON + 90_000);
    expect(clock.mono()).toBe(95_000);
  });

  it.each([
    ["back", -DAY],
    ["forth", DAY],
  ])("is not fooled by a clock that is set %s by a day, and tells by how much it is off", (_, jump) => {
    const clock = new SteadyClock(undefined, hands);
    pass(HOUR);
    own += jump;
    expect(clock.now()).toBe(NOON + HOUR);
    pass(60_000);
    expect(clock.now()).toBe(NOON + HOUR + 60_000);
    expect(clock.difference()).toBe(jump);
  });

  it("takes the time that a phone has slept for time", () => {
    const clock = new SteadyClock(undefined, hands);
    own += 3 * HOUR;
    expect(clock.now()).toBe(NOON + 3 * HOUR);
    expect(clock.difference()).toBeUndefined();
  });

  it("is put right by the server, and not moved by what whole seconds leave open", () => {
    const clock = new SteadyClock(undefined, hands);
    clock.hear(NOON - 500, 100);
    expect(clock.now()).toBe(NOON);
    clock.hear(NOON + DAY, 100);
    expect(Math.abs(clock.now() - (NOON + DAY))).toBeLessThan(1_000);
    expect(Math.round((clock.difference() ?? 0) / HOUR)).toBe(-24);
  });

  it("does not believe an answer that was long on its way", () => {
    const clock = new SteadyClock(undefined, hands);
    clock.hear(NOON + DAY, 9_000);
    expect(clock.now()).toBe(NOON);
  });

  it("knows the difference on the next start, without a network", () => {
    own = NOON + DAY;
    const first = new SteadyClock(undefined, hands);
    first.hear(NOON, 0);
    pass(HOUR);
    counter = 0;
    const second = new SteadyClock(first.remember(), hands);
    expect(Math.abs(second.now() - (NOON + HOUR))).toBeLessThan(1_000);
    expect(second.boot).not.toBe(first.boot);
  });

  it("does not go back when the phone's own clock was put back while the page was closed", () => {
    const first = new SteadyClock(undefined, hands);
    pass(HOUR);
    const left = first.remember();
    counter = 0;
    own -= DAY;
    expect(new SteadyClock(left, hands).now()).toBe(NOON + HOUR);
  });
});

describe("spanOf", () => {
  it("gives days, hours and minutes of a length of time in either direction", () => {
    expect(spanOf(-(DAY + 2 * HOUR + 5 * 60_000))).toEqual({ days: 1, hours: 2, minutes: 5 });
  });
});

describe("timeIn", () => {
  it("reads the time of an answer, and nothing where there is none", () => {
    expect(timeIn(new Headers({ date: "Sun, 01 Mar 2026 12:00:00 GMT" }))).toBe(NOON);
    expect(timeIn(new Headers())).toBeUndefined();
  });
});

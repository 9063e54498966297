import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ALL_SIGNALS, readySound, setSignals, signal, sound } from "./signal";

/** What was felt, and the tones that were asked of the sound card, in hertz. */
let buzzed: number[][];
let tones: number[];

class Sounding {
  readonly state = "running";
  readonly currentTime = 0;
  readonly destination = {};
  readonly resume = async () => undefined;
  readonly createGain = () => ({ gain: { value: 0 }, connect: (to: unknown) => to });
  readonly createOscillator = () => {
    const frequency = { value: 0 };
    return { frequency, connect: (to: unknown) => to, start: () => tones.push(frequency.value), stop: () => undefined };
  };
}

beforeEach(() => {
  buzzed = [];
  tones = [];
  vi.stubGlobal("AudioContext", Sounding);
  vi.stubGlobal("navigator", { vibrate: (pattern: number[]) => buzzed.push(pattern) });
  vi.useFakeTimers();
  readySound();
  dispatchEvent(new Event("pointerdown"));
});

afterEach(() => {
  sound(false);
  setSignals(ALL_SIGNALS);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("signal", () => {
  it("is felt and heard; a tap is only felt", () => {
    signal("tap");
    expect([buzzed.length, tones]).toEqual([1, []]);
    signal("done");
    expect([buzzed.length, tones]).toEqual([2, [660, 880]]);
  });

  it("differs between what was done and what was refused", () => {
    signal("done");
    signal("refused");
    expect(buzzed[0]).not.toEqual(buzzed[1]);
    expect(tones.slice(0, 2)).not.toEqual(tones.slice(2));
  });

  it("is what the person wants", () => {
    setSignals({ vibration: false, sound: true });
    signal("done");
    expect([buzzed, tones.length]).toEqual([[], 2]);
    setSignals({ vibration: true, sound: false });
    signal("done");
    expect([buzzed.length, tones.length]).toEqual([1, 2]);
  });

  it("does nothing on a phone that cannot tremble", () => {
    vi.stubGlobal("navigator", {});
    expect(() => signal("done")).not.toThrow();
  });
});

describe("sound", () => {
  it("goes on until it is answered, whatever the person wants", async () => {
    setSignals({ vibration: false, sound: false });
    sound(true);
    sound(true);
    expect([buzzed.length, tones.length]).toEqual([1, 6]);
    await vi.advanceTimersByTimeAsync(4_000);
    expect([buzzed.length, tones.length]).toEqual([3, 18]);
    sound(false);
    await vi.advanceTimersByTimeAsync(4_000);
    // Whatever still trembles is stopped.
    expect([buzzed.length, buzzed.at(-1), tones.length]).toEqual([4, [], 18]);
  });
});

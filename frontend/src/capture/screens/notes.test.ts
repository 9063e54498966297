import { describe, expect, it } from "vitest";
import type { App, State } from "../app";
import { render } from "../view";
import { wordsIn } from "../words";
import { standingNotes } from "./notes";

const DAY = 24 * 3600_000;
const MB = 1e6;
const counts = { kept: 0, sent: 0, accepted: 0, stuck: 0, waiting: 0 };

function shown(change: Partial<State>, more: { isFull?: boolean; off?: number } = {}): string[] {
  const state = { screen: { name: "jobs" }, counts, shots: [], unused: [], ...change };
  const clock = { difference: () => more.off };
  const told = { job: () => undefined, member: "wen", nameOf: () => "Li" };
  const app = { state, clock, isFull: more.isFull === true, words: wordsIn("en"), ...told } as unknown as App;
  render(document.body, ...standingNotes(app));
  return [...document.querySelectorAll("p")].map((one) => one.textContent ?? "");
}

const space = (level: string, free = 0) => ({ space: { used: 0, free, persisted: true, level } }) as Partial<State>;
const job = { screen: { name: "job", run: "aa" } } as Partial<State>;

describe("standingNotes", () => {
  it("says nothing where there is nothing to say", () => {
    expect(shown(space("plenty"))).toEqual([]);
  });

  it("says how many photos still fit, where photos are taken or begun", () => {
    expect(shown(space("low", 150 * MB))[0]).toContain("60");
    expect(shown({ ...space("low", 150 * MB), ...job })).toHaveLength(1);
    expect(shown({ ...space("low", 150 * MB), screen: { name: "settings" } })).toEqual([]);
  });

  it("says on every screen that the phone is full, and not that it is nearly so", () => {
    expect(shown({ ...space("low"), screen: { name: "settings" } }, { isFull: true })).toHaveLength(1);
    expect(document.querySelector("[role=alert]")).not.toBeNull();
  });

  it("says how wrong the clock is, by its two largest units", () => {
    expect(shown({}, { off: DAY + 3 * 3600_000 + 120_000 })[0]).toMatch(/1 d.*3 h/);
    expect(shown({}, { off: -5 * 60_000 })[0]).toMatch(/5 min/);
    expect(shown({}, { off: DAY })).not.toEqual(shown({}, { off: -DAY }));
  });

  it("offers a new version on the list of jobs, and says what is unsent", () => {
    let updated = 0;
    const update = () => {
      updated += 1;
    };
    expect(shown({ update, ...job })).toEqual([]);
    expect(shown({ update })).toHaveLength(1);
    document.querySelector<HTMLButtonElement>(".problem-close")?.click();
    expect(updated).toBe(1);
    expect(shown({ update, counts: { ...counts, waiting: 3 } })[0]).toContain("3");
  });

  it("says that the server has lost something, and how much of it goes again", () => {
    expect(shown({ restored: 0 })).toEqual([]);
    expect(shown({ restored: 7 })[0]).toContain("sends 7 of them again");
  });

  it("says who was first, and where the photo is that was not needed", () => {
    const found = { run: "aa", path: "before/power_off", n: 1, who: "li", recorded: false };
    const kept = { run: "aa", step: "before/power_off", activation: 1 };
    const say = (change: object, unused: object[] = []) =>
      shown({ overtaken: { ...found, ...change }, unused } as unknown as Partial<State>)[0];
    expect(say({})).toMatch(/done by Li\. Go on/);
    expect(say({ who: "wen" })).toContain("you on another phone");
    expect(say({ recorded: true })).toMatch(/first by Li\. What you did is recorded/);
    expect(say({}, [{ ...kept, activation: 2 }])).not.toContain("photo");
    expect(say({}, [kept])).toContain("still on this phone");
  });
});

import { describe, expect, it } from "vitest";
import type { App, State } from "./app";
import { isSafe, unsent } from "./update";

const counts = { kept: 0, sent: 0, accepted: 0, stuck: 0, waiting: 0 };
const calm = { screen: { name: "jobs" }, busy: false, session: { status: "enrolled" }, shots: [], unused: [], counts };
const phone = (change: object) => ({ state: { ...calm, ...change } as unknown as State }) as App;

describe("isSafe", () => {
  it("lets a new version come while nobody does anything and the office has everything", () => {
    expect(isSafe(phone({}))).toBe(true);
    expect(isSafe(phone({ shots: [{ dseq: 1, here: true, state: "stored" }] }))).toBe(true);
  });
  it.each([
    ["in a step", { screen: { name: "job", run: "aa" } }],
    ["while something is being written", { busy: true }],
    ["before the phone is enrolled", { session: undefined }],
    ["with an event unsent", { counts: { ...counts, waiting: 1 } }],
    ["with a photo unsent", { shots: [{ dseq: 1, here: true, state: "waiting" }] }],
    ["with a photo that nobody has decided about", { unused: [{}] }],
  ])("does not %s", (_, change) => {
    expect(isSafe(phone(change))).toBe(false);
  });
});

describe("unsent", () => {
  it("counts events and photos that the office does not have", () => {
    const shots = [
      { dseq: 1, here: true, state: "waiting" },
      { dseq: 2, here: true, state: "stored" },
    ];
    expect(unsent(phone({ counts: { ...counts, waiting: 2 }, shots, unused: [{}] }))).toBe(4);
  });
});

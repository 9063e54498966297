import { describe, expect, it } from "vitest";
import type { FlowEvent } from "../lib/events";
import type { Job } from "./fold";
import { handOvers, myHandOver, newsFor, openHandOvers, reasonOf, stopOf, unseenStop } from "./news";

const [WEN, VERA, YU] = ["11".repeat(16), "22".repeat(16), "33".repeat(16)];

let count = 0;
function event(type: string, actor: string, data: object): FlowEvent {
  count += 1;
  return {
    type,
    actor,
    data,
    hash: String(count).padStart(64, "0"),
    claimed_at: "2026-03-01T08:00:00.000Z",
  } as FlowEvent;
}
const opened = () => event("run.opened", WEN, { people: { guardian: [VERA], crew: [WEN] } });
const job = (events: FlowEvent[], status = "open", contradictions: object[] = []) =>
  ({ run: "aa", events, known: { events: [] }, state: { status, contradictions } }) as unknown as Job;

describe("unseenStop", () => {
  it("is what somebody else called and this person has not acknowledged", () => {
    const stop = event("run.stopped", WEN, {});
    const seen = event("act.acknowledged", VERA, { about: stop.hash });
    expect(unseenStop(job([opened(), stop], "stopped"), VERA)?.hash).toBe(stop.hash);
    expect(unseenStop(job([opened(), stop], "stopped"), WEN)).toBeUndefined();
    expect(unseenStop(job([opened(), stop, seen], "stopped"), VERA)).toBeUndefined();
    expect(unseenStop(job([opened(), stop, seen], "stopped"), YU)?.hash).toBe(stop.hash);
  });
  it("is the newest stop, and none once the work goes on", () => {
    const [first, second] = [event("run.stopped", WEN, {}), event("run.stopped", WEN, {})];
    const seen = event("act.acknowledged", VERA, { about: first.hash });
    const all = [opened(), first, seen, event("run.resumed", WEN, {}), second];
    expect(unseenStop(job(all, "stopped"), VERA)?.hash).toBe(second.hash);
    expect(unseenStop(job(all, "open"), VERA)).toBeUndefined();
  });
  it("is not one that the rules did not allow", () => {
    const stop = event("run.stopped", WEN, {});
    const late = event("run.stopped", YU, {});
    expect(stopOf(job([opened(), stop, late], "stopped", [{ event: late.hash, codes: [] }]))?.hash).toBe(stop.hash);
  });
});

describe("handOvers", () => {
  it("tell who went, who came and who has not said so", () => {
    const changed = event("people.assigned", WEN, { part: "guardian", members: [YU] });
    expect(handOvers(job([opened(), changed]))).toMatchObject([
      { part: "guardian", gone: [VERA], came: [YU], waits: [VERA, YU] },
    ]);
    const taken = event("act.acknowledged", YU, { about: changed.hash });
    expect(openHandOvers(job([opened(), changed, taken]))).toMatchObject([{ waits: [VERA] }]);
    const given = event("act.acknowledged", VERA, { about: changed.hash });
    expect(openHandOvers(job([opened(), changed, taken, given]))).toEqual([]);
  });
  it("ask nobody who signed the change himself", () => {
    const changed = event("people.assigned", WEN, { part: "crew", members: [YU] });
    const [over] = handOvers(job([opened(), changed]));
    expect(over?.waits).toEqual([YU]);
  });
  it("are overtaken by a later change of the same part, and over with the job", () => {
    const first = event("people.assigned", WEN, { part: "guardian", members: [YU] });
    const back = event("people.assigned", WEN, { part: "guardian", members: [VERA] });
    expect(openHandOvers(job([opened(), first, back])).map(({ event }) => event.hash)).toEqual([back.hash]);
    expect(openHandOvers(job([opened(), first], "ended"))).toEqual([]);
  });
  it("ask each on their own phone", () => {
    const changed = event("people.assigned", WEN, { part: "guardian", members: [YU] });
    expect(myHandOver(job([opened(), changed]), YU)?.came).toEqual([YU]);
    expect(myHandOver(job([opened(), changed]), WEN)).toBeUndefined();
  });
});

describe("newsFor", () => {
  it("puts a stop in any job before a change of people", () => {
    const changed = job([opened(), event("people.assigned", WEN, { part: "guardian", members: [VERA, YU] })]);
    const stopped = job([opened(), event("run.stopped", WEN, {})], "stopped");
    expect(newsFor([changed, stopped], YU)?.kind).toBe("stop");
    expect(newsFor([changed], YU)?.kind).toBe("hand_over");
    expect(newsFor([], YU)).toBeUndefined();
  });
});

describe("reasonOf", () => {
  it("is what the office knows, and empty before it does", () => {
    const one = { ...job([]), known: { events: [{ hash: "h", reason: "because" }] } } as unknown as Job;
    expect(reasonOf(one, "h")).toBe("because");
    expect(reasonOf(one, "other")).toBe("");
  });
});

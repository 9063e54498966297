import { describe, expect, it } from "vitest";
import type { KnownRun, Outgoing } from "../lib/idb-store";
import { type Job, jobOf, ownRun } from "./fold";
import { overtaken } from "./overtaken";
import { DIRECTORY, DOCUMENT, LI, RUN, VERA, VERSION, WEN } from "./sample";

let count = 0;

/** An event of the crew's common step, or the first of the run. */
function signed(type: string, actor: string, data: object, more: object = {}): Outgoing {
  count += 1;
  const hash = count.toString(16).padStart(64, "0");
  const claimed_at = `2026-03-01T08:00:${String(count % 60).padStart(2, "0")}.000Z`;
  const place = type === "run.opened" ? {} : { step: "before/power_off", activation: 1 };
  const payload = { v: 1, type, run: RUN, actor, claimed_at, data, ...place, ...more };
  return { dseq: count, hash, payload, envelope: "", openings: [], state: "waiting", tries: 0, next_at: 0 } as never;
}

const people = { crew: [WEN, LI], electrician: [WEN], guardian: [VERA] };
const opened = signed("run.opened", WEN, { template: "belt", version: VERSION, subject: {}, people });
const resolved = [WEN, LI, VERA].map((member) =>
  signed(
    "people.resolved",
    "server",
    { member, roles: [member === VERA ? "guardian" : "worker"], certificates: { electrical: "2027-01-01" } },
    { step: undefined, activation: undefined },
  ),
);
const photo = (actor: string, commitment: string) =>
  signed(
    "photo.taken",
    actor,
    { slot: "isolator" },
    { photos: [{ slot: "isolator", commitment: commitment.repeat(32), media_type: "image/jpeg", size: 1 }] },
  );
const reading = (actor: string, point: string) =>
  signed("reading.taken", actor, {
    ...{ reading: "voltage", value: "0", unit: "V", point, instrument: "V1" },
    sampled_at: "2026-03-01T08:00:00.000Z",
  });
const confirmed = (actor: string) => signed("step.confirmed", actor, { answers: { still: true } });
const whole = (actor: string, commitment: string) => [
  photo(actor, commitment),
  reading(actor, "L1"),
  reading(actor, "L2"),
  confirmed(actor),
];

/** Wen's phone: what the log holds, and what it has signed itself. */
function job(log: Outgoing[], outbox: Outgoing[] = []): Job {
  const run = ownRun(opened, {}, "");
  const events = [opened, ...resolved, ...log].map(({ hash, payload }, index) => ({ hash, payload, index })) as never;
  const known = { ...run, events } satisfies KnownRun;
  const at = "2026-03-01T08:10:00.000Z";
  return jobOf({ known, document: DOCUMENT, outbox, shots: [], directory: DIRECTORY, member: WEN, at });
}

const hashes = (outbox: Outgoing[]) => new Set([opened, ...outbox].map(({ hash }) => hash));
const HERE = "before/power_off#1";
const place = { run: RUN, path: "before/power_off", n: 1 };

describe("overtaken", () => {
  it("says who has done the step that somebody has before them", () => {
    const found = overtaken(job([]), job(whole(LI, "c1")), hashes([]), HERE);
    expect(found).toEqual({ ...place, who: LI, recorded: false });
  });

  it("says who has filled what was empty, while the step goes on", () => {
    const found = overtaken(job([]), job([photo(LI, "c2")]), hashes([]), HERE);
    expect(found).toEqual({ ...place, name: "isolator", who: LI, recorded: false });
    const measured = overtaken(job([]), job([reading(LI, "L1")]), hashes([]), HERE);
    expect(measured).toMatchObject({ name: "voltage", who: LI });
  });

  it("says nothing of what was full before, of what this phone has done, or of a step that nobody has before them", () => {
    const full = [photo(LI, "c3")];
    expect(overtaken(job(full), job([...full, photo(LI, "c4")]), hashes([]), HERE)).toBeUndefined();
    const own = whole(WEN, "c5");
    expect(overtaken(job([]), job([], own), hashes(own), HERE)).toBeUndefined();
    expect(overtaken(job([], own), job(own, own), hashes(own), HERE)).toBeUndefined();
    expect(overtaken(job([]), job(whole(LI, "c6")), hashes([]))).toBeUndefined();
  });

  it("knows the same person's other phone", () => {
    expect(overtaken(job([]), job(whole(WEN, "c7")), hashes([]), HERE)).toMatchObject({ who: WEN, recorded: false });
  });

  it("says once who was first where both have done the step without a network", () => {
    const [theirs, own] = [whole(LI, "c8"), whole(WEN, "c9")];
    const alone = job([], own);
    const both = job(theirs, own);
    expect(overtaken(alone, both, hashes(own))).toEqual({ ...place, who: LI, recorded: true });
    expect(overtaken(both, job([...theirs, ...own], own), hashes(own))).toBeUndefined();
  });
});

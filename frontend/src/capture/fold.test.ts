import { describe, expect, it } from "vitest";
import type { StepNode, TemplateDocument } from "../flow/template";
import type { KnownRun, Outgoing } from "../lib/idb-store";
import { codesAgainst, eventsOf, type Job, jobOf, openSteps, ownRun } from "./fold";
import { DIRECTORY, DOCUMENT, LI, RUN, VERA, VERSION, WEN } from "./sample";
import { nextOf, type Todo, todosOf } from "./todo";

let count = 0;

function signed(type: string, at: string, data: object, more: object = {}): Outgoing {
  count += 1;
  const hash = count.toString(16).padStart(64, "0");
  const payload = { v: 1, type, run: RUN, actor: WEN, claimed_at: `2026-03-01T08:${at}.000Z`, data, ...more };
  return {
    dseq: count,
    hash,
    payload,
    envelope: "",
    openings: [],
    state: "waiting",
    tries: 0,
    next_at: 0,
  } as unknown as Outgoing;
}

const PEOPLE = { crew: [WEN], electrician: [WEN], guardian: [VERA] };
const opened = () => signed("run.opened", "00:00", { template: "belt", version: VERSION, subject: {}, people: PEOPLE });
const inStep = { step: "before/power_off", activation: 1 };
const photo = { photos: [{ slot: "isolator", commitment: "cc".repeat(32), media_type: "image/jpeg", size: 1 }] };
const shot = () => signed("photo.taken", "01:00", { slot: "isolator" }, { ...inStep, ...photo });
const reading = (point: string, value: string) =>
  signed(
    "reading.taken",
    "02:00",
    { reading: "voltage", value, unit: "V", sampled_at: "2026-03-01T08:02:00.000Z", point, instrument: "V1" },
    inStep,
  );

function job(outbox: Outgoing[], known: KnownRun["events"] = [], member = WEN, document = DOCUMENT): Job {
  const [first] = outbox;
  const run = first === undefined ? undefined : ownRun(first, {}, "");
  if (run === undefined) throw new Error("no run");
  return jobOf({
    known: { ...run, events: known },
    document,
    outbox,
    shots: [],
    directory: DIRECTORY,
    member,
    at: "2026-03-01T08:10:00.000Z",
  });
}

function todos(of: Job, member = WEN, given = {}, seen: string[] = []): Todo[] {
  const [step] = openSteps(of);
  if (step === undefined) return [];
  return todosOf({ job: of, step, member, at: "2026-03-01T08:10:00.000Z", given, seen: new Set(seen) });
}

const list = (all: Todo[]) => all.map((todo) => `${todo.id}${todo.done ? " done" : ""}`);

describe("jobOf", () => {
  it("opens a job offline, by the list of people that the phone has", () => {
    const found = job([opened()]);
    expect(found.state.status).toBe("open");
    expect(found.state.contradictions).toEqual([]);
    expect(openSteps(found).map(({ task }) => [task.path, task.mine])).toEqual([["before/power_off", true]]);
  });

  it("puts what this phone has signed on top of what the server has, each once", () => {
    const all = [opened(), shot()];
    const known = all.map(({ hash, payload }, index) => ({
      hash,
      payload,
      index,
      received_at: "",
      standing: "",
      codes: [],
    }));
    const facts = { type: "people.resolved", actor: "server", claimed_at: "2026-03-01T08:00:01.000Z" };
    const resolved = [WEN, VERA].map((member, at) => ({
      hash: `f${at}`,
      index: 9 + at,
      received_at: "",
      standing: "",
      codes: [],
      payload: {
        ...facts,
        data: { member, roles: at === 0 ? ["worker"] : ["guardian"], certificates: { electrical: "2027-01-01" } },
      },
    })) as unknown as KnownRun["events"];
    const found = job(all, [...known.slice(0, 1), ...resolved, ...known.slice(1)]);
    expect(found.state.events).toBe(4);
    expect(found.state.steps["before/power_off"]?.[0]?.photos).toHaveLength(1);
  });

  it("leaves out an event that the server called a fork", () => {
    const forked: Outgoing = { ...shot(), state: "forked" };
    expect(job([opened(), forked]).state.steps["before/power_off"]?.[0]?.photos).toHaveLength(0);
  });

  it("shows another person's step as not theirs", () => {
    expect(openSteps(job([opened()], [], VERA)).map(({ task }) => task.mine)).toEqual([false]);
  });
});

describe("eventsOf", () => {
  it("states people once, after the run is open", () => {
    const [first, second] = [opened(), shot()];
    const asEvent = ({ hash, payload }: Outgoing) => ({ ...payload, hash });
    const types = eventsOf([], [asEvent(first), asEvent(second)], DIRECTORY).map((event) => event.type);
    expect(types).toEqual(["run.opened", "people.resolved", "people.resolved", "photo.taken"]);
  });
});

describe("codesAgainst", () => {
  it("says why an act is not allowed", () => {
    const act = { type: "step.confirmed", actor: WEN, claimed_at: "2026-03-01T08:10:00.000Z", data: {}, ...inStep };
    expect(codesAgainst(job([opened()]), act)).toEqual(["answer_missing", "photo_missing", "reading_missing"]);
    expect(codesAgainst(job([opened()]), { ...act, actor: LI })).toEqual(["not_your_task"]);
  });
});

describe("todosOf", () => {
  const refusal = () =>
    signed("photo.refused", "06:00", { commitment: "cc".repeat(32), codes: ["size_differs"] }, { actor: "server" });
  const work = () => [opened(), shot(), reading("L1", "0"), reading("L2", "0")];

  it("says why a photo does not count, and asks for another", () => {
    const [photo] = todos(job([...work(), refusal()]));
    expect(photo).toMatchObject({ kind: "photo", done: false, taken: [], refused: ["size_differs"] });
  });

  it("asks for nothing but the photo once the step had been confirmed", () => {
    const confirmed = signed("step.confirmed", "05:00", { answers: { still: true } }, inStep);
    const found = job([...work(), confirmed, refusal()]);
    const again = openSteps(found).find(({ task }) => task.path === "before/power_off");
    expect(again?.activation).toMatchObject({ n: 2, retake: true });
    expect(list(todos(found))).toEqual([
      "photo:isolator",
      "reading:voltage:L1 done",
      "reading:voltage:L2 done",
      "ask:still done",
      "confirm",
    ]);
    expect(todos(found)[0]).toMatchObject({ refused: ["size_differs"] });
  });

  it("asks for what is stale too of whoever has joined at a retake, and of nobody else", () => {
    const [first, ...others] = DOCUMENT.stages.flatMap((stage) => stage.do) as StepNode[];
    const { voltage } = first?.readings ?? {};
    if (first === undefined || voltage === undefined) throw new Error("no such step");
    const fresh = [{ ...first, readings: { voltage: { ...voltage, fresh: 60 } } }, ...others];
    const stages = DOCUMENT.stages.map((stage, at) => (at === 0 ? { ...stage, do: fresh.slice(0, 2) } : stage));
    const version = "b3".repeat(32);
    const of = signed("run.opened", "00:00", { template: "belt", version, subject: {}, people: PEOPLE });
    const confirmed = signed("step.confirmed", "02:30", { answers: { still: true } }, inStep);
    const events = [of, shot(), reading("L1", "0"), reading("L2", "0"), confirmed, refusal()];
    const found = job(events, [], WEN, { ...DOCUMENT, stages });
    const [step] = openSteps(found);
    if (step === undefined) throw new Error("no open step");
    const here = { job: found, member: WEN, at: "2026-03-01T08:10:00.000Z", given: {}, seen: new Set<string>() };
    const joined = { ...step.activation, tasks: [{ parts: ["crew"], member: WEN, whole: true as const }] };
    const measured = (all: Todo[]) => list(all).filter((id) => id.startsWith("reading"));
    expect(step.activation.retake).toBe(true);
    expect(measured(todosOf({ ...here, step }))).toEqual(["reading:voltage:L1 done", "reading:voltage:L2 done"]);
    expect(measured(todosOf({ ...here, step: { ...step, activation: joined } }))).toEqual([
      "reading:voltage:L1",
      "reading:voltage:L2",
    ]);
  });

  it("asks photo, readings, questions, then to confirm", () => {
    expect(list(todos(job([opened()])))).toEqual([
      "photo:isolator",
      "reading:voltage:L1",
      "reading:voltage:L2",
      "ask:still",
      "confirm",
    ]);
  });

  it("ticks what is done, and asks again for what is out of limit", () => {
    const found = job([opened(), shot(), reading("L1", "0"), reading("L2", "380")]);
    expect(list(todos(found, WEN, { still: true }))).toEqual([
      "photo:isolator done",
      "reading:voltage:L1 done",
      "reading:voltage:L2",
      "ask:still done",
      "confirm",
    ]);
  });

  it("does not tick an answer that stops the work", () => {
    expect(list(todos(job([opened()]), WEN, { still: false }))).toContain("ask:still");
  });

  it("is at the register when it is the guardian's turn, until the guardian says that all who go in are in", () => {
    const done = [
      opened(),
      shot(),
      reading("L1", "0"),
      reading("L2", "0"),
      signed("step.confirmed", "05:00", { answers: { still: true } }, inStep),
    ];
    const enter = signed(
      "register.entered",
      "06:00",
      { register: "people", item: WEN },
      { actor: VERA, step: "before/enter", activation: 1 },
    );
    expect(list(todos(job(done, [], VERA), VERA))).toEqual(["register:people", "confirm"]);
    const one = job([...done, enter], [], VERA);
    expect(list(todos(one, VERA))).toEqual(["register:people", "confirm"]);
    expect(list(todos(one, VERA, {}, ["register:people"]))).toEqual(["register:people done", "confirm"]);
    expect(list(todos(job(done, [], VERA), VERA, {}, ["register:people"]))).toEqual(["register:people", "confirm"]);
  });
});

describe("order", () => {
  const [first] = DOCUMENT.stages.flatMap((stage) => stage.do);
  const { photos, ask, ...rest } = first as StepNode;
  const { isolator } = photos;
  const { still } = ask;
  if (isolator === undefined || still === undefined) throw new Error("no such step");
  const wide: StepNode = {
    ...rest,
    photos: { a_tag: isolator, isolator },
    ask: { calm: still, still },
    order: { photos: ["isolator", "a_tag"], ask: ["still", "calm"] },
  };
  const stages = DOCUMENT.stages.map((stage, at) => (at === 0 ? { ...stage, do: [wide] } : stage));

  it("is the author's on the phone, and by name where he has said nothing", () => {
    const asked = (document: TemplateDocument, version: string) => {
      const of = signed("run.opened", "00:00", { template: "belt", version, subject: {}, people: PEOPLE });
      return list(todos(job([of], [], WEN, document))).filter((id) => /^(photo|ask)/.test(id));
    };
    expect(asked({ ...DOCUMENT, stages }, "b1".repeat(32))).toEqual([
      "photo:isolator",
      "photo:a_tag",
      "ask:still",
      "ask:calm",
    ]);
    const { order: _, ...silent } = wide;
    const old = DOCUMENT.stages.map((stage, at) => (at === 0 ? { ...stage, do: [silent as StepNode] } : stage));
    expect(asked({ ...DOCUMENT, stages: old }, "b2".repeat(32))).toEqual([
      "photo:a_tag",
      "photo:isolator",
      "ask:calm",
      "ask:still",
    ]);
  });
});

describe("nextOf", () => {
  it("takes the one picked, else the first that is not done", () => {
    const all = todos(job([opened(), shot()]));
    expect(nextOf(all, undefined)?.id).toBe("reading:voltage:L1");
    expect(nextOf(all, "photo:isolator")?.id).toBe("photo:isolator");
    expect(nextOf(all, "gone")?.id).toBe("reading:voltage:L1");
  });
});

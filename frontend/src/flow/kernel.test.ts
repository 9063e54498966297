// @vitest-environment node
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../lib/canonical";
import type { FlowEvent } from "../lib/events";
import {
  decide,
  evolve,
  explain,
  fold,
  haws,
  newState,
  readTemplate,
  refusal,
  type State,
  type StepNode,
  type Template,
  type TemplateDocument,
  tasks,
  timers,
} from ".";

const WEN = "11".repeat(16);
const VERA = "22".repeat(16);
const QUENTIN = "33".repeat(16);
const text = (en: string) => ({ en });

function step(id: string, more: Partial<StepNode> = {}): StepNode {
  return {
    node: "step",
    id,
    title: text(id),
    who: { parts: ["crew"], each: false, policy: "all" },
    photos: {},
    readings: {},
    register: {},
    ask: {},
    must: [],
    source: [],
    ...more,
  };
}

const photos = {
  isolator: { title: text("isolator"), show: [], count: 1, camera_only: true, provisional: false },
};
const readings = {
  voltage: { title: text("voltage"), unit: "V", at_most: "0", points: ["L1", "L2"], instrument: true, fresh: 300 },
};
const guard = { parts: ["guardian"], each: false, policy: "all" as const };

const document: TemplateDocument = {
  v: 1,
  template: "belt-small",
  title: text("Belt"),
  subject: { equipment: "conveyor", scan: true },
  opened_by: ["worker"],
  leads: ["guardian"],
  expires_after: 3600,
  people: {
    crew: { title: text("crew"), roles: ["worker"], count: [1, 2], not_same_as: [] },
    guardian: { title: text("guardian"), roles: ["guardian"], count: [1, 1], not_same_as: ["crew"] },
  },
  registers: { people: { title: text("people"), kind: "people" } },
  stages: [
    {
      stage: "before",
      title: text("before"),
      exit: false,
      do: [step("power_off", { photos }), step("verify", { readings, due: 60 })],
    },
    {
      stage: "during",
      title: text("during"),
      exit: false,
      do: [
        step("enter", { who: guard, register: { people: { act: "in", at_least: 1 } } }),
        {
          node: "repeat",
          id: "patrol",
          at_least: 1,
          every: 600,
          until: { ended_by: ["guardian"] },
          do: [
            step("look", {
              who: guard,
              ask: { safe: { title: text("safe"), kind: "yes_no", options: [] } },
            }),
          ],
        },
      ],
    },
    {
      stage: "after",
      title: text("after"),
      exit: true,
      do: [
        step("leave", {
          who: guard,
          register: { people: { act: "out", at_least: 0 } },
          must: [{ register: "people", is: "empty" }],
        }),
        step("review", {
          who: guard,
          decision: { verdicts: ["ok", "no", "back"], back_to: ["after/leave"], reason: "unless_ok" },
        }),
      ],
    },
  ],
};

const time = (minutes: number) => new Date(Date.UTC(2026, 10, 1, 8, minutes)).toISOString();

/** A story: events one after the other, a minute apart. */
class Story {
  events: FlowEvent[] = [];

  constructor(readonly template: Template) {}

  add(type: string, actor: string, data: JsonObject, more: Partial<FlowEvent> = {}): this {
    this.events.push(this.event(type, actor, data, more));
    return this;
  }

  event(type: string, actor: string, data: JsonObject, more: Partial<FlowEvent> = {}): FlowEvent {
    const hash = String(this.events.length + 1).padStart(64, "0");
    return { type, actor, data, hash, claimed_at: time(this.events.length), ...more } as FlowEvent;
  }

  at(path: string, activation = 1): Partial<FlowEvent> {
    return { step: path, activation };
  }

  opened(): this {
    return this.add("run.opened", WEN, {
      template: "belt-small",
      version: this.template.version,
      subject: { equipment: "aa".repeat(16) },
      people: { crew: [WEN], guardian: [VERA] },
    })
      .add("people.resolved", "server", { member: WEN, roles: ["worker"], certificates: {} })
      .add("people.resolved", "server", { member: VERA, roles: ["guardian"], certificates: {} });
  }

  photographed(): this {
    const photo = { commitment: "cc".repeat(32), media_type: "image/jpeg", size: 3, slot: "isolator" };
    return this.add("photo.taken", WEN, { slot: "isolator" }, { ...this.at("before/power_off"), photos: [photo] });
  }

  poweredOff(): this {
    return this.photographed()
      .add("step.confirmed", WEN, {}, this.at("before/power_off"))
      .add("photo.stored", "server", { commitment: "cc".repeat(32) });
  }

  read(point: string, value: string): this {
    const sampled_at = time(this.events.length);
    const data = { reading: "voltage", value, unit: "V", sampled_at, point, instrument: "No. 7" };
    return this.add("reading.taken", WEN, data, this.at("before/verify"));
  }

  entered(): this {
    return this.poweredOff()
      .read("L1", "0.0")
      .read("L2", "0")
      .add("step.confirmed", WEN, {}, this.at("before/verify"))
      .add("register.entered", VERA, { register: "people", item: WEN }, this.at("during/enter"))
      .add("step.confirmed", VERA, {}, this.at("during/enter"));
  }

  patrolled(): this {
    return this.entered()
      .add("step.confirmed", VERA, { answers: { safe: true } }, this.at("during/patrol/look"))
      .add("repeat.ended", VERA, { repeat: "during/patrol" });
  }

  state(): State {
    return fold(this.template, this.events);
  }

  refused(type: string, actor: string, data: JsonObject, more: Partial<FlowEvent> = {}): string[] {
    return refusal(this.template, this.state(), this.event(type, actor, data, more));
  }

  haws(): string {
    return haws(this.template, this.state())
      .map((haw) => haw.state)
      .join(" ");
  }
}

const story = async () => new Story(await readTemplate(document));

describe("evolve", () => {
  it("leads a job from its opening to its end", async () => {
    const run = (await story()).opened().patrolled();
    run.add("register.left", VERA, { register: "people", item: WEN }, run.at("after/leave"));
    run.add("step.confirmed", VERA, {}, run.at("after/leave"));
    const saw = ["1".padStart(64, "0")];
    run.add("decision.made", VERA, { verdict: "ok", saw }, run.at("after/review"));
    expect(run.state().contradictions).toEqual([]);
    expect(run.state()).toMatchObject({ status: "ended", outcome: "completed" });
    expect(timers(run.template, run.state())).toEqual([]);
    expect(run.haws()).toBe("done done done done done done");
  });

  it("leaves the state it was given as it was", async () => {
    const run = (await story()).opened();
    const before = run.state();
    const copy = structuredClone(before);
    evolve(run.template, before, run.photographed().events.at(-1) as FlowEvent);
    expect(before).toEqual(copy);
  });

  it("gives the same state one event at a time", async () => {
    const run = (await story()).opened().patrolled();
    const one = run.events.reduce((state, event) => evolve(run.template, state, event), newState());
    expect(one).toEqual(run.state());
  });

  it("marks what the rules do not allow and changes nothing else", async () => {
    const run = (await story()).opened();
    const before = run.state();
    const { contradictions, events, ...rest } = run.add("step.confirmed", WEN, {}, run.at("before/power_off")).state();
    expect(contradictions).toEqual([{ event: "4".padStart(64, "0"), codes: ["photo_missing"] }]);
    expect({ ...rest, contradictions: [], events: events - 1 }).toEqual(before);
  });

  it("holds a step until the bytes of its photos are stored", async () => {
    const run = (await story()).opened().photographed();
    run.add("step.confirmed", WEN, {}, run.at("before/power_off"));
    expect(run.haws()).toBe("held waiting waiting waiting waiting waiting");
    run.add("photo.stored", "server", { commitment: "cc".repeat(32) });
    expect(run.haws()).toBe("done now waiting waiting waiting waiting");
  });

  it("walks the exit when a job is abandoned with people inside, and only then", async () => {
    const empty = (await story()).opened();
    const reason = { commitments: { reason: "dd".repeat(32) } };
    empty.add("run.abandoned", VERA, {}, reason);
    expect(empty.state()).toMatchObject({ status: "ended", outcome: "abandoned", way_out: false });
    const inside = (await story()).opened().entered();
    inside.add("run.abandoned", VERA, {}, reason);
    expect(inside.state()).toMatchObject({ status: "open", leaving: "abandoned", way_out: true });
    expect(inside.haws()).toBe("done done done skipped now waiting");
  });

  it("returns to a step, which is then done again", async () => {
    const run = (await story()).opened().patrolled();
    run.add("register.left", VERA, { register: "people", item: WEN }, run.at("after/leave"));
    run.add("step.confirmed", VERA, {}, run.at("after/leave"));
    const back = { verdict: "back", to: "after/leave", saw: ["1".padStart(64, "0")] };
    run.add("decision.made", VERA, back, { ...run.at("after/review"), commitments: { reason: "dd".repeat(32) } });
    expect(run.haws()).toBe("done done done done now returned");
    expect(tasks(run.template, run.state(), VERA, time(30))).toEqual([
      { path: "after/leave", n: 2, mine: true, missing: [] },
    ]);
  });
});

describe("refusal", () => {
  it.each([
    ["somebody who is in no part", "photo.taken", QUENTIN, { slot: "isolator" }, "before/power_off", "not_your_task"],
    ["a step that is not open", "step.confirmed", WEN, {}, "before/verify", "step_not_open"],
    ["a step that the template does not have", "step.confirmed", WEN, {}, "before/constructor", "step_unknown"],
    ["a machine that acts", "step.confirmed", "server", {}, "before/power_off", "machine_cannot_act"],
    ["a person who speaks for the server", "photo.stored", WEN, { commitment: "" }, undefined, "type_not_allowed"],
    ["data without its form", "reading.taken", WEN, { reading: "x" }, "before/power_off", "data_malformed"],
    [
      "a decision where none is asked",
      "decision.made",
      WEN,
      { verdict: "ok", saw: [] },
      "before/power_off",
      "no_decision_here",
    ],
    [
      "a reading that is not asked",
      "register.entered",
      WEN,
      { register: "constructor", item: "x" },
      "before/power_off",
      "register_not_here",
    ],
  ])("refuses %s", async (_, type, actor, data, path, code) => {
    const run = (await story()).opened();
    const place = path === undefined ? {} : run.at(path);
    const photo = { commitment: "ee".repeat(32), slot: "isolator", size: 1, media_type: "image/png" };
    const more = type === "photo.taken" ? { ...place, photos: [photo] } : place;
    expect(run.refused(type, actor, data as JsonObject, more)).toEqual([code]);
  });

  it("keeps a reading out of its limit and refuses the confirmation", async () => {
    const run = (await story()).opened().poweredOff().read("L1", "0.000000001").read("L2", "0");
    expect(run.state().contradictions).toEqual([]);
    expect(run.refused("step.confirmed", WEN, {}, run.at("before/verify"))).toEqual(["reading_out_of_limit"]);
    expect(haws(run.template, run.state())[1]?.found).toBe(true);
  });

  it("counts freshness from the time of sampling", async () => {
    const run = (await story()).opened().poweredOff().read("L1", "0").read("L2", "0");
    const late = { ...run.at("before/verify"), claimed_at: time(60) };
    expect(run.refused("step.confirmed", WEN, {}, late)).toEqual(["reading_stale"]);
  });

  it("lets nobody work on while the job is stopped", async () => {
    const run = (await story()).opened().add("run.stopped", WEN, {});
    expect(run.refused("step.confirmed", WEN, {}, run.at("before/power_off"))).toEqual(["run_stopped"]);
    expect(run.refused("run.resumed", WEN, {})).toEqual(["not_your_part"]);
    expect(run.refused("run.resumed", VERA, {})).toEqual(["reason_missing"]);
  });
});

describe("timers", () => {
  it("lists what is due by time", async () => {
    const run = (await story()).opened().poweredOff();
    expect(timers(run.template, run.state())).toEqual([
      { id: "due:before/verify:1", kind: "due", at: time(6), path: "before/verify" },
      { id: "expiry", kind: "expiry", at: time(60) },
    ]);
    run.add("timer.fired", "server", { timer: "due:before/verify:1" }).add("timer.fired", "server", { timer: "no" });
    expect(run.state().fired).toEqual(["due:before/verify:1"]);
    expect(haws(run.template, run.state())[1]?.overdue).toBe(true);
  });
});

describe("decide", () => {
  const directory = {
    [WEN]: { roles: ["worker"], certificates: {} },
    [VERA]: { roles: ["guardian"], certificates: {} },
  };

  it("opens a run and states who its people are after it", async () => {
    const { template } = await story();
    const data = {
      template: "belt-small",
      version: template.version,
      subject: { equipment: "aa".repeat(16) },
      people: { crew: [WEN], guardian: [VERA] },
    };
    const decided = decide(template, newState(), { type: "run.opened", actor: WEN, data }, time(0), directory);
    expect("events" in decided && decided.events.map(({ type, data: { member } }) => member ?? type)).toEqual([
      "run.opened",
      WEN,
      VERA,
    ]);
  });

  it("says why not", async () => {
    const run = (await story()).opened();
    const command = { type: "step.confirmed", actor: WEN, data: {}, ...run.at("before/power_off") };
    const { step: at, activation, ...rest } = command;
    expect(
      decide(run.template, run.state(), { ...rest, step: at ?? "", activation: activation ?? 1 }, time(5), directory),
    ).toEqual({ refused: ["photo_missing"] });
  });
});

describe("explain", () => {
  it("names the value that was missing", async () => {
    const run = (await story()).opened();
    const test = { value: "answer:during/patrol/look.safe", op: "is" as const, to: true };
    const people = { value: "part:crew", op: "at_least" as const, to: "1" };
    expect(explain(run.template, run.state(), { any: [{ all: [test, people] }] })).toEqual({
      truth: "unknown",
      tests: [
        { test, truth: "unknown" },
        { test: people, value: "1", truth: true },
      ],
    });
    expect(explain(run.template, run.patrolled().state(), { any: [{ all: [test] }] }).truth).toBe(true);
  });
});

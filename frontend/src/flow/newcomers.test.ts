// @vitest-environment node
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../lib/canonical";
import type { FlowEvent } from "../lib/events";
import { current, fold, loadTemplate, type State, type StepNode, type TemplateDocument } from ".";

const [LEAD, WEN, LI] = ["11", "22", "33"].map((byte) => byte.repeat(16)) as [string, string, string];
const VERSION = "ab".repeat(32);
const text = (en: string) => ({ en });
const EACH = { parts: ["crew"], each: true, policy: "all" as const };

function step(id: string, more: Partial<StepNode>): StepNode {
  const nothing = { photos: {}, readings: {}, register: {}, ask: {}, must: [], source: [] };
  return { node: "step", id, title: text(id), who: { ...EACH, each: false }, ...nothing, ...more };
}

const part = (role: string): TemplateDocument["people"][string] => ({
  title: text(role),
  roles: [role],
  count: [1, 3],
  not_same_as: [],
});
const register = (act: "in" | "out") => ({ locks: { act, at_least: act === "in" ? 1 : 0 } });
const again = { ...EACH, newcomers: true as const };
const template = loadTemplate(
  {
    v: 1,
    template: "small",
    title: text("small"),
    subject: {},
    opened_by: ["team_leader"],
    leads: ["lead"],
    people: { lead: part("team_leader"), crew: part("worker") },
    registers: { locks: { title: text("locks"), kind: "locks" } },
    stages: [
      {
        stage: "work",
        title: text("work"),
        exit: false,
        do: [step("lock", { who: again, register: register("in") }), step("told", { who: EACH }), step("weld", {})],
      },
      {
        stage: "after",
        title: text("after"),
        exit: true,
        do: [step("unlock", { who: EACH, register: register("out") })],
      },
    ],
  },
  VERSION,
);

class Run {
  private readonly events: FlowEvent[] = [];

  add(type: string, actor: string, data: JsonObject, path?: string): this {
    const n = this.events.length;
    const claimed_at = `2026-03-01T08:00:${String(n).padStart(2, "0")}.000Z`;
    const place = path === undefined ? {} : { step: path, activation: 1 };
    this.events.push({ type, actor, claimed_at, data, hash: String(n), ...place } as unknown as FlowEvent);
    return this;
  }

  assign(...members: string[]): this {
    return this.add("people.assigned", LEAD, { part: "crew", members });
  }

  lock(member: string): this {
    return this.add("register.entered", member, { register: "locks", item: member, holder: member }, "work/lock").add(
      "step.confirmed",
      member,
      {},
      "work/lock",
    );
  }

  get state(): State {
    return fold(template, this.events);
  }

  get open(): string[] {
    const { state } = this;
    expect(state.contradictions).toEqual([]);
    return [...template.steps.keys()].filter((path) => current(state, path)?.state === "open");
  }
}

function begun(): Run {
  const people = { lead: [LEAD], crew: [WEN] };
  const run = new Run().add("run.opened", LEAD, { template: "small", version: VERSION, subject: {}, people });
  for (const [member, role] of [
    [LEAD, "team_leader"],
    [WEN, "worker"],
    [LI, "worker"],
  ] as const) {
    run.add("people.resolved", "server", { member, roles: [role], certificates: {} });
  }
  return run.lock(WEN).add("step.confirmed", WEN, {}, "work/told");
}

describe("newcomers", () => {
  it("do what is over, alone, and nothing new opens before", () => {
    const run = begun().assign(WEN, LI);
    expect(run.open).toEqual(["work/lock", "work/weld"]);
    const undone = current(run.state, "work/lock")?.tasks.filter(({ done_by }) => done_by === undefined);
    expect(undone).toEqual([{ parts: ["crew"], member: LI }]);
    expect(run.add("step.confirmed", WEN, {}, "work/weld").open).toEqual(["work/lock"]);
    expect(run.lock(LI).open).toEqual(["after/unlock"]);
  });

  it("who are taken off again leave the step as it was", () => {
    const run = begun().assign(WEN, LI).assign(WEN);
    expect(run.open).toEqual(["work/weld"]);
    expect(current(run.state, "work/lock")?.state).toBe("closed");
  });

  it("lock on no more when the way out has begun", () => {
    const run = begun().add("step.confirmed", WEN, {}, "work/weld").assign(WEN, LI);
    expect(run.open).toEqual(["after/unlock"]);
  });

  it("do not make void what was done when the job is given up", () => {
    const run = begun().assign(WEN, LI);
    const payload = { type: "run.abandoned", actor: LEAD, claimed_at: "2026-03-01T09:00:00.000Z", data: {} };
    const given = { ...payload, hash: "end", commitments: { reason: "" } } as unknown as FlowEvent;
    const state = fold(template, [given], run.state);
    expect(state.steps["work/lock"]?.map((one) => one.state)).toEqual(["closed"]);
  });
});

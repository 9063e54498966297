// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { removersOf } from "../../flow/removals";
import type { TemplateDocument } from "../../flow/template";
import type { Api } from "../../lib/api";
import { newRef } from "../../lib/encoding";
import { type KnownRun, openStore, setSingle } from "../../lib/idb-store";
import { deviceKey } from "../../lib/keys";
import { SteadyClock } from "../../lib/steady";
import { App, newDraft } from "../app";
import { DIRECTORY, DOCUMENT, LI, RUN, VERA, VERSION, WEN } from "../sample";
import type { Child, Node_ } from "../view";
import { locksButton, locksScreen } from "./locks";

const START = Date.parse("2026-03-01T08:00:00.000Z");
const CHEN = "44".repeat(16);

const locking = { parts: ["crew"], each: true, policy: "all" as const };
const document: TemplateDocument = {
  ...DOCUMENT,
  opened_by: ["guardian"],
  people: {
    ...DOCUMENT.people,
    quality: { title: { en: "Quality" }, roles: ["safety_officer"], count: [1, 1], not_same_as: ["crew"] },
  },
  registers: {
    people: { title: { en: "People" }, kind: "people" },
    locks: { title: { en: "Locks" }, kind: "locks", absent_owner: { decided_by: ["quality"] } },
  },
  stages: DOCUMENT.stages.map((stage) => ({
    ...stage,
    do: stage.do.flatMap((node) => {
      if (node.node !== "step") return [];
      const act = stage.exit ? ("out" as const) : ("in" as const);
      const register = { locks: { act, at_least: 0 } };
      return [{ ...node, id: `${node.id}_lock`, who: locking, photos: {}, readings: {}, ask: {}, must: [], register }];
    }),
  })),
};

function known(type: string, actor: string, data: object, more: object = {}): KnownRun["events"][number] {
  const hash = newRef() + newRef();
  const payload = { v: 1, type, run: RUN, actor, claimed_at: "2026-03-01T07:00:00.000Z", data, ...more };
  return { hash, payload, index: 1, received_at: "", standing: "accepted", codes: [] } as never;
}

const resolved = (member: string, role: string) =>
  known("people.resolved", "server", { member, roles: [role], certificates: { electrical: "2027-01-01" } });

function events(): KnownRun["events"] {
  const people = { crew: [WEN, LI], electrician: [WEN], guardian: [VERA], quality: [CHEN] };
  const place = { step: "before/power_off_lock", activation: 1 };
  const lock = { register: "locks", item: "0231", holder: WEN, point: "Q3" };
  return [
    known("run.opened", VERA, { template: "belt", version: VERSION, subject: {}, people }),
    ...[WEN, LI].map((member) => resolved(member, "worker")),
    resolved(VERA, "guardian"),
    resolved(CHEN, "safety_officer"),
    known("register.entered", WEN, lock, place),
  ];
}

let app: App;

async function appOf(member: string): Promise<App> {
  const store = await openStore(`phone-${newRef()}`);
  const key = await deviceKey(store);
  await setSingle(store, "session", { status: "enrolled", member, name: "me", tenant: "harbour", roles: [] } as never);
  await setSingle(store, "directory", {
    ...DIRECTORY,
    people: [...DIRECTORY.people, { ref: CHEN, name: "Chen", roles: [], certificates: {}, unit: "" }],
  });
  await store.put("versions", { version: VERSION, document } as never);
  const run = { run: RUN, template: "belt", version: VERSION, title: {}, equipment: "C3", status: "open" };
  const more = { opened_at: "2026-03-01T07:00:00.000Z", my_turn: true, announced: 0, events: events() };
  await store.put("runs", { ...run, ...more } as never);
  let tick = 0;
  const now = () => {
    tick += 1;
    return START + tick;
  };
  const clock = new SteadyClock(undefined, { wall: now, mono: () => tick });
  const made = new App(store, key, clock, {} as Api, "en", () => undefined);
  await made.refresh();
  return made;
}

const theJob = () => app.job(RUN) as NonNullable<ReturnType<App["job"]>>;
const flat = (child: Child): (Node_ | string)[] =>
  Array.isArray(child)
    ? child.flatMap(flat)
    : child === false || child === null || child === undefined
      ? []
      : typeof child === "number"
        ? [String(child)]
        : [child];
const words = (node: Node_ | string): string => (typeof node === "string" ? node : node.children.map(words).join(" "));
const every = (node: Node_ | string): Node_[] =>
  typeof node === "string" ? [] : [node, ...node.children.flatMap(every)];
const shown = () => flat(locksScreen(app, theJob())).map(words).join(" ");
const buttons = () =>
  flat(locksScreen(app, theJob()))
    .flatMap(every)
    .filter(({ tag }) => tag === "button");

function press(label: string): void {
  const button = buttons().find((one) => words(one).trim() === label);
  if (button === undefined) throw new Error(`no button ${label}: ${buttons().map(words).join(" | ")}`);
  expect(button.props.disabled ?? false).toBe(false);
  button.props.on?.click?.({} as Event);
}

beforeEach(async () => {
  vi.stubGlobal("location", { hash: "" });
  vi.stubGlobal("navigator", {});
  app = await appOf(CHEN);
});

describe("locksScreen", () => {
  it("leads through three statements and a reason to a signed decision", async () => {
    expect(removersOf(theJob().template, "locks")).toEqual(["quality"]);
    expect(locksButton(app, theJob())).not.toBe(false);
    expect(shown()).toContain("Lock of Wen · Q3");
    press("Owner cannot come");
    const asked = ["Is it certain that Wen is not on site?", "everything been done to reach Wen?", "Wen will be told"];
    for (const [n, question] of asked.entries()) {
      expect(shown()).toContain(`${n + 1} of 3`);
      expect(shown()).toContain(question);
      press("Yes, certain");
    }
    const sign = buttons().find((one) => words(one).includes("Sign: remove the lock"));
    expect(sign?.props.disabled).toBe(true);
    app.change({ reason: "in hospital since noon" });
    press("Sign: remove the lock");
    await vi.waitFor(() => expect(app.state.outbox).toHaveLength(1));
    const { payload, openings } = app.state.outbox[0] as (typeof app.state.outbox)[number];
    const opened = theJob().events[0]?.hash;
    expect(payload.type).toBe("lock.removed");
    expect(payload.data).toMatchObject({ register: "locks", item: "0231", holder: WEN });
    expect(payload.data.confirmed).toEqual(["not_on_site", "told_before_return", "tried_to_reach"]);
    expect(payload.data.saw).toHaveLength(1);
    expect(payload.data.saw).not.toContain(opened);
    expect(JSON.stringify(payload)).not.toContain("hospital");
    expect(openings.map(({ value }) => value)).toEqual(["in hospital since noon"]);
    const [entry] = theJob().state.registers.locks ?? [];
    expect([entry?.out_by, entry?.exception]).toEqual([CHEN, app.state.outbox[0]?.hash]);
    expect(app.state.toast).toBe("Signed. The leader now takes Wen off the job.");
  });

  it("leaves the lock where it is when one of the three is not so", () => {
    press("Owner cannot come");
    press("Yes, certain");
    press("No");
    expect(app.state.problem).toBe("Then the lock stays on.");
    expect(shown()).toContain("Owner cannot come");
    expect(app.state.draft.confirmed).toBeUndefined();
  });

  it("goes back one statement at a time", () => {
    press("Owner cannot come");
    press("Yes, certain");
    const back = buttons().find((one) => one.props["aria-label"] === "Back");
    back?.props.on?.click?.({} as Event);
    expect(shown()).toContain("1 of 3");
  });

  it("is not offered to the owner, to the leader, or to workmates", async () => {
    for (const member of [WEN, LI, VERA]) {
      app = await appOf(member);
      app.set({ draft: { ...newDraft(""), removal: { register: "locks", item: "0231", holder: WEN } } });
      expect(locksButton(app, theJob())).toBe(false);
      expect(buttons().map(words).join()).not.toContain("Owner cannot come");
    }
  });
});

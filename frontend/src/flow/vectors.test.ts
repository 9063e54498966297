// @vitest-environment node
// The vectors that both kernels share: tests/vectors/flow/**/*.json.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalText, type Json } from "../lib/canonical";
import type { FlowEvent } from "../lib/events";
import { fold, haws, readTemplate, refusal, type State, type TemplateDocument, tasks, timers } from ".";

interface Case {
  name: string;
  events: FlowEvent[];
  state: Json;
  at: string;
  timers?: Json;
  haws?: Json;
  tasks?: { [member: string]: Json };
  refused?: { event: FlowEvent; codes: string[] }[];
}
interface Vector {
  about: string;
  template: TemplateDocument;
  cases: Case[];
}

const folder = path.resolve(import.meta.dirname, "../../../tests/vectors/flow");

function vectorFiles(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort();
}

const text = (value: unknown) => canonicalText(value as Json);

/** Equal byte for byte; the object comparison first, for a readable difference. */
function same(given: unknown, wanted: Json, about: string): void {
  expect(given, about).toEqual(wanted);
  expect(text(given), about).toBe(text(wanted));
}

function check(template: Awaited<ReturnType<typeof readTemplate>>, item: Case): void {
  const state: State = fold(template, item.events);
  same(state, item.state, "state");
  if (item.timers !== undefined) same(timers(template, state), item.timers, "timers");
  if (item.haws !== undefined) same(haws(template, state), item.haws, "haws");
  for (const [member, wanted] of Object.entries(item.tasks ?? {})) {
    same(tasks(template, state, member, item.at), wanted, `tasks of ${member}`);
  }
  for (const { event, codes } of item.refused ?? []) {
    same(refusal(template, state, event), codes, `refused ${event.type}`);
  }
}

const files = vectorFiles();

describe.skipIf(files.length === 0)("the kernel agrees with the shared vectors", () => {
  for (const name of files) {
    const vector = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Vector;
    for (const item of vector.cases) {
      it(`${name}: ${item.name}`, async () => check(await readTemplate(vector.template), item));
    }
  }
});

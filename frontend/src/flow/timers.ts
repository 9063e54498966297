// The times that a run waits for (docs/formats/flow.md, "Timers").
import { currentOpen, isRunning, later, type State, timerId } from "./state";
import { own, type Template } from "./template";

export interface Timer {
  id: string;
  kind: "expiry" | "due" | "not_before" | "every";
  at: string;
  path?: string;
}

function order(a: Timer, b: Timer): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** The timers that have not fired, by time and id. */
export function timers(template: Template, state: State): Timer[] {
  const { opened_at } = state;
  if (opened_at === undefined || state.status === "ended") return [];
  const all: Timer[] = [];
  const { expires_after } = template.document;
  if (expires_after !== undefined && state.leaving === undefined) {
    all.push({ id: "expiry", kind: "expiry", at: later(opened_at, expires_after) });
  }
  for (const path of template.steps.keys()) {
    const activation = currentOpen(state, path);
    for (const kind of ["due", "not_before"] as const) {
      const at = activation?.[kind];
      if (activation && at !== undefined) all.push({ id: timerId(kind, path, activation.n), kind, at, path });
    }
  }
  for (const path of template.repeats.keys()) {
    const entry = own(state.repeats, path);
    if (entry?.due === undefined || !isRunning(template, state, path)) continue;
    all.push({ id: timerId("every", path, entry.rounds), kind: "every", at: entry.due, path });
  }
  return all.filter(({ id }) => !state.fired.includes(id)).sort(order);
}

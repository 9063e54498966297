// The flow kernel: a run's state from its events (docs/formats/flow.md). Pure: no clock, no chance, no network.
import type { FlowEvent } from "../lib/events";
import { advance } from "./advance";
import { apply } from "./apply";
import { isKnown, refusal } from "./refusals";
import { newState, type State } from "./state";
import type { Template } from "./template";

export { type Explanation, evaluate, explain, type Truth } from "./conditions";
export { type Command, type Decided, type Directory, type Draft, decide } from "./decide";
export { missing } from "./missing";
export { assignmentCodes, holds, holdsOne } from "./people";
export { refusal } from "./refusals";
export { type Haw, type HawState, haws } from "./skewer";
export { type Activation, current, currentOpen, entriesIn, newState, type State } from "./state";
export { type OpenTask, tasks } from "./tasks";
export {
  loadTemplate,
  readTemplate,
  type StepNode,
  type StepPlace,
  type Template,
  type TemplateDocument,
  type Text,
  versionHash,
} from "./template";
export { type Timer, timers } from "./timers";

function step(template: Template, state: State, event: FlowEvent): void {
  state.events += 1;
  state.sealed = event.type === "run.sealed";
  if (event.revoked === true) {
    // Its key had ended before it came: it is kept, and a person looks at it.
    state.contradictions.push({ event: event.hash, codes: ["key_revoked"] });
    return;
  }
  if (!isKnown(event.type)) return;
  const codes = refusal(template, state, event);
  if (codes.length > 0) {
    state.contradictions.push({ event: event.hash, codes });
    return;
  }
  apply(template, state, event);
  if (state.status === "open") advance(template, state, event.claimed_at);
}

/** The state after one more event; what the rules do not allow is marked in it. The given state is left as it is. */
export function evolve(template: Template, state: State, event: FlowEvent): State {
  return fold(template, [event], state);
}

/** The state after all these events, in the order of the log. */
export function fold(template: Template, events: readonly FlowEvent[], from: State = newState()): State {
  const state = structuredClone(from);
  for (const event of events) step(template, state, event);
  return state;
}

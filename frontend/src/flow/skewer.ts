// The skewer: one haw per step (docs/formats/flow.md, "Skewer" and clarification 23).
import { type Activation, activations, current, inEndedRepeat, type State, stageCounts, timerId } from "./state";
import { own, type RepeatPlace, type StepPlace, type Template } from "./template";

export type HawState = "waiting" | "maybe" | "skipped" | "now" | "held" | "done" | "returned";
export interface Haw {
  stage: string;
  path: string;
  state: HawState;
  n: number;
  rounds: number;
  photos: string[];
  by: string[];
  at?: string;
  overdue: boolean;
  found: boolean;
}

const SHOWN: Record<Activation["state"], HawState> = { open: "now", passed: "held", closed: "done", void: "returned" };

function branchNotTaken(state: State, { around }: StepPlace): boolean {
  return around.some(({ place, branch }) => {
    const taken = place.kind === "choice" ? own(state.choices, place.path) : undefined;
    return taken !== undefined && taken !== branch;
  });
}

function inOpenChoice(state: State, { around }: StepPlace): boolean {
  return around.some(({ place }) => place.kind === "choice" && own(state.choices, place.path) === undefined);
}

/** The state to draw, or null for a step that is left out. */
function stateOf(state: State, place: StepPlace, newest: Activation | undefined): HawState | null {
  const cutOff = branchNotTaken(state, place);
  const over = inEndedRepeat(state, place);
  const shown = current(state, place.path) ?? (cutOff || over ? newest : undefined);
  if (shown !== undefined) return SHOWN[shown.state];
  if (cutOff) return null;
  if (over || !stageCounts(state, place.stage) || state.status === "ended") return "skipped";
  if (inOpenChoice(state, place)) return "maybe";
  return activations(state, place.path).at(-1)?.state === "void" ? "returned" : "waiting";
}

function nearestRepeat({ around }: StepPlace): RepeatPlace | undefined {
  const found = around.findLast(({ place }) => place.kind === "repeat")?.place;
  return found?.kind === "repeat" ? found : undefined;
}

function roundsDone(state: State, repeat: RepeatPlace | undefined): number {
  const entry = repeat && own(state.repeats, repeat.path);
  if (entry === undefined) return 0;
  return entry.ended ? entry.rounds : entry.rounds - 1;
}

function isOverdue(state: State, place: StepPlace): boolean {
  const n = current(state, place.path)?.n ?? 0;
  const repeat = nearestRepeat(place);
  const rounds = (repeat && own(state.repeats, repeat.path)?.rounds) ?? 0;
  return (
    state.fired.includes(timerId("due", place.path, n)) ||
    (repeat !== undefined && state.fired.includes(timerId("every", repeat.path, rounds)))
  );
}

function isFound(state: State, activation: Activation | undefined): boolean {
  if (activation === undefined) return false;
  const { photos, readings, decision } = activation;
  if (photos.some(({ refused }) => refused !== undefined)) return true;
  const events = new Set([...photos, ...readings, ...(decision ? [decision] : [])].map(({ event }) => event));
  return readings.some(({ ok }) => !ok) || state.findings.some(({ about }) => events.has(about));
}

function hawOf(state: State, place: StepPlace): Haw | null {
  const real = activations(state, place.path).filter((activation) => activation.state !== "void");
  const newest = real.at(-1);
  const shape = stateOf(state, place, newest);
  if (shape === null) return null;
  const at = newest?.passed_at ?? newest?.opened_at;
  return {
    stage: place.stage.stage,
    path: place.path,
    state: shape,
    n: real.length,
    rounds: roundsDone(state, nearestRepeat(place)),
    photos: newest?.photos.filter(({ refused }) => !refused).map(({ commitment }) => commitment) ?? [],
    by: [...new Set(newest?.tasks.flatMap(({ done_by }) => done_by ?? []))],
    ...(at === undefined ? {} : { at }),
    overdue: shape === "now" && isOverdue(state, place),
    found: isFound(state, newest),
  };
}

/** The haws of the run in document order. */
export function haws(template: Template, state: State): Haw[] {
  return [...template.steps.values()].flatMap((place) => hawOf(state, place) ?? []);
}

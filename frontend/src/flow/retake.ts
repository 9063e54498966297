// What a refused photo changes (docs/formats/flow.md, "A refused photo"). Works on a state that may be changed.
import type { FlowEvent } from "../lib/events";
import { textOf, textsOf } from "./refusals";
import { type Activation, activations, current, isSettled, later, type State, sorted, stageCounts } from "./state";
import { own, put, type StepPlace, type Template } from "./template";

function lacksPhotos({ step }: StepPlace, activation: Activation, member?: string): boolean {
  return Object.entries(step.photos).some(([slot, { count }]) => {
    const taken = activation.photos.filter((photo) => photo.slot === slot && photo.refused === undefined);
    return taken.filter(({ by }) => member === undefined || by === member).length < count;
  });
}

/** The numbers of the tasks that were done on photos of which there are now too few. */
function shortTasks(state: State, place: StepPlace, activation: Activation): number[] {
  const { who } = place.step;
  const done = activation.tasks.flatMap((task, number) => (task.done_by === undefined ? [] : [{ ...task, number }]));
  if (!who.each) return lacksPhotos(place, activation) ? done.map(({ number }) => number) : [];
  // Whoever is no longer in the part cannot be asked any more.
  const present = own(state.people, who.parts[0] ?? "") ?? [];
  return done.flatMap(({ number, member }) =>
    member !== undefined && present.includes(member) && lacksPhotos(place, activation, member) ? [number] : [],
  );
}

function undoTasks(activation: Activation, short: number[]): void {
  for (const number of short) {
    const task = activation.tasks[number];
    delete task?.done_by;
    // He has done it once: from here on only the photo is asked of him.
    delete task?.whole;
    delete task?.done_at;
  }
}

/** Voids the activation and opens another with all that still stands, so that only the photo is asked again. */
function openAgain(state: State, place: StepPlace, activation: Activation, short: number[], at: string): void {
  const all = activations(state, place.path);
  const { tasks, photos, readings, answers } = structuredClone(activation);
  const again: Activation = {
    n: all.length + 1,
    state: "open",
    opened_at: at,
    retake: true,
    tasks,
    photos: photos.filter(({ refused }) => refused === undefined),
    readings,
    answers,
  };
  undoTasks(again, short);
  if (place.step.due !== undefined) again.due = later(at, place.step.due);
  activation.state = "void";
  put(state.steps, place.path, [...all, again]);
  for (const { place: outer } of place.around) {
    const rounds = outer.kind === "repeat" ? own(state.repeats, outer.path) : undefined;
    if (rounds !== undefined) rounds.ended = false;
  }
}

function askAgain(state: State, place: StepPlace, activation: Activation, at: string): void {
  const short = shortTasks(state, place, activation);
  if (short.length === 0 || !stageCounts(state, place.stage)) return;
  if (activation.state === "open") {
    // Whoever confirms a common step next is asked for the photo; in an each-step nobody else is.
    if (place.step.who.each) undoTasks(activation, short);
  } else if ((activation.decision?.verdict ?? "ok") === "ok") openAgain(state, place, activation, short, at);
}

/** The photo counts for nothing any more; whoever passed a step on it is asked for another. */
export function refusePhoto(template: Template, state: State, event: FlowEvent): void {
  const commitment = textOf(event, "commitment");
  const every = Object.values(state.steps).flat();
  for (const photo of every.flatMap(({ photos }) => photos)) {
    if (photo.commitment === commitment) photo.refused = sorted([...(photo.refused ?? []), ...textsOf(event, "codes")]);
  }
  for (const place of state.status === "ended" ? [] : template.steps.values()) {
    const now = current(state, place.path);
    if (now?.photos.some((photo) => photo.commitment === commitment)) {
      askAgain(state, place, now, event.claimed_at);
    }
  }
  for (const activation of every) {
    if (activation.state === "passed" && activation.photos.every(isSettled)) activation.state = "closed";
  }
}

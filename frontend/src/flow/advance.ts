// What opens next, and when a run ends (docs/formats/flow.md, "Advance"). Works on a state that may be changed.
import { evaluate } from "./conditions";
import { stepsInside } from "./refusals";
import {
  type Activation,
  activations,
  current,
  endRound,
  isSettled,
  later,
  type State,
  stageCounts,
  type Task,
} from "./state";
import { type ChoicePlace, own, type Place, put, type RepeatPlace, type StepPlace, type Template } from "./template";

function isStepDone(state: State, { path, step }: StepPlace): boolean {
  const activation = current(state, path);
  if (activation?.state === "closed") return true;
  if (activation?.state !== "passed") return false;
  return activation.photos.every((photo) => isSettled(photo) || own(step.photos, photo.slot)?.provisional === true);
}

/** The places of the option taken; undefined while none is. */
function branchTaken(state: State, choice: ChoicePlace): Place[] | undefined {
  const taken = own(state.choices, choice.path);
  if (taken === undefined) return undefined;
  return taken === -1 ? choice.otherwise : choice.options[taken]?.body;
}

/** Whether nothing more is to be done at this place. */
export function isDone(state: State, place: Place): boolean {
  switch (place.kind) {
    case "step":
      return isStepDone(state, place);
    case "choice":
      return branchTaken(state, place)?.every((inner) => isDone(state, inner)) ?? false;
    case "repeat":
      return own(state.repeats, place.path)?.ended === true;
    default:
      return place.body.every((inner) => isDone(state, inner));
  }
}

function tasksOf(state: State, { who }: StepPlace["step"]): Task[] {
  const [part = ""] = who.parts;
  if (who.each) return (own(state.people, part) ?? []).map((member) => ({ parts: [part], member }));
  return who.policy === "any" ? [{ parts: [...who.parts] }] : who.parts.map((name) => ({ parts: [name] }));
}

function openStep(state: State, { path, step }: StepPlace, at: string): void {
  const all = activations(state, path);
  const activation: Activation = {
    n: all.length + 1,
    state: "open",
    opened_at: at,
    tasks: tasksOf(state, step),
    photos: [],
    readings: [],
    answers: {},
  };
  if (step.not_before !== undefined) {
    const { after, wait } = step.not_before;
    const passed = after === undefined ? undefined : current(state, after)?.passed_at;
    activation.not_before = later(passed ?? at, wait);
  }
  if (step.due !== undefined) activation.due = later(at, step.due);
  put(state.steps, path, [...all, activation]);
}

class Opener {
  constructor(
    private readonly template: Template,
    private readonly state: State,
    private readonly at: string,
  ) {}

  /** Opens the first place that is not done, going on while places are done at once; true when all are done. */
  sequence(places: Place[]): boolean {
    return places.every((place) => this.open(place));
  }

  private open(place: Place): boolean {
    switch (place.kind) {
      case "step":
        if (isStepDone(this.state, place)) return true;
        if (current(this.state, place.path) === undefined) openStep(this.state, place, this.at);
        return false;
      case "choice":
        return this.choice(place);
      case "repeat":
        return this.repeat(place);
      case "par":
        // Every child is opened, so this may not stop at the first that is not done.
        return place.body.map((inner) => this.open(inner)).every((done) => done);
      default:
        return this.sequence(place.body);
    }
  }

  private choice(place: ChoicePlace): boolean {
    if (own(this.state.choices, place.path) === undefined) {
      const taken = place.options.findIndex(({ when }) => evaluate(this.template, this.state, when) === true);
      put(this.state.choices, place.path, taken);
    }
    return this.sequence(branchTaken(this.state, place) ?? []);
  }

  private repeat(place: RepeatPlace): boolean {
    let entry = own(this.state.repeats, place.path);
    if (entry === undefined) {
      entry = { rounds: 1, ended: false };
      put(this.state.repeats, place.path, entry);
    }
    while (!entry.ended) {
      if (!this.sequence(place.body)) return false;
      if (this.isEnough(place, entry.rounds)) entry.ended = true;
      else this.nextRound(place);
    }
    return true;
  }

  private isEnough({ repeat }: RepeatPlace, rounds: number): boolean {
    if (repeat.at_most !== undefined && rounds >= repeat.at_most) return true;
    if (!("when" in repeat.until) || rounds < repeat.at_least) return false;
    return evaluate(this.template, this.state, repeat.until.when) === true;
  }

  private nextRound(place: RepeatPlace): void {
    const entry = own(this.state.repeats, place.path);
    if (entry === undefined) return;
    entry.rounds += 1;
    for (const { path } of stepsInside(this.template, place)) endRound(this.state, path);
    for (const inner of [...this.template.repeats.values(), ...this.template.choices.values()]) {
      if (!inner.around.some((outer) => outer.place === place)) continue;
      if (inner.kind === "repeat") delete this.state.repeats[inner.path];
      else delete this.state.choices[inner.path];
    }
    if (place.repeat.every !== undefined) entry.due = later(this.at, place.repeat.every);
  }
}

/** Opens what comes next at that time; ends the run when nothing does. */
export function advance(template: Template, state: State, at: string): void {
  const opener = new Opener(template, state, at);
  for (const { stage, body } of template.stages) {
    if (stageCounts(state, stage) && !opener.sequence(body)) return;
  }
  const waits = Object.values(state.steps).some((all) => all.some((activation) => activation.state === "passed"));
  if (waits) return;
  state.status = "ended";
  state.outcome = state.leaving ?? "completed";
}

// Steps that are over when somebody comes who has to do them too (docs/formats/flow.md, "Newcomers").
import { type Activation, current, later, type State, stageCounts, timerId } from "./state";
import { own, type StepPlace, type Template } from "./template";

interface Over {
  place: StepPlace;
  activation: Activation;
}

const filled = ({ step }: StepPlace) =>
  Object.entries(step.register).flatMap(([name, { act }]) => (act === "out" ? [] : [name]));

/** Whether the walk still passes here, so that it stops at the step when that is open. */
function isOnTheWay(state: State, { stage, around }: StepPlace): boolean {
  if (!stageCounts(state, stage)) return false;
  return around.every(({ place, branch }) =>
    place.kind === "choice"
      ? own(state.choices, place.path) === branch
      : own(state.repeats, place.path)?.ended === false,
  );
}

/** Whether a later step that takes out again what this one puts in has had its turn. */
function isBeingEmptied(template: Template, state: State, place: StepPlace): boolean {
  const registers = filled(place);
  return [...template.steps.values()].some(
    (other) =>
      other.order > place.order &&
      registers.some((name) => own(other.step.register, name)?.act === "out") &&
      current(state, other.path) !== undefined,
  );
}

function stepsOver(template: Template, state: State, part: string): Over[] {
  const all = [...template.steps.values()];
  const goingOut = all.some(({ stage, path }) => stage.exit && current(state, path) !== undefined);
  return all.flatMap((place) => {
    const { who } = place.step;
    const activation = current(state, place.path);
    if (activation === undefined || (activation.state === "open" && activation.retake !== true)) return [];
    if (who.newcomers !== true || !who.parts.includes(part) || (goingOut && !place.stage.exit)) return [];
    const wanted = isOnTheWay(state, place) && !isBeingEmptied(template, state, place);
    return wanted ? [{ place, activation }] : [];
  });
}

function openAgain(state: State, { place, activation }: Over, at: string): void {
  activation.state = "open";
  activation.again_at = at;
  delete activation.passed_at;
  const { due } = place.step;
  if (due === undefined) return;
  activation.due = later(at, due);
  state.fired = state.fired.filter((id) => id !== timerId("due", place.path, activation.n));
}

/**
 * Opens again what is over and whoever joins this part at that time must do as well; the paths of these steps.
 * A retake that is open counts as over: others have done the step.
 */
export function openForNewcomers(template: Template, state: State, part: string, at: string): Set<string> {
  const over = stepsOver(template, state, part);
  const last = new Map(over.flatMap(({ place }) => filled(place).map((name) => [name, place])));
  const meant = over.filter(({ place }) => {
    const registers = filled(place);
    return registers.length === 0 || registers.some((name) => last.get(name) === place);
  });
  for (const one of meant) if (one.activation.state !== "open") openAgain(state, one, at);
  return new Set(meant.map(({ place }) => place.path));
}

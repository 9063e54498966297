// Why an event is not allowed now (docs/formats/flow.md, "refusal"): the first group that gives codes.
import { isObject } from "../lib/canonical";
import { ACT_TYPES, type FlowEvent, RUNLESS, SERVER_TYPES, WITHOUT_EFFECT } from "../lib/events";
import { isWellFormed } from "./form";
import { missing, sampledCodes } from "./missing";
import { actorCodes, assignmentCodes, fittingTasks, holdsOne } from "./people";
import { removalCodes } from "./removals";
import {
  type Activation,
  activations,
  current,
  entriesIn,
  isRetaken,
  isRunning,
  type State,
  sorted,
  timerId,
} from "./state";
import { own, type RepeatPlace, type StepPlace, type Template } from "./template";

const MAX_PHOTOS = 50;
const WHILE_STOPPED = new Set(["register.left", "lock.removed", "people.assigned", "run.resumed", "run.abandoned"]);

/** Everything a rule looks at. */
export interface Scene {
  template: Template;
  state: State;
  event: FlowEvent;
  at: string;
  actor: string;
}
/** A rule gives its codes, or none. Rules are tried in the order written. */
type Rule = () => string[];

function first(...rules: Rule[]): string[] {
  for (const rule of rules) {
    const codes = rule();
    if (codes.length > 0) return codes;
  }
  return [];
}
const when =
  (condition: boolean, code: string): Rule =>
  () =>
    condition ? [code] : [];

/** A text of the event's data; isWellFormed has seen to its kind. */
export function textOf(event: FlowEvent, member: string): string {
  const value = own(event.data, member);
  return typeof value === "string" ? value : "";
}

export function textsOf(event: FlowEvent, member: string): string[] {
  const value = own(event.data, member);
  return Array.isArray(value) ? value.map(String) : [];
}

export function peopleOf(event: FlowEvent): { [part: string]: string[] } {
  const { people } = event.data;
  if (!isObject(people)) return {};
  return Object.fromEntries(
    Object.entries(people).map(([part, who]) => [part, Array.isArray(who) ? who.map(String) : []]),
  );
}

export function answersOf(event: FlowEvent): { [name: string]: boolean | string } {
  const { answers } = event.data;
  return isObject(answers) ? (answers as { [name: string]: boolean | string }) : {};
}

type People = { [part: string]: string[] };

const hasReason = (event: FlowEvent) => isObject(event.commitments) && Object.hasOwn(event.commitments, "reason");

function openRun({ template, state, event }: Scene): string[] {
  const { document, version } = template;
  const subject = event.data.subject;
  const people = peopleOf(event);
  const parts = new Set([...Object.keys(document.people), ...Object.keys(people)]);
  return first(
    when(state.status !== "new", "run_already_open"),
    when(event.data.template !== document.template || event.data.version !== version, "template_differs"),
    when(
      document.subject.equipment !== undefined && (!isObject(subject) || typeof subject.equipment !== "string"),
      "subject_missing",
    ),
    () => assignmentCodes(template, people, [...parts]),
  );
}

/** Whether somebody who goes leaves a lock behind: it is on, and he is in no part any more whose steps take it off. */
function leavesALock({ template, state }: Scene, people: People, part: string, gone: string[]): boolean {
  const locks = Object.entries(template.document.registers).filter(([, { kind }]) => kind === "locks");
  return locks.some(([name]) => {
    const takers = new Set(
      [...template.steps.values()]
        .filter(({ step }) => ["out", "both"].includes(own(step.register, name)?.act ?? ""))
        .flatMap(({ step }) => step.who.parts),
    );
    const staying = new Set([...takers].flatMap((taker) => own(people, taker) ?? []));
    const holders = new Set(entriesIn(state, name).map(({ holder }) => holder));
    return takers.has(part) && gone.some((member) => holders.has(member) && !staying.has(member));
  });
}

function assignPeople(scene: Scene): string[] {
  const { template, state, event, at, actor } = scene;
  const part = textOf(event, "part");
  const members = textsOf(event, "members");
  const leads = actor === state.opened_by || holdsOne(template, state, template.document.leads, actor, at).length === 0;
  const people: People = Object.fromEntries([...Object.entries(state.people), [part, members]]);
  const gone = (own(state.people, part) ?? []).filter((member) => !members.includes(member));
  return first(when(!leads, "not_your_part"), () => {
    const codes = assignmentCodes(template, people, [part]);
    return leavesALock(scene, people, part, gone) ? sorted([...codes, "lock_still_on"]) : codes;
  });
}

function endRepeat({ template, state, event, at, actor }: Scene): string[] {
  const path = textOf(event, "repeat");
  const place = template.repeats.get(path);
  if (place === undefined || !("ended_by" in place.repeat.until)) return ["repeat_unknown"];
  const { ended_by } = place.repeat.until;
  return first(
    when(!isRunning(template, state, path), "repeat_not_open"),
    () => holdsOne(template, state, ended_by, actor, at),
    when((own(state.repeats, path)?.rounds ?? 0) - 1 < place.repeat.at_least, "too_few_rounds"),
    when(isBegun(template, state, place), "round_begun"),
  );
}

/** The steps inside a repeat, however deep. */
export function stepsInside(template: Template, repeat: RepeatPlace): StepPlace[] {
  return [...template.steps.values()].filter(({ around }) => around.some(({ place }) => place === repeat));
}

function isBegun(template: Template, state: State, repeat: RepeatPlace): boolean {
  return stepsInside(template, repeat).some(({ path }) => {
    const activation = current(state, path);
    return activation !== undefined && !isUntouched(activation);
  });
}

function isUntouched(activation: Activation): boolean {
  return (
    activation.state === "open" &&
    activation.photos.length === 0 &&
    activation.readings.length === 0 &&
    Object.keys(activation.answers).length === 0 &&
    activation.tasks.every((task) => task.done_by === undefined) &&
    activation.moved === undefined &&
    activation.retake === undefined
  );
}

function takePhoto({ state, event }: Scene, { step }: StepPlace, activation: Activation): string[] {
  const slot = textOf(event, "slot");
  const photo = event.photos?.[0];
  const all = Object.values(state.steps).flatMap((list) => list.flatMap(({ photos }) => photos));
  return first(
    when(!Object.hasOwn(step.photos, slot) || photo?.slot !== slot, "slot_unknown"),
    when(activation.photos.filter((taken) => taken.slot === slot && !taken.refused).length >= MAX_PHOTOS, "slot_full"),
    when(
      all.some(({ commitment }) => commitment === photo?.commitment),
      "photo_twice",
    ),
  );
}

function takeReading({ event, at }: Scene, { step }: StepPlace): string[] {
  const spec = own(step.readings, textOf(event, "reading"));
  if (spec === undefined) return ["reading_unknown"];
  const { point, instrument } = event.data;
  const known = spec.points.length === 0 ? point === undefined : spec.points.some((name) => name === point);
  return first(
    when(textOf(event, "unit") !== spec.unit, "unit_differs"),
    when(!known, "point_unknown"),
    when(spec.instrument && (instrument === undefined || instrument === ""), "instrument_missing"),
    when(textOf(event, "sampled_at") > at, "sampled_later"),
  );
}

function enterRegister(
  { template, state, event, actor, at }: Scene,
  { step }: StepPlace,
  activation: Activation,
): string[] {
  const name = textOf(event, "register");
  const item = textOf(event, "item");
  const act = own(step.register, name)?.act;
  const kind = own(template.document.registers, name)?.kind;
  return first(
    when((act !== "in" && act !== "both") || isRetaken(activation, actor), "register_not_here"),
    when(
      entriesIn(state, name).some((entry) => entry.item === item),
      "already_in",
    ),
    when(kind === "people" && !Object.values(state.people).some((members) => members.includes(item)), "person_unknown"),
    when(kind === "locks" && event.data.holder !== actor, "holder_differs"),
    () => sampledCodes(step, state, at),
  );
}

function leaveRegister({ template, state, event, actor }: Scene, { step }: StepPlace): string[] {
  const name = textOf(event, "register");
  const act = own(step.register, name)?.act;
  const entry = entriesIn(state, name).findLast(({ item }) => item === textOf(event, "item"));
  const locks = own(template.document.registers, name)?.kind === "locks";
  return first(
    when(act !== "out" && act !== "both", "register_not_here"),
    when(entry === undefined, "not_in"),
    when(locks && entry?.holder !== actor, "not_your_lock"),
  );
}

function leaveAnywhere({ template, state, event, actor }: Scene): string[] {
  const name = textOf(event, "register");
  const kind = own(template.document.registers, name)?.kind;
  const takesPart = Object.values(state.people).some((members) => members.includes(actor));
  return first(
    when(kind === undefined || kind === "locks", "register_not_here"),
    when(!entriesIn(state, name).some(({ item }) => item === textOf(event, "item")), "not_in"),
    when(!takesPart || !Object.hasOwn(state.facts, actor), "not_your_part"),
  );
}

function hasDone({ template, state, actor, at }: Scene, activation: Activation): boolean {
  return fittingTasks(template, state, activation, actor, at).every((task) => task.done_by !== undefined);
}

function confirmStep(scene: Scene, place: StepPlace, activation: Activation): string[] {
  const { state, event, actor, at } = scene;
  return first(
    when(place.step.decision !== undefined, "decision_needed"),
    when(hasDone(scene, activation), "task_done"),
    () => missing(state, place, activation, actor, at, answersOf(event)),
  );
}

function decideStep(scene: Scene, place: StepPlace, activation: Activation): string[] {
  const { state, event, actor, at } = scene;
  const { decision } = place.step;
  if (decision === undefined) return ["no_decision_here"];
  const verdict = textOf(event, "verdict");
  const needsReason = decision.reason === "always" || verdict !== "ok";
  return first(
    when(!decision.verdicts.includes(verdict), "verdict_not_offered"),
    when(textsOf(event, "saw").length === 0, "saw_missing"),
    when(needsReason && !hasReason(event), "reason_missing"),
    when(verdict === "back" && !decision.back_to.includes(textOf(event, "to")), "return_not_allowed"),
    when(hasDone(scene, activation), "task_done"),
    () => (verdict === "ok" ? missing(state, place, activation, actor, at, {}) : []),
  );
}

const STEP_RULES: { [type: string]: (scene: Scene, place: StepPlace, activation: Activation) => string[] } = {
  "photo.taken": takePhoto,
  "reading.taken": takeReading,
  "register.entered": enterRegister,
  "register.left": leaveRegister,
  "step.confirmed": confirmStep,
  "decision.made": decideStep,
};

function actInStep(scene: Scene, path: string): string[] {
  const { template, state, event, at, actor } = scene;
  const place = template.steps.get(path);
  if (place === undefined) return ["step_unknown"];
  const n = event.activation ?? 0;
  const activation = activations(state, path)[n - 1];
  if (activation === undefined) return ["step_not_open"];
  const early = activation.not_before !== undefined && at < activation.not_before;
  return first(
    when(activation.state === "void", "step_void"),
    when(activation.state !== "open", "step_closed"),
    when(current(state, path) !== activation, "step_void"),
    () => actorCodes(template, state, activation, actor, at),
    when(early && !state.fired.includes(timerId("not_before", path, n)), "too_early"),
    () => STEP_RULES[event.type]?.(scene, place, activation) ?? [],
  );
}

function leadRun(scene: Scene, standing: Rule): string[] {
  const { template, state, event, at, actor } = scene;
  return first(
    standing,
    () => holdsOne(template, state, template.document.leads, actor, at),
    when(!hasReason(event), "reason_missing"),
  );
}

function byType(scene: Scene): string[] {
  const { state, event, actor } = scene;
  switch (event.type) {
    case "run.stopped":
      return Object.hasOwn(state.facts, actor) ? [] : ["person_unknown"];
    case "run.resumed":
      return leadRun(scene, when(state.status !== "stopped", "run_not_stopped"));
    case "run.abandoned":
      return leadRun(scene, when(state.leaving !== undefined, "already_leaving"));
    case "people.assigned":
      return assignPeople(scene);
    case "repeat.ended":
      return endRepeat(scene);
    case "lock.removed":
      return removalCodes(scene.template, state, event);
    default:
      return event.step === undefined ? leaveAnywhere(scene) : actInStep(scene, event.step);
  }
}

/** Whether the kernel knows the type and a run is moved by it. */
export function isKnown(type: string): boolean {
  return !RUNLESS.has(type) && !WITHOUT_EFFECT.has(type) && (ACT_TYPES.has(type) || SERVER_TYPES.has(type));
}

/** The codes for which the event is not allowed in this state; empty: allowed. */
export function refusal(template: Template, state: State, event: FlowEvent): string[] {
  const { type, actor } = event;
  if (!isKnown(type)) return [];
  const scene: Scene = { template, state, event, actor, at: event.claimed_at };
  const fromServer = SERVER_TYPES.has(type);
  const rules: Rule[] = [
    when(!fromServer && actor === "server", "machine_cannot_act"),
    when(fromServer && actor !== "server", "type_not_allowed"),
    when(!isWellFormed(event), "data_malformed"),
  ];
  if (fromServer) return first(...rules);
  if (type === "run.opened") return first(...rules, () => openRun(scene));
  return first(
    ...rules,
    when(state.status === "new", "run_not_open"),
    when(state.status === "ended", "run_ended"),
    when(state.status === "stopped" && !WHILE_STOPPED.has(type), "run_stopped"),
    () => byType(scene),
  );
}

// What an allowed event changes (docs/formats/flow.md, "Apply"). Works on a state that may be changed.
import { isObject } from "../lib/canonical";
import { compareDecimals } from "../lib/decimal";
import type { FlowEvent } from "../lib/events";
import { isDone } from "./advance";
import { openForNewcomers } from "./newcomers";
import { fittingTasks } from "./people";
import { answersOf, peopleOf, stepsInside, textOf, textsOf } from "./refusals";
import { lockOf } from "./removals";
import { refusePhoto } from "./retake";
import {
  type Activation,
  activations,
  currentOpen,
  type Entry,
  endRound,
  entriesIn,
  isSettled,
  type ReadingState,
  type Reason,
  type State,
  sorted,
  type Task,
} from "./state";
import { own, put, type ReadingSpec, type StepPlace, type Template } from "./template";
import { timers } from "./timers";

type Effect = (template: Template, state: State, event: FlowEvent) => void;

function pass(activation: Activation, at: string): void {
  activation.state = activation.photos.every(isSettled) ? "closed" : "passed";
  activation.passed_at = at;
}

const isFinished = (activation: Activation) => activation.tasks.every((task) => task.done_by !== undefined);

function openRun(template: Template, state: State, event: FlowEvent): void {
  const { people, registers } = template.document;
  const given = peopleOf(event);
  state.status = "open";
  state.opened_at = event.claimed_at;
  state.opened_by = event.actor;
  state.opened_event = event.hash;
  if (isObject(event.data.subject)) state.subject = event.data.subject;
  state.people = Object.fromEntries(Object.keys(people).map((part) => [part, [...(own(given, part) ?? [])]]));
  state.registers = Object.fromEntries(Object.keys(registers).map((name) => [name, []]));
}

function assignPeople(template: Template, state: State, event: FlowEvent): void {
  const part = textOf(event, "part");
  const members = textsOf(event, "members");
  const before = own(state.people, part) ?? [];
  const joining = members.filter((member) => !before.includes(member));
  put(state.people, part, members);
  const meant = joining.length > 0 ? openForNewcomers(template, state, part, event.claimed_at) : new Set<string>();
  for (const { path, step } of template.steps.values()) {
    const activation = currentOpen(state, path);
    if (activation === undefined || !step.who.each || step.who.parts[0] !== part) continue;
    const kept = activation.tasks.filter(
      ({ member, done_by }) => done_by !== undefined || (member !== undefined && members.includes(member)),
    );
    const lacking = members.filter((member) => !kept.some((task) => task.member === member));
    const added: Task[] =
      activation.retake === true
        ? joining.flatMap((member) => (meant.has(path) ? [{ parts: [part], member, whole: true }] : []))
        : (step.who.newcomers === true ? joining : lacking).map((member) => ({ parts: [part], member }));
    activation.tasks = [...kept, ...added];
    if (isFinished(activation)) pass(activation, event.claimed_at);
  }
}

function place(template: Template, state: State, event: FlowEvent): { step: StepPlace; activation: Activation } | null {
  const step = template.steps.get(event.step ?? "");
  const activation = step && activations(state, step.path)[(event.activation ?? 0) - 1];
  return step && activation ? { step, activation } : null;
}

const takePhoto: Effect = (template, state, event) => {
  const photo = event.photos?.[0];
  if (photo === undefined) return;
  const { slot, commitment } = photo;
  place(template, state, event)?.activation.photos.push({
    slot,
    commitment,
    by: event.actor,
    at: event.claimed_at,
    event: event.hash,
    stored: false,
  });
};

function withinLimits(spec: ReadingSpec | undefined, value: string): boolean {
  const high = spec?.at_most === undefined ? 0 : compareDecimals(value, spec.at_most);
  const low = spec?.at_least === undefined ? 0 : compareDecimals(value, spec.at_least);
  return high !== null && high <= 0 && low !== null && low >= 0;
}

/** Those of the members that the event carries; isWellFormed has seen to their kinds. */
function given<T>(event: FlowEvent, ...members: (keyof T & string)[]): Partial<T> {
  return Object.fromEntries(
    members.filter((name) => own(event.data, name) !== undefined).map((name) => [name, event.data[name]]),
  ) as Partial<T>;
}

const takeReading: Effect = (template, state, event) => {
  const found = place(template, state, event);
  if (found === null) return;
  const name = textOf(event, "reading");
  const value = textOf(event, "value");
  found.activation.readings.push({
    reading: name,
    value,
    unit: textOf(event, "unit"),
    sampled_at: textOf(event, "sampled_at"),
    ...given<Pick<ReadingState, "point" | "instrument">>(event, "point", "instrument"),
    by: event.actor,
    at: event.claimed_at,
    event: event.hash,
    ok: withinLimits(own(found.step.step.readings, name), value),
  });
};

const enterRegister: Effect = (template, state, event) => {
  const found = place(template, state, event);
  if (found !== null) found.activation.moved = true;
  own(state.registers, textOf(event, "register"))?.push({
    item: textOf(event, "item"),
    in_at: event.claimed_at,
    in_by: event.actor,
    ...given<Pick<Entry, "holder" | "point" | "count">>(event, "holder", "point", "count"),
  });
};

const leaveRegister: Effect = (template, state, event) => {
  const found = event.step === undefined ? null : place(template, state, event);
  if (found !== null) found.activation.moved = true;
  const entry = entriesIn(state, textOf(event, "register")).findLast(({ item }) => item === textOf(event, "item"));
  if (entry === undefined) return;
  entry.out_at = event.claimed_at;
  entry.out_by = event.actor;
};

const removeLock: Effect = (_, state, event) => {
  const entry = lockOf(state, event);
  if (entry === undefined) return;
  entry.out_at = event.claimed_at;
  entry.out_by = event.actor;
  entry.exception = event.hash;
};

function finishTask(template: Template, state: State, event: FlowEvent, activation: Activation): void {
  const { actor, claimed_at } = event;
  const task = fittingTasks(template, state, activation, actor, claimed_at).find(
    ({ done_by }) => done_by === undefined,
  );
  if (task === undefined) return;
  task.done_by = actor;
  task.done_at = claimed_at;
}

const confirmStep: Effect = (template, state, event) => {
  const found = place(template, state, event);
  if (found === null) return;
  const { activation, step } = found;
  const answers = answersOf(event);
  if (!step.step.who.each) activation.answers = { ...activation.answers, ...answers };
  else if (Object.keys(answers).length > 0) {
    const before = own(activation.answers, event.actor);
    put(activation.answers, event.actor, { ...(isObject(before) ? before : {}), ...answers });
  }
  finishTask(template, state, event, activation);
  if (isFinished(activation)) pass(activation, event.claimed_at);
};

const decideStep: Effect = (template, state, event) => {
  const found = place(template, state, event);
  if (found === null) return;
  const { activation, step } = found;
  const verdict = textOf(event, "verdict");
  finishTask(template, state, event, activation);
  activation.decision = { verdict, by: event.actor, at: event.claimed_at, event: event.hash };
  if (verdict === "back") activation.decision.to = textOf(event, "to");
  if (verdict !== "ok" || isFinished(activation)) pass(activation, event.claimed_at);
  if (verdict === "no") leave(template, state, "refused", event.claimed_at);
  if (verdict === "back") returnTo(template, state, textOf(event, "to"), step);
};

function voidStep(state: State, path: string): void {
  const activation = currentOpen(state, path);
  if (activation !== undefined) activation.state = "void";
}

/** What had been done before newcomers came stays done. */
function cutOff(state: State, path: string, at: string): void {
  const activation = currentOpen(state, path);
  if (activation?.again_at === undefined) {
    voidStep(state, path);
    return;
  }
  activation.tasks = activation.tasks.filter(({ done_by }) => done_by !== undefined);
  pass(activation, at);
}

/** From now on only the exits count, if people or things are still in, else nothing. */
function leave(template: Template, state: State, why: Reason, at: string): void {
  if (state.leaving === undefined) {
    const inside = Object.keys(state.registers).some((name) => entriesIn(state, name).length > 0);
    state.leaving = why;
    state.way_out = inside && template.document.stages.some((stage) => stage.exit);
  }
  for (const { path, stage } of template.steps.values()) {
    if (!stage.exit || state.way_out !== true) cutOff(state, path, at);
  }
}

/** Voids everything from a step up to and including the deciding one, so that it is done again. */
function returnTo(template: Template, state: State, to: string, deciding: StepPlace): void {
  const start = template.steps.get(to)?.order ?? deciding.order;
  const within = ({ order }: { order: number }) => order >= start && order <= deciding.order;
  for (const step of [...template.steps.values()].filter(within)) {
    const all = activations(state, step.path);
    const last = all.at(-1);
    if (last !== undefined && all.length > (own(state.base, step.path) ?? 0)) last.state = "void";
    endRound(state, step.path);
  }
  for (const repeat of [...template.repeats.values()].filter(within)) delete state.repeats[repeat.path];
  for (const choice of [...template.choices.values()].filter(within)) delete state.choices[choice.path];
}

const endRepeat: Effect = (template, state, event) => {
  const path = textOf(event, "repeat");
  const entry = own(state.repeats, path);
  const repeat = template.repeats.get(path);
  if (entry === undefined || repeat === undefined) return;
  entry.ended = true;
  entry.rounds -= 1;
  for (const step of stepsInside(template, repeat)) voidStep(state, step.path);
};

const resolvePerson: Effect = (template, state, event) => {
  const member = textOf(event, "member");
  const isFirst = own(state.facts, member) === undefined;
  const roles = sorted(textsOf(event, "roles"));
  const certificates = event.data.certificates as { [kind: string]: string };
  put(state.facts, member, { roles, certificates });
  const may = roles.some((role) => template.document.opened_by.includes(role));
  if (!isFirst || member !== state.opened_by || may || state.opened_event === undefined) return;
  state.contradictions.push({ event: state.opened_event, codes: ["role_missing"] });
  if (state.status === "open") state.status = "stopped";
};

const storePhoto: Effect = (_, state, event) => {
  const commitment = textOf(event, "commitment");
  for (const activation of Object.values(state.steps).flat()) {
    for (const photo of activation.photos) if (photo.commitment === commitment) photo.stored = true;
    if (activation.state === "passed" && activation.photos.every(isSettled)) activation.state = "closed";
  }
};

const fireTimer: Effect = (template, state, event) => {
  const id = textOf(event, "timer");
  const timer = timers(template, state).find((waiting) => waiting.id === id);
  if (timer === undefined) return;
  state.fired = sorted([...state.fired, id]);
  const inner = template.stages.filter(({ stage }) => !stage.exit);
  const isThrough = inner.every(({ body }) => body.every((inside) => isDone(state, inside)));
  if (timer.kind === "expiry" && !isThrough) leave(template, state, "expired", event.claimed_at);
};

const recordCheck: Effect = (_, state, event) => {
  const verdict = textOf(event, "verdict");
  if (verdict === "pass") return;
  state.findings.push({ about: textOf(event, "about"), check: textOf(event, "check"), verdict });
};

const EFFECTS: { [type: string]: Effect } = {
  "run.opened": openRun,
  "people.assigned": assignPeople,
  "photo.taken": takePhoto,
  "reading.taken": takeReading,
  "register.entered": enterRegister,
  "register.left": leaveRegister,
  "lock.removed": removeLock,
  "step.confirmed": confirmStep,
  "decision.made": decideStep,
  "repeat.ended": endRepeat,
  "run.stopped": (_, state) => {
    state.status = "stopped";
  },
  "run.resumed": (_, state) => {
    state.status = "open";
  },
  "run.abandoned": (template, state, event) => {
    state.status = "open";
    leave(template, state, "abandoned", event.claimed_at);
  },
  "people.resolved": resolvePerson,
  "photo.stored": storePhoto,
  "photo.refused": refusePhoto,
  "timer.fired": fireTimer,
  "check.recorded": recordCheck,
};

/** Changes the state as an allowed event says. */
export function apply(template: Template, state: State, event: FlowEvent): void {
  EFFECTS[event.type]?.(template, state, event);
}

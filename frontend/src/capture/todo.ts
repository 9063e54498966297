// What a step asks of the person who stands before it, one thing after the other.
import { missing } from "../flow";
import { sampleCodes } from "../flow/missing";
import {
  type Activation,
  type AnswerMap,
  activations,
  elapsed,
  entriesIn,
  isRetaken,
  type PhotoState,
  type ReadingState,
} from "../flow/state";
import { type AskSpec, own, type PhotoSpec, type ReadingSpec, type RegisterUse } from "../flow/template";
import { compareDecimals } from "../lib/decimal";
import type { Job, OpenStep } from "./fold";

export type Todo =
  | {
      kind: "photo";
      id: string;
      done: boolean;
      slot: string;
      spec: PhotoSpec;
      taken: PhotoState[];
      stale: boolean;
      /** Why a photo that was taken before does not count; empty where none was refused. */
      refused: string[];
    }
  | {
      kind: "reading";
      id: string;
      done: boolean;
      name: string;
      spec: ReadingSpec;
      point?: string;
      latest?: ReadingState;
      stale: boolean;
    }
  | { kind: "register"; id: string; done: boolean; name: string; use: RegisterUse }
  | { kind: "ask"; id: string; done: boolean; name: string; spec: AskSpec; value?: boolean | string }
  | { kind: "decide"; id: string; done: false }
  | { kind: "confirm"; id: string; done: false; missing: string[] };

const tooOld = (fresh: number | undefined, from: string, at: string) =>
  fresh !== undefined && elapsed(from, at) > fresh * 1000;

/** Whether a value keeps the limits of a reading. */
export function inLimits(spec: ReadingSpec, value: string): boolean {
  const below = spec.at_most === undefined || (compareDecimals(value, spec.at_most) ?? 1) <= 0;
  const above = spec.at_least === undefined || (compareDecimals(value, spec.at_least) ?? -1) >= 0;
  return below && above;
}

/** Whether an answer lets work go on. */
export function isAllowed(spec: AskSpec, value: boolean | string): boolean {
  if (spec.must === undefined) return true;
  return spec.kind === "number" ? compareDecimals(value, spec.must) === 0 : value === spec.must;
}

/** Why photos that were taken here do not count, in this opening of the step or in the one that it makes good. */
function refusals(job: Job, { place, activation }: OpenStep): PhotoState[] {
  const before = activation.retake ? activations(job.state, place.path)[activation.n - 2] : undefined;
  return [...(before?.photos ?? []), ...activation.photos].filter(({ refused }) => refused !== undefined);
}

function photos(job: Job, step: OpenStep, member: string, at: string): Todo[] {
  const { each } = step.place.step.who;
  return Object.entries(step.place.step.photos).map(([slot, spec]) => {
    const mine = (photo: PhotoState) => photo.slot === slot && (!each || photo.by === member);
    const taken = step.activation.photos.filter((photo) => mine(photo) && photo.refused === undefined);
    const refused = [...new Set(refusals(job, step).flatMap((photo) => (mine(photo) ? (photo.refused ?? []) : [])))];
    const fresh = taken.filter((photo) => !tooOld(spec.fresh, photo.at, at));
    const stale = taken.length >= spec.count && fresh.length < spec.count;
    const done = fresh.length >= spec.count;
    return { kind: "photo", id: `photo:${slot}`, done, slot, spec, taken, stale, refused };
  });
}

/** A reading that is not asked is due all the same when a sample that the step relies on is missing, bad or too old. */
function isCovered(
  job: Job,
  { place, activation }: OpenStep,
  spec: ReadingSpec,
  name: string,
  point: string | undefined,
  member: string,
  at: string,
): boolean {
  const wanted = point === undefined ? name : `${name}.${point}`;
  const due = place.step.must.some(
    (must) =>
      must.is === "sampled_within" &&
      must.readings.includes(wanted) &&
      sampleCodes(job.state, { ...must, readings: [wanted] }, at).length > 0,
  );
  return spec.optional === true && (isRetaken(activation, member) || !due);
}

function readings(job: Job, step: OpenStep, member: string, at: string): Todo[] {
  const { each } = step.place.step.who;
  return Object.entries(step.place.step.readings).flatMap(([name, spec]) => {
    const points: (string | undefined)[] = spec.points.length > 0 ? spec.points : [undefined];
    return points.map((point): Todo => {
      const latest = step.activation.readings.findLast(
        (taken) => taken.reading === name && taken.point === point && (!each || taken.by === member),
      );
      const stale =
        latest !== undefined && !isRetaken(step.activation, member) && tooOld(spec.fresh, latest.sampled_at, at);
      const todo = { kind: "reading" as const, id: `reading:${name}:${point ?? ""}`, name, spec, stale };
      const done = latest === undefined ? isCovered(job, step, spec, name, point, member, at) : latest.ok && !stale;
      return { ...todo, done, ...(point === undefined ? {} : { point }), ...(latest === undefined ? {} : { latest }) };
    });
  });
}

/** How many entries of a register count for this person here. */
export function countedIn(job: Job, step: OpenStep, register: string, member: string): number {
  const inside = entriesIn(job.state, register);
  if (!step.place.step.who.each) return inside.length;
  return inside.filter((entry) => entry.holder === member || entry.item === member).length;
}

function registerDone(job: Job, step: OpenStep, name: string, use: RegisterUse, member: string): boolean {
  const inside = entriesIn(job.state, name);
  if (use.act !== "out" && countedIn(job, step, name, member) < use.at_least) return false;
  if (use.act === "out" && step.place.step.who.each && inside.some((entry) => entry.holder === member)) return false;
  return step.place.step.must.every((must) => {
    if (must.is === "sampled_within" || must.register !== name) return true;
    if (must.is === "empty") return inside.length === 0;
    const people = own(job.state.people, must.part) ?? [];
    return people.every((ref) => inside.some((entry) => entry.holder === ref || entry.item === ref));
  });
}

function registers(job: Job, step: OpenStep, member: string, seen: Set<string>): Todo[] {
  if (isRetaken(step.activation, member)) return [];
  return Object.entries(step.place.step.register).map(([name, use]) => {
    const id = `register:${name}`;
    // A register that asks for nothing is still worth a look before one confirms, and where people or things go in,
    // only the person knows when the last one has.
    const kind = own(job.template.document.registers, name)?.kind;
    const asks =
      use.at_least > 0 ||
      step.place.step.must.some((must) => must.is !== "sampled_within" && must.register === name) ||
      use.act === "out";
    const looks = !asks || (use.act === "in" && kind !== "locks");
    const done = registerDone(job, step, name, use, member) && (!looks || seen.has(id));
    return { kind: "register", id, done, name, use };
  });
}

function asks(step: OpenStep, answers: AnswerMap): Todo[] {
  return Object.entries(step.place.step.ask).map(([name, spec]) => {
    const value = own(answers, name);
    const given = typeof value === "boolean" || typeof value === "string" ? value : undefined;
    const done = given !== undefined && isAllowed(spec, given);
    return { kind: "ask", id: `ask:${name}`, done, name, spec, ...(given === undefined ? {} : { value: given }) };
  });
}

/** What was answered here before, with what is being answered now over it. */
export function answersOf(activation: Activation, each: boolean, member: string, given: AnswerMap): AnswerMap {
  const stored = each ? own(activation.answers, member) : activation.answers;
  return { ...(typeof stored === "object" && !Array.isArray(stored) ? (stored as AnswerMap) : {}), ...given };
}

export interface Here {
  job: Job;
  step: OpenStep;
  member: string;
  at: string;
  /** Answers given on this screen, not yet signed. */
  given: AnswerMap;
  /** Registers that the person has looked at and left. */
  seen: Set<string>;
}

/** Everything that the step asks, in the order in which it is done; the last is to confirm or to decide. */
export function todosOf({ job, step, member, at, given, seen }: Here): Todo[] {
  const { step: spec } = step.place;
  const measured = readings(job, step, member, at);
  const before = [
    // What is not asked is due only where somebody is let in on it: then before that.
    ...measured.filter((todo) => todo.kind === "reading" && todo.spec.optional === true),
    ...registers(job, step, member, seen).filter((todo) => todo.kind === "register" && todo.use.act === "in"),
    ...photos(job, step, member, at),
    ...measured.filter((todo) => todo.kind === "reading" && todo.spec.optional !== true),
    ...registers(job, step, member, seen).filter((todo) => todo.kind === "register" && todo.use.act !== "in"),
    ...asks(step, answersOf(step.activation, spec.who.each, member, given)),
  ];
  const last: Todo =
    spec.decision === undefined
      ? {
          kind: "confirm",
          id: "confirm",
          done: false,
          missing: missing(job.state, step.place, step.activation, member, at, given),
        }
      : { kind: "decide", id: "decide", done: false };
  return [...before, last];
}

/** What to do next: the one that was picked, else the first that is not done. */
export function nextOf(todos: Todo[], picked: string | undefined): Todo | undefined {
  return todos.find((todo) => todo.id === picked) ?? todos.find((todo) => !todo.done);
}

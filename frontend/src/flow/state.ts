// The state of a run (docs/formats/flow.md, "State") and the small questions everybody asks of it.
import type { Json } from "../lib/canonical";
import { isDecimal } from "../lib/decimal";
import { own, put, type StageSpec, type StepPlace, type Template } from "./template";

export type Reason = "refused" | "abandoned" | "expired";
export interface Facts {
  roles: string[];
  certificates: { [kind: string]: string };
}
export interface Task {
  parts: string[];
  member?: string;
  /** Of somebody who joined at a retake and has done nothing yet. */
  whole?: true;
  done_by?: string;
  done_at?: string;
}
export interface PhotoState {
  slot: string;
  commitment: string;
  by: string;
  at: string;
  event: string;
  stored: boolean;
  /** Why it counts for nothing. */
  refused?: string[];
}
export interface ReadingState {
  reading: string;
  point?: string;
  value: string;
  unit: string;
  sampled_at: string;
  instrument?: string;
  by: string;
  at: string;
  event: string;
  ok: boolean;
}
export type AnswerMap = { [name: string]: Json };
export interface DecisionState {
  verdict: string;
  by: string;
  at: string;
  event: string;
  to?: string;
}
export interface Activation {
  n: number;
  state: "open" | "passed" | "closed" | "void";
  opened_at: string;
  not_before?: string;
  due?: string;
  passed_at?: string;
  again_at?: string;
  moved?: true;
  /** Opened because a photo of the activation before it was refused: only the photo is asked again. */
  retake?: true;
  tasks: Task[];
  photos: PhotoState[];
  readings: ReadingState[];
  /** By name; in an each-step by person and name. */
  answers: { [nameOrRef: string]: Json };
  decision?: DecisionState;
}
export interface Entry {
  item: string;
  in_at: string;
  in_by: string;
  holder?: string;
  point?: string;
  count?: number;
  out_at?: string;
  out_by?: string;
  /** The event by which a lock was removed without its owner. */
  exception?: string;
}
export interface RepeatState {
  rounds: number;
  ended: boolean;
  due?: string;
}
export interface State {
  v: 1;
  status: "new" | "open" | "stopped" | "ended";
  outcome?: "completed" | Reason;
  leaving?: Reason;
  way_out?: boolean;
  opened_at?: string;
  opened_by?: string;
  opened_event?: string;
  subject?: { [key: string]: Json };
  people: { [part: string]: string[] };
  facts: { [ref: string]: Facts };
  steps: { [path: string]: Activation[] };
  base: { [path: string]: number };
  repeats: { [path: string]: RepeatState };
  choices: { [path: string]: number };
  registers: { [name: string]: Entry[] };
  fired: string[];
  findings: { about: string; check: string; verdict: string }[];
  contradictions: { event: string; codes: string[] }[];
  events: number;
  sealed: boolean;
}

/** The state before the first event. */
export function newState(): State {
  return {
    v: 1,
    status: "new",
    people: {},
    facts: {},
    steps: {},
    base: {},
    repeats: {},
    choices: {},
    registers: {},
    fired: [],
    findings: [],
    contradictions: [],
    events: 0,
    sealed: false,
  };
}

export function activations(state: State, path: string): Activation[] {
  return own(state.steps, path) ?? [];
}

/** The last activation, if it belongs to this round and is not void. */
export function current(state: State, path: string): Activation | undefined {
  const all = activations(state, path);
  const last = all.at(-1);
  if (last === undefined || last.state === "void") return undefined;
  return all.length - 1 >= (own(state.base, path) ?? 0) ? last : undefined;
}

export function currentOpen(state: State, path: string): Activation | undefined {
  const activation = current(state, path);
  return activation?.state === "open" ? activation : undefined;
}

/** Whether a person is asked only for what a refused photo took away, because they have done all else before. */
export function isRetaken({ retake, tasks }: Activation, member: string): boolean {
  return retake === true && !tasks.some((task) => task.member === member && task.whole === true);
}

/** From here on, what the step has done belongs to earlier rounds. */
export function endRound(state: State, path: string): void {
  const length = activations(state, path).length;
  if (length > 0) put(state.base, path, length);
}

/** Whether a stage counts: all do; once the run is being left, only exits, and those only with a way out. */
export function stageCounts(state: State, stage: StageSpec): boolean {
  return state.leaving === undefined || (stage.exit && state.way_out === true);
}

/** Whether nothing is awaited of a photo any more: its bytes are stored, or it was refused. */
export function isSettled(photo: PhotoState): boolean {
  return photo.stored || photo.refused !== undefined;
}

export function entriesIn(state: State, register: string): Entry[] {
  return (own(state.registers, register) ?? []).filter((entry) => entry.out_at === undefined);
}

/** Whether an entry of a repeat exists, it has not ended, and neither has one around it; and its stage counts. */
export function isRunning(template: Template, state: State, path: string): boolean {
  const place = template.repeats.get(path);
  if (place === undefined || !stageCounts(state, place.stage)) return false;
  const entry = own(state.repeats, path);
  return entry !== undefined && !entry.ended && !inEndedRepeat(state, place);
}

/** Whether a repeat around this place has ended. */
export function inEndedRepeat(state: State, place: Pick<StepPlace, "around">): boolean {
  return place.around.some(
    ({ place: outer }) => outer.kind === "repeat" && own(state.repeats, outer.path)?.ended === true,
  );
}

const LAST_MOMENT = "9999-12-31T23:59:59.999Z";

/** The time so many seconds later, as text. */
export function later(time: string, seconds: number): string {
  const at = Date.parse(time) + seconds * 1000;
  return at > Date.parse(LAST_MOMENT) ? LAST_MOMENT : new Date(at).toISOString();
}

/** Milliseconds from one time to another; a negative difference counts as 0. */
export function elapsed(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

export function timerId(kind: "due" | "not_before" | "every", path: string, n: number): string {
  return `${kind}:${path}:${n}`;
}

export function sorted(codes: Iterable<string>): string[] {
  return [...new Set(codes)].sort();
}

/** The kind under which a value can be compared: decimals by value, booleans and other strings as they are. */
export function kindOf(value: Json | undefined): "boolean" | "decimal" | "string" | null {
  if (typeof value === "boolean") return "boolean";
  if (typeof value !== "string") return null;
  return isDecimal(value) ? "decimal" : "string";
}

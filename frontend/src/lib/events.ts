// The payload of an event: its form, reading it, building it (docs/formats/event.md).
import { CanonicalError, dumps, isObject, isTime, type Json, type JsonObject, loads } from "./canonical";
import { isDecimal } from "./decimal";
import type { Bytes } from "./encoding";

export type Assurance = "webcrypto" | "software" | "server" | "webauthn" | "hardware";

export interface PhotoRef {
  commitment: string;
  media_type: string;
  size: number;
  slot: string;
}

export interface Payload {
  v: 1;
  type: string;
  tenant: string;
  run?: string;
  step?: string;
  activation?: number;
  prev_run?: string[];
  device: string;
  dseq: number;
  rseq?: number;
  prev_device?: string;
  actor: string;
  claimed_at: string;
  mono_ms: number;
  boot: string;
  beacon?: { root: string; size: number };
  photos?: PhotoRef[];
  commitments?: Record<string, string>;
  data: JsonObject;
  assurance: Assurance;
}

/** An event as the flow reads it: the payload, the hash of its bytes, and whether its key had ended before it came. */
export type FlowEvent = Payload & { hash: string; revoked?: boolean };

export type Answers = { [name: string]: boolean | string };

/** The facts that each act of a person carries. */
export interface ActData {
  "device.enrolled": { spki: string; may_enrol: boolean };
  "device.revoked": { device: string; why: string; saw: string[] };
  "run.opened": {
    template: string;
    version: string;
    subject: { equipment?: string };
    people: { [part: string]: string[] };
  };
  "people.assigned": { part: string; members: string[] };
  "photo.taken": { slot: string };
  "reading.taken": {
    reading: string;
    value: string;
    unit: string;
    sampled_at: string;
    point?: string;
    instrument?: string;
  };
  "register.entered": { register: string; item: string; holder?: string; point?: string; count?: number };
  "register.left": { register: string; item: string };
  "lock.removed": { register: string; item: string; holder: string; confirmed: string[]; saw: string[] };
  "step.confirmed": { answers?: Answers };
  "decision.made": { verdict: "ok" | "no" | "back"; saw: string[]; to?: string; looked?: { [event: string]: number } };
  "repeat.ended": { repeat: string };
  "run.stopped": Record<string, never>;
  "run.resumed": Record<string, never>;
  "run.abandoned": Record<string, never>;
  "act.acknowledged": { about: string };
}
export type ActType = keyof ActData;

/** What a person does: everything in an event that is not its place on the device. */
export interface Act<T extends ActType = ActType> {
  type: T;
  actor: string;
  claimed_at: string;
  run?: string;
  step?: string;
  activation?: number;
  photos?: PhotoRef[];
  commitments?: Record<string, string>;
  data: ActData[T];
}

/** Where an event stands on its device and in its run. */
export interface Position {
  tenant: string;
  device: string;
  dseq: number;
  prev_device?: string;
  rseq?: number;
  prev_run?: string[];
  mono_ms: number;
  boot: string;
  beacon?: { root: string; size: number };
  assurance: Assurance;
}

export type PayloadCode = "payload_malformed" | "payload_not_canonical" | "payload_too_large";

export class PayloadError extends Error {
  constructor(
    readonly code: PayloadCode,
    readonly place: string,
  ) {
    super(`${code}: ${place}`);
  }
}

/** Types that only the server's key signs. */
export const SERVER_TYPES: ReadonlySet<string> = new Set([
  "log.opened",
  "people.resolved",
  "photo.stored",
  "photo.refused",
  "timer.fired",
  "check.recorded",
  "run.sealed",
]);
/** Types that only a person's device signs. */
export const ACT_TYPES: ReadonlySet<string> = new Set([
  "device.enrolled",
  "device.revoked",
  "run.opened",
  "people.assigned",
  "photo.taken",
  "reading.taken",
  "register.entered",
  "register.left",
  "lock.removed",
  "step.confirmed",
  "decision.made",
  "repeat.ended",
  "run.stopped",
  "run.resumed",
  "run.abandoned",
  "act.acknowledged",
]);
/** Acts that are kept and shown, and that move no run. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set(["act.acknowledged"]);
/** Types that stand outside of any run. */
export const RUNLESS: ReadonlySet<string> = new Set(["device.enrolled", "device.revoked", "log.opened"]);
const IN_STEP = new Set(["photo.taken", "reading.taken", "register.entered", "step.confirmed", "decision.made"]);

type Check = (value: Json | undefined) => boolean;
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const isHash = matches(/^[0-9a-f]{64}$/);
const isRef = matches(/^[0-9a-f]{32}$/);
const isName = matches(/^[a-z][a-z0-9_]{0,39}$/);
const isPath = matches(/^[a-z][a-z0-9_]{0,39}(\/[a-z][a-z0-9_]{0,39})*$/);
const isText: Check = (value) => typeof value === "string";
const isBool: Check = (value) => typeof value === "boolean";
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);
const from =
  (least: number): Check =>
  (value) =>
    typeof value === "number" && value >= least;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const mapOf =
  (key: Check, check: Check): Check =>
  (value) =>
    isObject(value) && Object.entries(value).every(([name, item]) => key(name) && check(item));
const exactly =
  (keys: Record<string, Check>): Check =>
  (value) =>
    isObject(value) &&
    Object.keys(value).every((key) => Object.hasOwn(keys, key)) &&
    Object.entries(keys).every(([key, check]) => check(value[key]));
const isSorted: Check = (value) =>
  Array.isArray(value) && value.every((item, at) => at === 0 || String(value[at - 1]) < String(item));
const isAnswer: Check = (value) => typeof value === "boolean" || typeof value === "string";
const isMedia = oneOf("image/jpeg", "image/png", "image/webp", "image/heic");

const PAYLOAD: Record<string, Check> = {
  v: (value) => value === 1,
  type: matches(/^(?=.{3,64}$)[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/),
  tenant: matches(/^[a-z][a-z0-9-]{1,39}$/),
  run: optional(isRef),
  step: optional(isPath),
  activation: optional(from(1)),
  prev_run: optional((value) => listOf(isHash)(value) && isSorted(value)),
  device: isHash,
  dseq: from(1),
  rseq: optional(from(1)),
  prev_device: optional(isHash),
  actor: (value) => value === "server" || isRef(value),
  claimed_at: isTime,
  mono_ms: from(0),
  boot: isRef,
  beacon: optional(exactly({ root: isHash, size: from(0) })),
  photos: optional(listOf(exactly({ commitment: isHash, media_type: isMedia, size: from(1), slot: isName }))),
  commitments: optional((value) => mapOf(isName, isHash)(value) && Object.keys(value as JsonObject).length > 0),
  data: (value) => isObject(value),
  assurance: oneOf("webcrypto", "software", "server", "webauthn", "hardware"),
};

// Readers ignore what they do not know inside `data`, so these list what must be there and of which kind.
const DATA: Record<string, Record<string, Check>> = {
  "device.enrolled": { spki: isText, may_enrol: isBool },
  "device.revoked": { device: isHash, why: isName, saw: (value) => listOf(isHash)(value) && isSorted(value) },
  "log.opened": { origin: isText, log_key: isText, server_key: isText, founders: listOf(isRef) },
  "run.opened": {
    template: matches(/^[a-z][a-z0-9-]{1,59}$/),
    version: isHash,
    subject: (value) => isObject(value) && optional(isRef)(value.equipment),
    people: mapOf(isName, listOf(isRef)),
  },
  "people.assigned": { part: isName, members: listOf(isRef) },
  "photo.taken": { slot: isName },
  "reading.taken": {
    reading: isName,
    value: isDecimal,
    unit: isText,
    sampled_at: isTime,
    point: optional(isText),
    instrument: optional(isText),
  },
  "register.entered": {
    register: isName,
    item: isText,
    holder: optional(isRef),
    point: optional(isText),
    count: optional((value) => typeof value === "number"),
  },
  "register.left": { register: isName, item: isText },
  "lock.removed": {
    register: isName,
    item: isText,
    holder: isRef,
    confirmed: (value) => listOf(isName)(value) && isSorted(value),
    saw: (value) => listOf(isHash)(value) && isSorted(value),
  },
  "step.confirmed": { answers: optional(mapOf(isName, isAnswer)) },
  "decision.made": {
    verdict: oneOf("ok", "no", "back"),
    saw: (value) => listOf(isHash)(value) && isSorted(value),
    to: optional(isPath),
    looked: optional(mapOf(isHash, from(0))),
  },
  "repeat.ended": { repeat: isPath },
  "run.stopped": {},
  "run.resumed": {},
  "run.abandoned": {},
  "act.acknowledged": { about: isHash },
  "people.resolved": {
    member: isRef,
    roles: listOf(isText),
    certificates: mapOf(isText, matches(/^\d{4}-\d{2}-\d{2}$/)),
  },
  "photo.stored": { commitment: isHash },
  "photo.refused": {
    commitment: isHash,
    codes: (value) => listOf(isName)(value) && isSorted(value) && (value as Json[]).length > 0,
  },
  "timer.fired": { timer: isText },
  "check.recorded": { check: isText, verdict: oneOf("pass", "fail", "unsure"), about: isHash },
  "run.sealed": { count: from(0), heads: listOf(isHash), devices: mapOf(isHash, from(1)) },
};

function require(condition: boolean, place: string): void {
  if (!condition) throw new PayloadError("payload_malformed", place);
}

/** Which keys must be there together, and which not. */
function checkPresence(payload: Payload): void {
  const { type } = payload;
  const known = Object.hasOwn(DATA, type);
  const inRun = payload.run !== undefined;
  if (known) require(inRun !== RUNLESS.has(type), "run");
  require(inRun === (payload.rseq !== undefined), "rseq");
  require((inRun && type !== "run.opened") === (payload.prev_run !== undefined), "prev_run");
  require((payload.step !== undefined) === (payload.activation !== undefined), "activation");
  if (IN_STEP.has(type)) require(payload.step !== undefined, "step");
  else if (known && type !== "register.left") require(payload.step === undefined, "step");
  require(payload.dseq > 1 === (payload.prev_device !== undefined), "prev_device");
  require((payload.photos?.length ?? 0) === (type === "photo.taken" ? 1 : 0), "photos");
  require(type === "photo.taken" || payload.photos === undefined, "photos");
}

/** The payload, when the value has the form of one; throws PayloadError with the place that has not. */
export function checkPayload(value: Json): Payload {
  if (!isObject(value)) throw new PayloadError("payload_malformed", "payload");
  for (const key of Object.keys(value)) require(Object.hasOwn(PAYLOAD, key), key);
  for (const [key, check] of Object.entries(PAYLOAD)) require(check(value[key]), key);
  // Every key has been checked just above; the type system cannot follow that.
  const payload = value as unknown as Payload;
  const checks = Object.hasOwn(DATA, payload.type) ? DATA[payload.type] : undefined;
  for (const [key, check] of Object.entries(checks ?? {})) require(check(payload.data[key]), `data.${key}`);
  checkPresence(payload);
  return payload;
}

/** Reads payload bytes; throws PayloadError: `payload_not_canonical` for what is not canonical JSON at all. */
export function parsePayload(bytes: Uint8Array): Payload {
  try {
    return checkPayload(loads(bytes));
  } catch (error) {
    if (!(error instanceof CanonicalError)) throw error;
    const code = error.code === "json_too_large" ? "payload_too_large" : "payload_not_canonical";
    throw new PayloadError(code, error.code);
  }
}

/** The bytes to sign for an act at its place on the device. Throws PayloadError when the act has not the form. */
export function buildPayload<T extends ActType>(act: Act<T>, position: Position): Bytes {
  const whole = { v: 1, ...position, ...act };
  const given = Object.entries(whole).filter(([, value]) => value !== undefined);
  const value = Object.fromEntries(given) as JsonObject;
  checkPayload(value);
  return dumps(value);
}

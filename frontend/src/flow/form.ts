// Whether an event has the members that its type must have (docs/formats/flow.md, clarification 2).
// The log takes any attributable event, so a kernel meets events that no honest device would sign.
import { isObject, isTime, type Json } from "../lib/canonical";
import { isDecimal } from "../lib/decimal";
import type { FlowEvent } from "../lib/events";

type Check = (value: Json | undefined) => boolean;

const text: Check = (value) => typeof value === "string";
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const integer: Check = (value) => typeof value === "number" && Number.isInteger(value);
const object: Check = (value) => isObject(value);
const people: Check = (value) => isObject(value) && Object.values(value).every(texts);
const dates: Check = (value) =>
  isObject(value) && Object.values(value).every((date) => typeof date === "string" && isTime(`${date}T00:00:00.000Z`));
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const DATA: { [type: string]: { [member: string]: Check } } = {
  "run.opened": { template: text, version: text, subject: object, people },
  "people.assigned": { part: text, members: texts },
  "photo.taken": { slot: text },
  "reading.taken": {
    reading: text,
    value: isDecimal,
    unit: text,
    sampled_at: isTime,
    point: optional(text),
    instrument: optional(text),
  },
  "register.entered": {
    register: text,
    item: text,
    holder: optional(text),
    point: optional(text),
    count: optional(integer),
  },
  "register.left": { register: text, item: text },
  "lock.removed": { register: text, item: text, holder: text, confirmed: texts, saw: texts },
  "step.confirmed": { answers: optional(object) },
  "decision.made": { verdict: text, saw: texts, to: optional(text) },
  "repeat.ended": { repeat: text },
  "run.stopped": {},
  "run.resumed": {},
  "run.abandoned": {},
  "people.resolved": { member: text, roles: texts, certificates: dates },
  "photo.stored": { commitment: text },
  "photo.refused": { commitment: text, codes: texts },
  "timer.fired": { timer: text },
  "check.recorded": { check: text, verdict: text, about: text },
};

const IN_STEP = new Set(["photo.taken", "reading.taken", "register.entered", "step.confirmed", "decision.made"]);

function hasStep(event: FlowEvent): boolean {
  return text(event.step) && integer(event.activation) && (event.activation ?? 0) >= 1;
}

function hasOnePhoto(event: FlowEvent): boolean {
  const photos: Json | undefined = event.photos as Json[] | undefined;
  if (!Array.isArray(photos) || photos.length !== 1) return false;
  const [photo] = photos;
  return isObject(photo) && text(photo.slot) && text(photo.commitment);
}

/** Whether a known event can be read by the rules at all. */
export function isWellFormed(event: FlowEvent): boolean {
  const data: Json | undefined = event.data;
  if (!isTime(event.claimed_at)) return false;
  if (event.type === "run.sealed") return true;
  if (!isObject(data)) return false;
  const checks = Object.entries(DATA[event.type] ?? {});
  if (!checks.every(([member, check]) => check(Object.hasOwn(data, member) ? data[member] : undefined))) return false;
  if (event.type === "photo.taken" && !hasOnePhoto(event)) return false;
  if (IN_STEP.has(event.type)) return hasStep(event);
  if (event.type !== "register.left") return true;
  return event.step === undefined && event.activation === undefined ? true : hasStep(event);
}

// What the server said on receipt of an event: an admission in its exact form (docs/formats/log.md).
import { CanonicalError, isObject, isTime, type Json, loads } from "../lib/canonical";
import { ADMISSION_PAYLOAD, EnvelopeError, parseEnvelope } from "../lib/envelope";
import { admissionName, type Entry, type Evidence } from "./evidence";

export type Standing = "accepted" | "contradicting" | "revoked";

export interface Admission {
  v: 1;
  tenant: string;
  device: string;
  dseq: number;
  payload: string;
  index: number;
  received_at: string;
  standing: Standing;
  codes: string[];
}

type Test = (value: Json | undefined) => boolean;

const matches =
  (pattern: RegExp): Test =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const from =
  (low: number): Test =>
  (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= low;
const isHash = matches(/^[0-9a-f]{64}$/);
const isCode = matches(/^[a-z][a-z0-9_]{0,63}$/);

const FORM: { [member in keyof Admission]: Test } = {
  v: (value) => value === 1,
  tenant: matches(/^[a-z][a-z0-9-]{1,39}$/),
  device: isHash,
  dseq: from(1),
  payload: isHash,
  index: from(0),
  received_at: isTime,
  standing: matches(/^(accepted|contradicting|revoked)$/),
  codes: (value) => Array.isArray(value) && value.every(isCode),
};

function isAdmission(value: Json): value is Json & Admission {
  if (!isObject(value) || Object.keys(value).length !== Object.keys(FORM).length) return false;
  return Object.entries(FORM).every(([member, test]) => Object.hasOwn(value, member) && test(value[member]));
}

/** Reads the payload of an admission; null when it has not the form. */
export function parseAdmission(payload: Uint8Array): Admission | null {
  try {
    const value = loads(payload);
    return isAdmission(value) ? value : null;
  } catch (error) {
    if (error instanceof CanonicalError) return null;
    throw error;
  }
}

/** What the server said on receipt of how an event stands; INTEGRITY judges whether the admission holds. */
export function standingOf({ pack }: Evidence, number: number): Standing | undefined {
  const bytes = pack.texts.get(admissionName({ number }));
  if (bytes === undefined) return undefined;
  try {
    return parseAdmission(parseEnvelope(bytes, ADMISSION_PAYLOAD).payload)?.standing;
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
}

/** The events that came when their key had ended, as the server said: they move nothing. */
export function asideIn(evidence: Evidence): Set<Entry> {
  return new Set(evidence.events.filter(({ number }) => standingOf(evidence, number) === "revoked"));
}

/** Every opening of the run, without those aside while there is another. */
export function openingsOf(events: Entry[], aside: Set<Entry>): Entry[] {
  const opened = events.filter(({ payload }) => payload.type === "run.opened");
  const judged = opened.filter((entry) => !aside.has(entry));
  return judged.length > 0 ? judged : opened;
}

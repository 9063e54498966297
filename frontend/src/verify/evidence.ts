// The evidence of a pack, read without judging yet: envelopes, keys, proofs, admissions, openings.
// What cannot be read is said under INTEGRITY and left out of the other claims.
import { isObject, type Json } from "../lib/canonical";
import { type Opening, opens } from "../lib/commitment";
import { type Bytes, fromBase64, sha256Hex } from "../lib/encoding";
import { type Envelope, EnvelopeError, importPublicKey, parseEnvelope, verifySignature } from "../lib/envelope";
import { type Payload, PayloadError, parsePayload } from "../lib/events";
import { type Pack, readJson } from "./pack";
import type { Findings } from "./report";

/** A file of events/ or keys/, whatever it may hold. */
export interface Sealed {
  file: string;
  /** Number in the file's name. */
  number: number;
  bytes: Bytes;
  /** Null when the file is no envelope. */
  envelope: Envelope | null;
  /** Null when the payload cannot be read. */
  payload: Payload | null;
  /** SHA-256 of the payload bytes. */
  hash: string;
  /** Place in the log as its proof says; null when the proof cannot be read. */
  index: number | null;
  /** Key ids of the signatures that verified. */
  signers: Set<string>;
}
/** One entry of the log: an event of the run, or a key's enrolment. */
export interface Entry extends Sealed {
  envelope: Envelope;
  payload: Payload;
}
export interface DeviceKey {
  key: CryptoKey;
  entry: Entry;
}
export interface Evidence {
  pack: Pack;
  /** Every file of keys/ and events/, in this order. */
  sealed: Sealed[];
  events: Entry[];
  keys: Entry[];
  /** By device id, from keys/: every public key that the pack brings. */
  devices: Map<string, DeviceKey[]>;
  openings: Map<string, Opening>;
  /** Files of events/ that are missing or cannot be read. */
  unreadable: string[];
}

const numbered = (folder: string, n: number) => `${folder}/${String(n).padStart(6, "0")}.dsse.json`;

/** The name of the proof of an entry's file. */
export function proofName(entry: Pick<Sealed, "file" | "number">): string {
  const mark = entry.file.startsWith("keys/") ? "k" : "";
  return `proofs/${mark}${String(entry.number).padStart(6, "0")}.tlog-proof`;
}

export const admissionName = (entry: Pick<Entry, "number">) => numbered("admissions", entry.number);

/** The files that the manifest's counts ask for, keys before events, whether they are there or not. */
export function countedEntries({ manifest }: Pack): { file: string; number: number }[] {
  return (["keys", "events"] as const).flatMap((folder) =>
    Array.from({ length: manifest[folder] }, (_, at) => ({ file: numbered(folder, at + 1), number: at + 1 })),
  );
}

/** All that is counted must be there; anything else in the numbered folders does not belong to the pack. */
function checkNumbered(pack: Pack, files: Findings): void {
  const counted = new Set<string>();
  for (const entry of countedEntries(pack)) {
    counted.add(entry.file).add(proofName(entry));
    if (entry.file.startsWith("events/")) counted.add(admissionName(entry));
    if (!pack.texts.has(entry.file)) files.fail("file_missing", entry.file);
  }
  for (const name of pack.texts.keys()) {
    if (/^(events|keys|proofs|admissions)\//.test(name) && !counted.has(name)) files.fail("file_unlisted", name);
  }
}

/** The payload, when it has its form and the device that speaks has signed first. */
function readPayload({ payload, signatures }: Envelope, file: string, records: Findings): Payload | null {
  try {
    const read = parsePayload(payload);
    if (signatures[0]?.keyid === read.device) return read;
    records.fail("envelope_malformed", file);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    records.fail(error.code, file);
  }
  return null;
}

async function readSealed(file: string, number: number, bytes: Bytes, records: Findings): Promise<Sealed> {
  const sealed: Sealed = {
    file,
    number,
    bytes,
    envelope: null,
    payload: null,
    hash: "",
    index: null,
    signers: new Set(),
  };
  try {
    const envelope = parseEnvelope(bytes);
    const payload = readPayload(envelope, file, records);
    return { ...sealed, envelope, payload, hash: await sha256Hex(envelope.payload) };
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    records.fail(error.code, file);
    return sealed;
  }
}

async function readFolder(pack: Pack, folder: "events" | "keys", records: Findings): Promise<Sealed[]> {
  const sealed: Sealed[] = [];
  for (let number = 1; number <= pack.manifest[folder]; number += 1) {
    const file = numbered(folder, number);
    const bytes = pack.texts.get(file);
    if (bytes !== undefined) sealed.push(await readSealed(file, number, bytes, records));
  }
  return sealed;
}

const isEntry = (sealed: Sealed): sealed is Entry => sealed.envelope !== null && sealed.payload !== null;

/** The public key that an entry of keys/ brings, in DER. */
function spkiOf({ payload }: Entry): Bytes | null {
  const member = payload.type === "log.opened" ? "server_key" : "spki";
  const text = payload.type === "log.opened" || payload.type === "device.enrolled" ? payload.data[member] : undefined;
  return typeof text === "string" ? fromBase64(text) : null;
}

async function readDevices(keys: Entry[]): Promise<Evidence["devices"]> {
  const devices: Evidence["devices"] = new Map();
  for (const entry of keys) {
    const spki = spkiOf(entry);
    const key = spki && (await importPublicKey(spki));
    if (!spki || !key) continue;
    const device = await sha256Hex(spki);
    devices.set(device, [...(devices.get(device) ?? []), { key, entry }]);
  }
  return devices;
}

async function checkSignatures(entry: Sealed, devices: Evidence["devices"], findings: Findings): Promise<void> {
  const { envelope } = entry;
  for (const signature of envelope?.signatures ?? []) {
    const key = devices.get(signature.keyid)?.[0]?.key;
    if (key === undefined) findings.fail("signature_unknown_key", entry.file);
    else if (envelope !== null && (await verifySignature(key, envelope, signature))) entry.signers.add(signature.keyid);
    else findings.fail("signature_invalid", entry.file);
  }
}

function readOpening(value: Json): Opening | null {
  if (!isObject(value) || Object.keys(value).sort().join() !== "commitment,salt,value") return null;
  const { commitment, salt, value: opened } = value;
  if (typeof commitment !== "string" || typeof salt !== "string" || opened === undefined) return null;
  return { commitment, salt, value: opened };
}

async function readOpenings(pack: Pack, findings: Findings): Promise<Evidence["openings"]> {
  const openings: Evidence["openings"] = new Map();
  const bytes = pack.texts.get("openings.json");
  if (bytes === undefined) findings.fail("file_missing", "openings.json");
  const list = bytes === undefined ? [] : readJson(bytes);
  if (!Array.isArray(list)) {
    findings.fail("opening_invalid", "openings.json");
    return openings;
  }
  let last = "";
  for (const item of list) {
    const opening = readOpening(item);
    const about = opening?.commitment ?? "openings.json";
    if (opening !== null && (await opens(opening))) openings.set(opening.commitment, opening);
    else findings.fail("opening_invalid", about);
    if (opening !== null && opening.commitment <= last) findings.fail("opening_invalid", about);
    last = opening?.commitment ?? last;
  }
  return openings;
}

/** What reading finds: about the files, about envelopes and signatures, about what is opened. */
export interface EvidenceFindings {
  files: Findings;
  records: Findings;
  contents: Findings;
}

function unreadable({ manifest }: Pack, events: Sealed[]): string[] {
  const read = new Set(events.filter(isEntry).map(({ number }) => number));
  const numbers = Array.from({ length: manifest.events }, (_, at) => at + 1);
  return numbers.filter((number) => !read.has(number)).map((number) => numbered("events", number));
}

/** Reads all evidence; what has not its form goes to the findings. */
export async function readEvidence(pack: Pack, findings: EvidenceFindings): Promise<Evidence> {
  checkNumbered(pack, findings.files);
  const keys = await readFolder(pack, "keys", findings.records);
  const events = await readFolder(pack, "events", findings.records);
  const sealed = [...keys, ...events];
  const devices = await readDevices(keys.filter(isEntry));
  for (const entry of sealed) await checkSignatures(entry, devices, findings.records);
  return {
    pack,
    sealed,
    keys: keys.filter(isEntry),
    events: events.filter(isEntry),
    devices,
    openings: await readOpenings(pack, findings.contents),
    unreadable: unreadable(pack, events),
  };
}

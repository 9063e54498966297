// The evidence of a pack, read without judging yet: envelopes, keys, proofs, admissions, openings.
// What cannot be read is said under INTEGRITY and left out of the other claims.
import { isObject, type Json } from "../lib/canonical";
import { type Opening, opens } from "../lib/commitment";
import { type Bytes, fromBase64, sha256Hex } from "../lib/encoding";
import { type Envelope, EnvelopeError, importPublicKey, parseEnvelope, verifySignature } from "../lib/envelope";
import { type Payload, PayloadError, parsePayload } from "../lib/events";
import { type Pack, readJson } from "./pack";
import type { Findings } from "./report";

/** One entry of the log: an event of the run, or a key's enrolment. */
export interface Entry {
  file: string;
  /** Number in the file's name. */
  number: number;
  bytes: Bytes;
  envelope: Envelope;
  payload: Payload;
  /** SHA-256 of the payload bytes. */
  hash: string;
  /** Place in the log as its proof says; null when the proof cannot be read. */
  index: number | null;
  /** Key ids of the signatures that verified. */
  signers: Set<string>;
}
export interface DeviceKey {
  key: CryptoKey;
  entry: Entry;
}
export interface Evidence {
  pack: Pack;
  events: Entry[];
  keys: Entry[];
  /** By device id, from keys/: every public key that the pack brings. */
  devices: Map<string, DeviceKey[]>;
  openings: Map<string, Opening>;
}

const numbered = (folder: string, n: number) => `${folder}/${String(n).padStart(6, "0")}.dsse.json`;

/** The name of the proof of an entry's file. */
export function proofName(entry: Pick<Entry, "file" | "number">): string {
  const mark = entry.file.startsWith("keys/") ? "k" : "";
  return `proofs/${mark}${String(entry.number).padStart(6, "0")}.tlog-proof`;
}

export const admissionName = (entry: Pick<Entry, "number">) => numbered("admissions", entry.number);

/** The files of a folder by number: all that the manifest counts, and any other there is. */
function filesOf(pack: Pack, folder: string, count: number, findings: Findings): [number, string][] {
  const pattern = new RegExp(`^${folder}/([0-9]{6,})\\.dsse\\.json$`);
  const numbers = new Map<number, string>();
  for (const name of pack.texts.keys()) {
    const found = pattern.exec(name);
    if (found !== null) numbers.set(Number(found[1]), name);
  }
  for (let n = 1; n <= Math.min(count, 20_000); n += 1) {
    const name = numbered(folder, n);
    if (!numbers.has(n) && !Object.hasOwn(pack.manifest.files, name)) findings.fail("file_missing", name);
  }
  const extra = [...numbers].filter(([n]) => n > count);
  for (const [, name] of extra) if (Object.hasOwn(pack.manifest.files, name)) findings.fail("file_unlisted", name);
  return [...numbers].sort(([a], [b]) => a - b);
}

async function readEntry(file: string, number: number, bytes: Bytes, findings: Findings): Promise<Entry | null> {
  try {
    const envelope = parseEnvelope(bytes);
    const payload = parsePayload(envelope.payload);
    // The signature of the device that speaks comes first; what others signed says nothing of this device.
    if (envelope.signatures[0]?.keyid !== payload.device) throw new EnvelopeError("envelope_malformed");
    const hash = await sha256Hex(envelope.payload);
    return { file, number, bytes, envelope, payload, hash, index: null, signers: new Set() };
  } catch (error) {
    if (!(error instanceof EnvelopeError) && !(error instanceof PayloadError)) throw error;
    findings.fail(error.code, file);
    return null;
  }
}

async function readFolder(pack: Pack, folder: string, count: number, findings: Findings): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const [number, file] of filesOf(pack, folder, count, findings)) {
    const bytes = pack.texts.get(file);
    const entry = bytes && (await readEntry(file, number, bytes, findings));
    if (entry) entries.push(entry);
  }
  return entries;
}

/** The public key that an entry of keys/ brings, in DER. */
export function spkiOf({ payload }: Entry): Bytes | null {
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

async function checkSignatures(entry: Entry, devices: Evidence["devices"], findings: Findings): Promise<void> {
  for (const signature of entry.envelope.signatures) {
    const key = devices.get(signature.keyid)?.[0]?.key;
    if (key === undefined) findings.fail("signature_unknown_key", entry.file);
    else if (await verifySignature(key, entry.envelope, signature)) entry.signers.add(signature.keyid);
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
  if (bytes === undefined) return openings;
  const list = readJson(bytes);
  if (!Array.isArray(list)) {
    findings.fail("opening_invalid", "openings.json");
    return openings;
  }
  for (const item of list) {
    const opening = readOpening(item);
    if (opening !== null && (await opens(opening))) openings.set(opening.commitment, opening);
    else findings.fail("opening_invalid", opening?.commitment ?? "openings.json");
  }
  return openings;
}

/** Reads all evidence; what has not its form or a false signature goes to the findings of INTEGRITY. */
export async function readEvidence(pack: Pack, findings: Findings): Promise<Evidence> {
  const keys = await readFolder(pack, "keys", pack.manifest.keys, findings);
  const events = await readFolder(pack, "events", pack.manifest.events, findings);
  const devices = await readDevices(keys);
  for (const entry of [...keys, ...events]) await checkSignatures(entry, devices, findings);
  const openings = await readOpenings(pack, findings);
  return { pack, events, keys, devices, openings };
}

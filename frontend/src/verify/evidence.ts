// The evidence of a pack, read without judging yet: envelopes, keys, proofs, admissions, openings.
// What cannot be read is said under INTEGRITY and left out of the other claims.
import { isObject, type Json } from "../lib/canonical";
import { type Opening, opens } from "../lib/commitment";
import { type Bytes, fromBase64, sha256Hex } from "../lib/encoding";
import { type Envelope, EnvelopeError, importPublicKey, parseEnvelope, verifySignature } from "../lib/envelope";
import { type Payload, PayloadError, parsePayload } from "../lib/events";
import { type Pack, readJson } from "./pack";
import type { Findings } from "./report";

/** An envelope of the pack, whatever its payload may be. */
export interface Sealed {
  file: string;
  /** Number in the file's name. */
  number: number;
  bytes: Bytes;
  envelope: Envelope;
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
  payload: Payload;
}
export interface DeviceKey {
  key: CryptoKey;
  entry: Entry;
}
export interface Evidence {
  pack: Pack;
  /** Every envelope that could be read as one, keys before events. */
  sealed: Sealed[];
  events: Entry[];
  keys: Entry[];
  /** By device id, from keys/: every public key that the pack brings. */
  devices: Map<string, DeviceKey[]>;
  openings: Map<string, Opening>;
  /** Files whose envelope or event could not be read. */
  unreadable: string[];
}

const numbered = (folder: string, n: number) => `${folder}/${String(n).padStart(6, "0")}.dsse.json`;

/** The name of the proof of an entry's file. */
export function proofName(entry: Pick<Sealed, "file" | "number">): string {
  const mark = entry.file.startsWith("keys/") ? "k" : "";
  return `proofs/${mark}${String(entry.number).padStart(6, "0")}.tlog-proof`;
}

export const admissionName = (entry: Pick<Entry, "number">) => numbered("admissions", entry.number);

/** The files of a folder that the manifest counts; one that is neither here nor listed is missing all the same. */
function filesOf({ manifest, texts }: Pack, folder: "events" | "keys", files: Findings): [number, string][] {
  const found: [number, string][] = [];
  for (let n = 1; n <= manifest[folder]; n += 1) {
    const name = numbered(folder, n);
    if (texts.has(name)) found.push([n, name]);
    else if (!Object.hasOwn(manifest.files, name)) files.fail("file_missing", name);
  }
  const counted = new Set(found.map(([, name]) => name));
  for (const name of texts.keys()) {
    const isOurs = name.startsWith(`${folder}/`) && Object.hasOwn(manifest.files, name);
    if (isOurs && !counted.has(name)) files.fail("file_unlisted", name);
  }
  return found;
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

async function readSealed(file: string, number: number, bytes: Bytes, records: Findings): Promise<Sealed | null> {
  try {
    const envelope = parseEnvelope(bytes);
    const hash = await sha256Hex(envelope.payload);
    const payload = readPayload(envelope, file, records);
    return { file, number, bytes, envelope, payload, hash, index: null, signers: new Set() };
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    records.fail(error.code, file);
    return null;
  }
}

async function readFolder(
  pack: Pack,
  folder: "events" | "keys",
  { files, records }: EvidenceFindings,
): Promise<{ sealed: Sealed[]; unreadable: string[] }> {
  const sealed: Sealed[] = [];
  const unreadable: string[] = [];
  for (const [number, file] of filesOf(pack, folder, files)) {
    const bytes = pack.texts.get(file);
    const read = bytes && (await readSealed(file, number, bytes, records));
    if (read) sealed.push(read);
    if (!read?.payload) unreadable.push(file);
  }
  return { sealed, unreadable };
}

const isEntry = (sealed: Sealed): sealed is Entry => sealed.payload !== null;

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

async function checkSignatures(entry: Sealed, devices: Evidence["devices"], findings: Findings): Promise<void> {
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

/** Reads all evidence; what has not its form goes to the findings. */
export async function readEvidence(pack: Pack, findings: EvidenceFindings): Promise<Evidence> {
  const keys = await readFolder(pack, "keys", findings);
  const events = await readFolder(pack, "events", findings);
  const sealed = [...keys.sealed, ...events.sealed];
  const devices = await readDevices(keys.sealed.filter(isEntry));
  for (const entry of sealed) await checkSignatures(entry, devices, findings.records);
  return {
    pack,
    sealed,
    keys: keys.sealed.filter(isEntry),
    events: events.sealed.filter(isEntry),
    devices,
    openings: await readOpenings(pack, findings.contents),
    unreadable: [...keys.unreadable, ...events.unreadable],
  };
}

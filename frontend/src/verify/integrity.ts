// INTEGRITY: nothing in the pack was changed since it was logged. Numbers as in docs/formats/pack.md.
import { equalBytes, sha256Hex } from "../lib/encoding";
import { ADMISSION_PAYLOAD, EnvelopeError, parseEnvelope, verifySignature } from "../lib/envelope";
import { leafHash, rootOfProof } from "../lib/merkle";
import {
  type Checkpoint,
  hasEd25519,
  isSignedBy,
  type Proof,
  parseCheckpoint,
  parseProof,
  parseVerifierKey,
} from "../lib/note";
import { type Admission, asideIn, openingsOf, parseAdmission } from "./admission";
import { admissionName, countedEntries, type Entry, type Evidence, proofName, type Sealed } from "./evidence";
import type { Pack } from "./pack";
import type { Policy } from "./policy";
import type { Findings } from "./report";

/** 1. Every file matches the manifest, and every file is in it. */
export function checkFiles({ manifest, found }: Pack, findings: Findings): void {
  for (const [name, listed] of Object.entries(manifest.files)) {
    const real = found.get(name);
    if (real === undefined) findings.fail("file_missing", name);
    else if (real.sha256 !== listed.sha256 || real.size !== listed.size) findings.fail("file_altered", name);
  }
  for (const name of found.keys()) {
    if (name !== "manifest.json" && !Object.hasOwn(manifest.files, name)) findings.fail("file_unlisted", name);
  }
}

const MAX_PROOF = 65_535;
const MAX_ENTRY = 65_535;

/** The text that occurs most often; of several the one that came first. */
function mostFrequent(texts: string[]): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  let best: [string, number] | null = null;
  for (const entry of counts) if (best === null || entry[1] > best[1]) best = entry;
  return best?.[0] ?? null;
}

/** The proof of every entry that the manifest counts; one that is not there proves as little as one that is malformed. */
function readProofs({ pack, sealed }: Evidence, findings: Findings): Map<Sealed, Proof> {
  const proofs = new Map<Sealed, Proof>();
  const entries = new Map(sealed.map((entry) => [entry.file, entry]));
  for (const counted of countedEntries(pack)) {
    const name = proofName(counted);
    const bytes = pack.texts.get(name);
    const proof = bytes !== undefined && bytes.length <= MAX_PROOF ? parseProof(bytes) : null;
    if (bytes === undefined) findings.fail("file_missing", name);
    if (proof === null) findings.fail("proof_malformed", name);
    const entry = entries.get(counted.file);
    if (proof === null || entry === undefined) continue;
    entry.index = proof.index;
    proofs.set(entry, proof);
  }
  return proofs;
}

async function checkProof(entry: Sealed, proof: Proof, shared: Checkpoint, findings: Findings): Promise<void> {
  // A file longer than any entry is not looked into; that it is no envelope has been said.
  if (entry.bytes.length > MAX_ENTRY) return;
  const root = await rootOfProof(await leafHash(entry.bytes), proof.index, shared.size, proof.hashes);
  findings.expect(root !== null && equalBytes(root, shared.root), "proof_invalid", proofName(entry));
}

/** 4. Every envelope is the leaf at its proof's index, under the one checkpoint; gives that checkpoint. */
export async function checkProofs(evidence: Evidence, findings: Findings): Promise<Checkpoint | null> {
  const { manifest } = evidence.pack;
  const proofs = readProofs(evidence, findings);
  const shared = mostFrequent([...proofs.values()].map(({ checkpoint }) => checkpoint));
  const checkpoint = shared === null ? null : parseCheckpoint(shared);
  for (const [entry, proof] of proofs) {
    findings.expect(proof.checkpoint === shared, "checkpoint_differs", proofName(entry));
    if (checkpoint !== null) await checkProof(entry, proof, checkpoint, findings);
  }
  if (checkpoint === null) {
    findings.fail("checkpoint_malformed", "checkpoint");
    return null;
  }
  const isNamed = checkpoint.origin === manifest.origin && checkpoint.size === manifest.size;
  findings.expect(isNamed, "checkpoint_differs", "checkpoint");
  findings.expect(checkpoint.origin.split("/").at(-1) === manifest.tenant, "event_foreign", "checkpoint");
  return checkpoint;
}

/** 5. The checkpoint is signed by a log key of the policy, or without one by the key that the pack itself names. */
export async function checkCheckpoint(
  { keys }: Evidence,
  checkpoint: Checkpoint | null,
  policy: Policy | null,
  findings: Findings,
): Promise<void> {
  if (checkpoint === null) return;
  const about = "checkpoint";
  if (!(await hasEd25519())) {
    findings.open("ed25519_unsupported", about);
    return;
  }
  if (policy !== null) {
    const trusted = policy.logs.filter(({ key }) => key.name === checkpoint.origin);
    if (!findings.expect(trusted.length > 0, "log_not_in_policy", about)) return;
    const signed = await Promise.all(trusted.map(({ key }) => isSignedBy(checkpoint.note, key)));
    findings.expect(signed.includes(true), "checkpoint_signature_invalid", about);
    return;
  }
  const named = keys.find(({ payload }) => payload.type === "log.opened")?.payload.data.log_key;
  const key = typeof named === "string" ? await parseVerifierKey(named) : null;
  const isSigned = key !== null && key.name === checkpoint.origin && (await isSignedBy(checkpoint.note, key));
  if (findings.expect(isSigned, "checkpoint_signature_invalid", about)) findings.note("log_key_from_pack", about);
}

function commitmentsOf({ payload }: Entry): string[] {
  return [...Object.values(payload.commitments ?? {}), ...(payload.photos ?? []).map(({ commitment }) => commitment)];
}

/** 6. Nothing is opened that no event speaks of. */
export function checkForeign(evidence: Evidence, findings: Findings): void {
  const { events, keys, openings } = evidence;
  const named = new Set([...events, ...keys].flatMap(commitmentsOf));
  for (const commitment of openings.keys()) findings.expect(named.has(commitment), "opening_foreign", commitment);
}

/** 7. The template is the one that the run names; all events belong to the pack's tenant and run. */
export async function checkTemplate(evidence: Evidence, findings: Findings): Promise<void> {
  const { pack, events, keys } = evidence;
  const { tenant, run } = pack.manifest;
  const bytes = pack.texts.get("template.json");
  const hash = bytes === undefined ? null : await sha256Hex(bytes);
  if (hash === null) findings.fail("template_missing", "template.json");
  else {
    const agrees = openingsOf(events, asideIn(evidence)).every(({ payload }) => payload.data.version === hash);
    findings.expect(agrees, "template_altered", "template.json");
  }
  for (const { file, payload } of events) {
    findings.expect(payload.tenant === tenant && payload.run === run, "event_foreign", file);
  }
  for (const { file, payload } of keys) {
    findings.expect(payload.tenant === tenant && payload.run === undefined, "event_foreign", file);
  }
}

function admits(said: Admission | null, { payload, hash, index }: Entry): boolean {
  if (said === null || said.payload !== hash || said.index !== index) return false;
  return said.tenant === payload.tenant && said.device === payload.device && said.dseq === payload.dseq;
}

/** 8. Every admission is signed by the server key and names its event. */
export async function checkAdmissions(evidence: Evidence, findings: Findings): Promise<void> {
  const anchor = evidence.keys.find(({ payload }) => payload.type === "log.opened");
  const server = anchor?.payload.device ?? "";
  const key = evidence.devices.get(server)?.[0]?.key;
  const entries = new Map(evidence.events.map((entry) => [entry.number, entry]));
  for (let number = 1; number <= evidence.pack.manifest.events; number += 1) {
    const name = admissionName({ number });
    const bytes = evidence.pack.texts.get(name);
    const entry = entries.get(number);
    if (bytes === undefined) findings.fail("admission_missing", name);
    else if (entry && !(await isAdmission(bytes, entry, server, key))) findings.fail("admission_invalid", name);
  }
}

async function isAdmission(
  bytes: Uint8Array,
  entry: Entry,
  server: string,
  key: CryptoKey | undefined,
): Promise<boolean> {
  try {
    const envelope = parseEnvelope(bytes, ADMISSION_PAYLOAD);
    const [signature, ...more] = envelope.signatures;
    if (key === undefined || signature?.keyid !== server || more.length > 0) return false;
    return (await verifySignature(key, envelope, signature)) && admits(parseAdmission(envelope.payload), entry);
  } catch (error) {
    if (error instanceof EnvelopeError) return false;
    throw error;
  }
}

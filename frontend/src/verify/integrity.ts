// INTEGRITY: nothing in the pack was changed since it was logged. Numbers as in docs/formats/pack.md.
import { CanonicalError, isObject, isTime, type Json, loads } from "../lib/canonical";
import { equalBytes, sha256Hex } from "../lib/encoding";
import { ADMISSION_PAYLOAD, EnvelopeError, parseEnvelope, verifySignature } from "../lib/envelope";
import { leafHash, rootOfProof } from "../lib/merkle";
import { type Checkpoint, hasEd25519, isSignedBy, parseCheckpoint, parseProof, parseVerifierKey } from "../lib/note";
import { admissionName, type Entry, type Evidence, proofName } from "./evidence";
import type { Pack } from "./pack";
import type { Policy } from "./policy";
import type { Findings } from "./report";

const EXTENSIONS: { [media: string]: string } = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

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

async function checkProof(
  { pack }: Evidence,
  entry: Entry,
  shared: string | null,
  findings: Findings,
): Promise<string | null> {
  const name = proofName(entry);
  const bytes = pack.texts.get(name);
  const proof = bytes && parseProof(bytes);
  const checkpoint = proof ? parseCheckpoint(proof.checkpoint) : null;
  if (!proof || checkpoint === null) {
    findings.fail("proof_malformed", name);
    return null;
  }
  entry.index = proof.index;
  const root = await rootOfProof(await leafHash(entry.bytes), proof.index, checkpoint.size, proof.hashes);
  findings.expect(root !== null && equalBytes(root, checkpoint.root), "proof_invalid", name);
  findings.expect(shared === null || shared === proof.checkpoint, "checkpoint_differs", name);
  return proof.checkpoint;
}

/** 4. Every envelope is the leaf at its proof's index, under the one checkpoint; gives that checkpoint. */
export async function checkProofs(evidence: Evidence, findings: Findings): Promise<Checkpoint | null> {
  const { manifest } = evidence.pack;
  let shared: string | null = null;
  for (const entry of [...evidence.keys, ...evidence.events]) {
    const text = await checkProof(evidence, entry, shared, findings);
    shared ??= text;
  }
  const checkpoint = shared === null ? null : parseCheckpoint(shared);
  if (checkpoint === null) return null;
  const isNamed = checkpoint.origin === manifest.origin && checkpoint.size === manifest.size;
  findings.expect(isNamed, "checkpoint_differs", "manifest.json");
  return checkpoint;
}

/** 5. The checkpoint is signed by a log key of the policy, or without one by the key that the pack itself names. */
export async function checkCheckpoint(
  { keys, pack }: Evidence,
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
    const trusted = policy.logs.filter(({ key }) => key.name === pack.manifest.origin);
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

/** The name of a photo's file, when its opening is in the pack. */
export function photoName({ openings }: Evidence, commitment: string, media: string): string | null {
  const hash = openings.get(commitment)?.value;
  return typeof hash === "string" ? `photos/${hash}.${EXTENSIONS[media] ?? "bin"}` : null;
}

/** 6. Every photo has an opening, and its bytes have the hash and size that the event says. */
export function checkPhotos(evidence: Evidence, findings: Findings): void {
  for (const { file, payload } of evidence.events) {
    for (const photo of payload.photos ?? []) {
      const name = photoName(evidence, photo.commitment, photo.media_type);
      if (name === null) {
        findings.open("photo_withheld", file);
        continue;
      }
      const real = evidence.pack.found.get(name);
      if (real === undefined) findings.fail("photo_missing", name);
      else findings.expect(name.includes(`/${real.sha256}.`) && real.size === photo.size, "photo_altered", name);
    }
  }
}

/** 7. The template is the one that the run names; all events belong to the pack's tenant and run. */
export async function checkTemplate({ pack, events, keys }: Evidence, findings: Findings): Promise<void> {
  const { tenant, run } = pack.manifest;
  const bytes = pack.texts.get("template.json");
  const version = events.find(({ payload }) => payload.type === "run.opened")?.payload.data.version;
  if (bytes === undefined) findings.fail("template_missing", "template.json");
  else if (version !== undefined) {
    findings.expect((await sha256Hex(bytes)) === version, "template_altered", "template.json");
  }
  for (const { file, payload } of events) {
    findings.expect(payload.tenant === tenant && payload.run === run, "event_foreign", file);
  }
  for (const { file, payload } of keys) findings.expect(payload.tenant === tenant, "event_foreign", file);
}

function admits(value: Json, { payload, hash, index }: Entry): boolean {
  if (!isObject(value) || value.v !== 1 || !isTime(value.received_at)) return false;
  if (!Array.isArray(value.codes) || !["accepted", "contradicting", "revoked"].includes(String(value.standing))) {
    return false;
  }
  const named = value.tenant === payload.tenant && value.device === payload.device && value.dseq === payload.dseq;
  return named && value.payload === hash && (index === null || value.index === index);
}

/** 8. Every admission is signed by the server key and names its event. */
export async function checkAdmissions(evidence: Evidence, findings: Findings): Promise<void> {
  const anchor = evidence.keys.find(({ payload }) => payload.type === "log.opened");
  const server = anchor?.payload.device ?? "";
  const key = evidence.devices.get(server)?.[0]?.key;
  for (const entry of evidence.events) {
    const name = admissionName(entry);
    const bytes = evidence.pack.texts.get(name);
    if (bytes === undefined) {
      findings.fail("admission_missing", name);
      continue;
    }
    findings.expect(await isAdmission(bytes, entry, server, key), "admission_invalid", name);
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
    return (await verifySignature(key, envelope, signature)) && admits(loads(envelope.payload), entry);
  } catch (error) {
    if (error instanceof EnvelopeError || error instanceof CanonicalError) return false;
    throw error;
  }
}

// The verifier: a pack and a policy in, six claims out (docs/formats/pack.md). Needs neither the server nor the network.
import { checkCompleteness } from "./completeness";
import { type Evidence, readEvidence } from "./evidence";
import { checkAdmissions, checkCheckpoint, checkFiles, checkForeign, checkProofs, checkTemplate } from "./integrity";
import { checkOrder } from "./order";
import { openPack, type Pack, type Progress } from "./pack";
import { checkPhotos } from "./photos";
import { type Policy, parsePolicy } from "./policy";
import { type Claims, exitOf, Findings, type Person } from "./report";
import { checkWho, peopleOf } from "./who";
import { type PackCode, PackError } from "./zip";

export interface Verified {
  exit: 0 | 1 | 3;
  claims: Claims;
  tenant: string;
  run: string;
  origin: string;
  /** Size of the log at the checkpoint. */
  size: number;
  events: number;
  photos: number;
  people: Person[];
  /** For whoever wants to show the run; not part of the verdict. */
  evidence: Evidence;
}
export type Report = Verified | { exit: 2; code: PackCode };

/** What rests on the records says so where these are not in order. */
function restOn(records: Findings, unreadable: string[]): Findings {
  const findings = new Findings();
  if (!records.isClear) findings.open("integrity_failed", "INTEGRITY");
  for (const file of unreadable) findings.open("event_unreadable", file);
  return findings;
}

async function judge(pack: Pack, policy: Policy | null): Promise<{ evidence: Evidence; claims: Claims }> {
  const [integrity, records, contents] = [new Findings(), new Findings(), new Findings()];
  const evidence = await readEvidence(pack, { files: integrity, records, contents });
  const checkpoint = await checkProofs(evidence, records);
  await checkCheckpoint(evidence, checkpoint, policy, records);
  checkFiles(pack, integrity);
  integrity.add(records);
  integrity.add(contents);
  checkForeign(evidence, integrity);
  checkPhotos(evidence, integrity);
  await checkTemplate(evidence, integrity);
  await checkAdmissions(evidence, integrity);
  const order = restOn(records, evidence.unreadable);
  const completeness = restOn(records, evidence.unreadable);
  const who = restOn(records, policy === null ? [] : evidence.unreadable);
  checkOrder(evidence, order);
  checkCompleteness(evidence, completeness);
  checkWho(evidence, policy, who);
  const [when, unique] = [new Findings(), new Findings()];
  when.open("no_time_source", "checkpoint");
  unique.open("no_witness", "checkpoint");
  const claims = {
    INTEGRITY: integrity.claim(true),
    ORDER: order.claim(true),
    COMPLETENESS: completeness.claim(true),
    WHO: who.claim(true),
    WHEN: when.claim(policy?.asksWhen === true),
    UNIQUE: unique.claim(policy?.asksUnique === true),
  };
  return { evidence, claims };
}

async function verify(file: Blob, policyText: string | null, onProgress: Progress): Promise<Verified> {
  const policy = policyText === null ? null : await parsePolicy(policyText);
  const pack = await openPack(file, onProgress);
  const { evidence, claims } = await judge(pack, policy);
  const { tenant, run, origin, size } = pack.manifest;
  const photos = evidence.events.reduce((sum, { payload }) => sum + (payload.photos?.length ?? 0), 0);
  const events = evidence.events.length;
  return {
    exit: exitOf(claims),
    claims,
    tenant,
    run,
    origin,
    size,
    events,
    photos,
    people: peopleOf(evidence),
    evidence,
  };
}

/** Verifies a pack under a policy (its text; null for none). Never throws for what a pack may hold. */
export async function verifyPack(
  pack: Uint8Array<ArrayBuffer> | Blob,
  policyText: string | null,
  onProgress: Progress = () => undefined,
): Promise<Report> {
  try {
    return await verify(pack instanceof Uint8Array ? new Blob([pack]) : pack, policyText, onProgress);
  } catch (error) {
    if (error instanceof PackError) return { exit: 2, code: error.code };
    throw error;
  }
}

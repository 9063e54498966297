// The verifier: a pack and a policy in, six claims out (docs/formats/pack.md). Needs neither the server nor the network.
import { checkCompleteness } from "./completeness";
import { type Evidence, readEvidence } from "./evidence";
import { checkAdmissions, checkCheckpoint, checkFiles, checkPhotos, checkProofs, checkTemplate } from "./integrity";
import { checkOrder } from "./order";
import { openPack, type Progress } from "./pack";
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

async function judge(evidence: Evidence, integrity: Findings, policy: Policy | null): Promise<Claims> {
  const checkpoint = await checkProofs(evidence, integrity);
  await checkCheckpoint(evidence, checkpoint, policy, integrity);
  checkPhotos(evidence, integrity);
  await checkTemplate(evidence, integrity);
  await checkAdmissions(evidence, integrity);
  const [order, completeness, who, when, unique] = Array.from({ length: 5 }, () => new Findings()) as [
    Findings,
    Findings,
    Findings,
    Findings,
    Findings,
  ];
  checkOrder(evidence, order);
  checkCompleteness(evidence, completeness);
  checkWho(evidence, policy, who);
  when.open("no_time_source", "checkpoint");
  unique.open("no_witness", "checkpoint");
  return {
    INTEGRITY: integrity.claim(true),
    ORDER: order.claim(true),
    COMPLETENESS: completeness.claim(true),
    WHO: who.claim(true),
    WHEN: when.claim(policy?.asksWhen === true),
    UNIQUE: unique.claim(policy?.asksUnique === true),
  };
}

async function verify(file: Blob, policyText: string | null, onProgress: Progress): Promise<Verified> {
  const policy = policyText === null ? null : await parsePolicy(policyText);
  const pack = await openPack(file, onProgress);
  const integrity = new Findings();
  checkFiles(pack, integrity);
  const evidence = await readEvidence(pack, integrity);
  const claims = await judge(evidence, integrity, policy);
  const { tenant, run, origin, size } = pack.manifest;
  const photos = evidence.events.reduce((sum, { payload }) => sum + (payload.photos?.length ?? 0), 0);
  return {
    exit: exitOf(claims),
    claims,
    tenant,
    run,
    origin,
    size,
    events: evidence.events.length,
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

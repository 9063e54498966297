// WHO: each act was signed by the device of the person named (docs/formats/pack.md, docs/formats/enrolment.md).
import { ACT_TYPES, SERVER_TYPES } from "../lib/events";
import { standingOf } from "./admission";
import type { Entry, Evidence } from "./evidence";
import type { Policy } from "./policy";
import type { Findings, Person } from "./report";

interface Anchor {
  entry: Entry;
  /** Device id of the server key. */
  server: string;
  founders: Set<string>;
}

/** Judges the first entry. Where it is not the first, the rest is judged by it all the same. */
function readAnchor({ keys, pack, devices }: Evidence, policy: Policy, findings: Findings): Anchor | null {
  const opened = keys.filter(({ payload }) => payload.type === "log.opened");
  const first = opened.find(({ index }) => index === 0);
  const entry = first ?? opened[0];
  if (first === undefined) findings.fail("anchor_missing", "keys/");
  if (entry === undefined) return null;
  const { device, data } = entry.payload;
  const { origin } = pack.manifest;
  const trusted = policy.logs.some(({ key, text }) => text === data.log_key && key.name === origin);
  const held = devices.get(device)?.some((key) => key.entry === entry) === true && entry.signers.has(device);
  if (first !== undefined && !(trusted && data.origin === origin && held)) findings.fail("anchor_differs", entry.file);
  const founders = new Set(Array.isArray(data.founders) ? data.founders.map(String) : []);
  return { entry, server: device, founders };
}

/** The enrolments of a device: what it says of itself must hash to its own id. */
function enrolmentsOf({ keys, devices }: Evidence, device: string): Entry[] {
  const held = new Set(devices.get(device)?.map(({ entry }) => entry));
  return keys.filter(
    (entry) => entry.payload.type === "device.enrolled" && entry.payload.device === device && held.has(entry),
  );
}

const isEarlier = (a: Entry, b: Entry) => a.index !== null && b.index !== null && a.index < b.index;

/** The keys that revocations in keys/ have ended, each with the index of the entry that did it. */
class Ended {
  private readonly since = new Map<string, number>();

  constructor(
    private readonly evidence: Evidence,
    private readonly anchor: Anchor,
    findings: Findings,
  ) {
    const revocations = evidence.keys
      .filter(({ payload }) => payload.type === "device.revoked")
      .flatMap((entry) => (entry.index === null ? [] : [{ entry, index: entry.index }]))
      .sort((a, b) => a.index - b.index);
    for (const { entry, index } of revocations) {
      const device = String(entry.payload.data.device);
      if (!findings.expect(this.holds(entry, device), "revocation_not_allowed", entry.file)) continue;
      if (!this.since.has(device)) this.since.set(device, index);
    }
  }

  /** Goes by the log alone, as far as it has been read. */
  private holds(entry: Entry, device: string): boolean {
    const signer = enrolmentsOf(this.evidence, entry.payload.device)[0];
    const ended = enrolmentsOf(this.evidence, device)[0];
    if (device === this.anchor.server || ended === undefined || !isEarlier(ended, entry)) return false;
    if (signer === undefined || !isEarlier(signer, entry) || signer.payload.actor !== entry.payload.actor) return false;
    return signer.payload.data.may_enrol === true && !this.since.has(entry.payload.device);
  }

  isOver(device: string, { index }: Entry): boolean {
    const since = this.since.get(device);
    return since !== undefined && index !== null && since < index;
  }

  has(device: string): boolean {
    return this.since.has(device);
  }
}

class Enrolments {
  private readonly known = new Map<string, Entry | null>();

  constructor(
    private readonly evidence: Evidence,
    private readonly anchor: Anchor,
    private readonly ended: Ended,
    private readonly findings: Findings,
  ) {}

  /** The one enrolment of a device, judged when it is first asked for. */
  of(device: string, about: string): Entry | null {
    const before = this.known.get(device);
    if (before !== undefined) return before;
    const [entry, ...more] = enrolmentsOf(this.evidence, device);
    const single = entry !== undefined && more.length === 0 && entry.signers.has(device);
    this.findings.expect(single, "enrolment_missing", about);
    const found = single ? entry : null;
    this.known.set(device, found);
    if (found !== null) this.checkCountersignature(found);
    return found;
  }

  private checkCountersignature(entry: Entry): void {
    const others = entry.envelope.signatures
      .map(({ keyid }) => keyid)
      .filter((keyid) => keyid !== entry.payload.device);
    if (others.length === 0) {
      this.findings.fail("countersignature_missing", entry.file);
      return;
    }
    const allowed = others.some((keyid) => entry.signers.has(keyid) && this.mayCountersign(keyid, entry));
    this.findings.expect(allowed, "countersignature_not_allowed", entry.file);
  }

  /** The server vouches for a founder's first device only. */
  private isFirstOfFounder(entry: Entry): boolean {
    const { actor } = entry.payload;
    const own = this.evidence.keys.filter(
      ({ payload }) => payload.type === "device.enrolled" && payload.actor === actor,
    );
    return this.anchor.founders.has(actor) && !own.some((other) => isEarlier(other, entry));
  }

  private mayCountersign(keyid: string, entry: Entry): boolean {
    if (keyid === this.anchor.server) return this.isFirstOfFounder(entry);
    const voucher = this.of(keyid, entry.file);
    if (voucher === null || voucher.payload.data.may_enrol !== true || this.ended.isOver(keyid, entry)) return false;
    return voucher.payload.actor !== entry.payload.actor && isEarlier(voucher, entry);
  }
}

function checkEvent(entry: Entry, anchor: Anchor, enrolments: Enrolments, findings: Findings): void {
  const { file, payload, signers } = entry;
  const fromServer = payload.device === anchor.server;
  const isPlain = findings.expect((payload.actor === "server") === fromServer, "server_actor_differs", file);
  const foreign = fromServer ? ACT_TYPES : SERVER_TYPES;
  findings.expect(!foreign.has(payload.type), "type_not_allowed", file);
  if (fromServer) return;
  const enrolment = enrolments.of(payload.device, file);
  if (enrolment === null || !signers.has(payload.device)) return;
  if (isPlain) findings.expect(enrolment.payload.actor === payload.actor, "actor_differs", file);
  const isLater = entry.index !== null && enrolment.index !== null && enrolment.index >= entry.index;
  if (entry !== enrolment && isLater) findings.fail("enrolled_later", file);
}

/** Whom the server itself let in: only whom the policy pins, or whoever it was where the policy pins nobody. */
function checkFounder({ payload, envelope }: Entry, anchor: Anchor, policy: Policy, findings: Findings): void {
  if (!envelope.signatures.some(({ keyid }) => keyid === anchor.server)) return;
  if (policy.founders.size === 0) findings.note("founder_by_server", payload.device);
  else findings.expect(policy.founders.has(payload.device), "founder_not_in_policy", payload.device);
}

/** Judges WHO. Without a policy nobody is trusted to say whose key is whose. */
export function checkWho(evidence: Evidence, policy: Policy | null, findings: Findings): void {
  if (policy === null) {
    findings.open("policy_missing", "policy");
    return;
  }
  const anchor = readAnchor(evidence, policy, findings);
  if (anchor === null) return;
  findings.note("keys_can_be_misused", "policy");
  const ended = new Ended(evidence, anchor, findings);
  const enrolments = new Enrolments(evidence, anchor, ended, findings);
  const enrolled = evidence.keys.filter((entry) => entry.payload.type === "device.enrolled");
  for (const entry of enrolled) checkFounder(entry, anchor, policy, findings);
  for (const entry of [...enrolled, ...evidence.events]) checkEvent(entry, anchor, enrolments, findings);
  checkSigners(evidence, anchor, enrolments);
  checkEnded(evidence, ended, findings);
}

/** Whoever signed anything in the pack, a revocation or beside somebody else's name, is enrolled in it. */
function checkSigners({ keys, events }: Evidence, anchor: Anchor, enrolments: Enrolments): void {
  for (const { envelope, file } of [...keys, ...events]) {
    for (const { keyid } of envelope.signatures) if (keyid !== anchor.server) enrolments.of(keyid, file);
  }
}

/** Nobody can be named for what an ended key signed; the server has said the same on receipt. */
function checkEnded(evidence: Evidence, ended: Ended, findings: Findings): void {
  for (const entry of evidence.events) {
    const isOver = ended.isOver(entry.payload.device, entry);
    const standing = standingOf(evidence, entry.number);
    if (standing !== undefined) findings.expect(isOver === (standing === "revoked"), "revocation_differs", entry.file);
    if (isOver) findings.open("signed_after_revocation", entry.file);
    else if (ended.has(entry.payload.device)) findings.note("revoked_later", entry.payload.device);
  }
}

/** The people who acted in the run, with the name where the pack opens it. */
export function peopleOf(evidence: Evidence): Person[] {
  const people = new Map<string, Person>();
  for (const { payload } of evidence.events) {
    if (payload.actor === "server") continue;
    const { actor: ref, device, assurance } = payload;
    const commitment = enrolmentsOf(evidence, device)[0]?.payload.commitments?.name;
    const name = commitment === undefined ? undefined : evidence.openings.get(commitment)?.value;
    people.set(`${ref} ${device}`, { ref, assurance, device, ...(typeof name === "string" ? { name } : {}) });
  }
  return [...people.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, person]) => person);
}

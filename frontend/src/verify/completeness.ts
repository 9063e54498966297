// COMPLETENESS: nothing was left out, as of the newest seal (docs/formats/pack.md).
import { isObject } from "../lib/canonical";
import { asideIn } from "./admission";
import type { Entry, Evidence } from "./evidence";
import { groupBy } from "./order";
import { checkArrivals } from "./photos";
import type { Findings } from "./report";

/** Whether an entry stands before another in the log; by file where an index cannot be read. */
function isBefore(a: Entry, b: Entry): boolean {
  return a.index === null || b.index === null ? a.number < b.number : a.index < b.index;
}

/** The newest seal that the server's key has signed. */
function newestSeal({ events, keys }: Evidence): Entry | undefined {
  const server = keys.find(({ payload }) => payload.type === "log.opened")?.payload.device;
  const seals = events.filter(({ payload }) => payload.type === "run.sealed" && payload.device === server);
  return seals.reduce<Entry | undefined>(
    (newest, seal) => (newest && isBefore(seal, newest) ? newest : seal),
    undefined,
  );
}

function lastOf(events: Entry[]): Map<string, number> {
  const devices = groupBy(events, ({ payload }) => payload.device);
  return new Map(
    [...devices].map(([device, own]) => [device, Math.max(...own.map(({ payload }) => payload.rseq ?? 0))]),
  );
}

function checkSeal(seal: Entry, before: Entry[], findings: Findings): void {
  const { count, heads, devices } = seal.payload.data;
  findings.expect(count === before.length, "seal_count_differs", seal.file);
  const named = new Set(before.flatMap(({ payload }) => payload.prev_run ?? []));
  const loose = before.map(({ hash }) => hash).filter((hash) => !named.has(hash));
  const sealed = Array.isArray(heads) ? heads.map(String) : [];
  findings.expect(loose.sort().join() === sealed.join(), "seal_heads_differ", seal.file);
  const last = lastOf(before);
  const stated = isObject(devices) ? Object.entries(devices) : [];
  const same = stated.length === last.size && stated.every(([device, rseq]) => last.get(device) === rseq);
  findings.expect(same, "seal_devices_differ", seal.file);
}

/** Whether a number is missing up to `last`. */
function hasGap(seen: Set<number>, last: number): boolean {
  return [...seen].filter((number) => number <= last).length !== last;
}

/** No number of a device is missing, but for those beside events under a key that had ended. */
function checkGaps(events: Entry[], aside: Set<Entry>, findings: Findings): void {
  for (const [device, own] of groupBy(events, ({ payload }) => payload.device)) {
    const seen = new Set(own.flatMap(({ payload }) => payload.rseq ?? []));
    const judged = own.filter((entry) => !aside.has(entry)).flatMap(({ payload }) => payload.rseq ?? []);
    if (hasGap(seen, Math.max(0, ...judged))) findings.fail("rseq_gap", device);
    else if (hasGap(seen, Math.max(0, ...seen))) findings.note("revoked_gap", device);
  }
}

/** Judges up to the newest seal; what came after it is not sealed yet. */
export function checkCompleteness(evidence: Evidence, findings: Findings): void {
  const { events } = evidence;
  const seal = newestSeal(evidence);
  if (seal === undefined) {
    findings.open("seal_missing", "events/");
    return;
  }
  const before = events.filter((entry) => isBefore(entry, seal));
  findings.note("complete_as_of_seal", seal.file);
  checkSeal(seal, before, findings);
  for (const entry of events) if (isBefore(seal, entry)) findings.open("seal_outdated", entry.file);
  checkGaps(before, asideIn(evidence), findings);
  checkArrivals(evidence, before, findings);
}

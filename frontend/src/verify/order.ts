// ORDER: the order shown is the order that was signed (docs/formats/pack.md).
import { asideIn, openingsOf, standingOf } from "./admission";
import type { Entry, Evidence } from "./evidence";
import type { Findings } from "./report";

type ByHash = Map<string, Entry>;

const linksOf = (entry: Entry) => entry.payload.prev_run ?? [];

/** Entries grouped by the text that the function gives. */
export function groupBy(entries: Entry[], of: (entry: Entry) => string): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = of(entry);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [entry]);
    else group.push(entry);
  }
  return groups;
}

function checkIndexes(events: Entry[], findings: Findings): void {
  let last = -1;
  for (const { index, file } of events) {
    if (index === null) continue;
    findings.expect(index > last, "index_not_rising", file);
    last = Math.max(last, index);
  }
}

/** Exactly one opening; those aside open nothing. */
function checkOpening(events: Entry[], aside: Set<Entry>, findings: Findings): boolean {
  const opened = openingsOf(events, aside);
  findings.expect(opened.length > 0, "run_opened_missing", "events/");
  for (const entry of opened.slice(1)) if (!aside.has(entry)) findings.fail("run_opened_twice", entry.file);
  return opened.length > 0;
}

function checkLinks(events: Entry[], byHash: ByHash, aside: Set<Entry>, findings: Findings): void {
  for (const entry of events) {
    for (const hash of linksOf(entry)) {
      const before = byHash.get(hash);
      if (before === undefined) findings.expect(aside.has(entry), "link_missing", entry.file);
      else if (before.index !== null && entry.index !== null && before.index > entry.index) {
        findings.note("arrived_late", entry.file);
      }
    }
  }
}

/** The events that link to each event. */
function successors(events: Entry[], byHash: ByHash): Map<Entry, Entry[]> {
  const next = new Map<Entry, Entry[]>();
  for (const entry of events) {
    const known = linksOf(entry).flatMap((hash) => byHash.get(hash) ?? []);
    for (const before of known) next.set(before, [...(next.get(before) ?? []), entry]);
  }
  return next;
}

/** Links lead back to the opening and never in a circle: takes away, again and again, what only links to what is gone. */
function checkCycles(events: Entry[], byHash: ByHash, aside: Set<Entry>, findings: Findings): void {
  const waiting = new Map(events.map((entry) => [entry, linksOf(entry).filter((hash) => byHash.has(hash)).length]));
  const next = successors(events, byHash);
  const isRoot = ({ payload }: Entry) => payload.type === "run.opened" || payload.prev_run?.length !== 0;
  const ready = events.filter((entry) => waiting.get(entry) === 0 && isRoot(entry));
  for (let entry = ready.pop(); entry !== undefined; entry = ready.pop()) {
    waiting.delete(entry);
    for (const after of next.get(entry) ?? []) {
      const left = (waiting.get(after) ?? 0) - 1;
      waiting.set(after, left);
      if (left === 0) ready.push(after);
    }
  }
  for (const entry of waiting.keys()) if (!aside.has(entry)) findings.fail("link_cycle", entry.file);
}

/** Whether the links of one event lead, directly or over others, to another. */
function leadsTo(from: Entry, to: Entry, byHash: ByHash): boolean {
  const seen = new Set<string>();
  const open = [...linksOf(from)];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    if (hash === to.hash) return true;
    const entry = seen.has(hash) ? undefined : byHash.get(hash);
    seen.add(hash);
    if (entry !== undefined) open.push(...linksOf(entry));
  }
  return false;
}

function checkDevice(events: Entry[], byHash: ByHash, findings: Findings): void {
  const ordered = [...events].sort((a, b) => a.payload.dseq - b.payload.dseq);
  ordered.forEach((entry, at) => {
    const before = ordered[at - 1];
    if (before === undefined) return;
    const rises = (entry.payload.rseq ?? 0) > (before.payload.rseq ?? 0);
    findings.expect(rises && leadsTo(entry, before, byHash), "device_order_broken", entry.file);
  });
}

function checkTwice(entries: Entry[], of: (entry: Entry) => number | undefined, findings: Findings): void {
  const seen = new Set<number>();
  for (const entry of entries) {
    const number = of(entry);
    if (number === undefined) continue;
    findings.expect(!seen.has(number), "event_twice", entry.file);
    seen.add(number);
  }
}

/** What the device's own chain says, over everything of it that the pack has: its enrolment too. */
function checkChain(entries: Entry[], findings: Findings): void {
  const ordered = [...entries].sort((a, b) => a.payload.dseq - b.payload.dseq);
  ordered.forEach((entry, at) => {
    const before = ordered[at - 1];
    if (before === undefined || entry.payload.dseq !== before.payload.dseq + 1) return;
    findings.expect(entry.payload.prev_device === before.hash, "device_link_broken", entry.file);
  });
  for (const boot of groupBy(ordered, ({ payload }) => payload.boot).values()) {
    boot.forEach((entry, at) => {
      const before = boot[at - 1];
      const fell = before !== undefined && entry.payload.mono_ms < before.payload.mono_ms;
      findings.expect(!fell, "clock_fell_back", entry.file);
    });
  }
}

/** Acts against the rules of the job, or of ended keys, are in the pack like all others: it is said how many there are. */
function checkStandings(evidence: Evidence, findings: Findings): void {
  const numbers = Array.from({ length: evidence.pack.manifest.events }, (_, at) => at + 1);
  const standings = numbers.map((number) => standingOf(evidence, number));
  for (const [standing, code] of [
    ["contradicting", "contradicting_acts"],
    ["revoked", "revoked_acts"],
  ] as const) {
    const count = standings.filter((one) => one === standing).length;
    if (count > 0) findings.note(code, String(count));
  }
}

/** What came under a key that had ended and would have broken the order: another opening, a link to nowhere. */
function noteAside(aside: Set<Entry>, byHash: ByHash, findings: Findings): void {
  for (const entry of aside) {
    const isLoose = entry.payload.type === "run.opened" || linksOf(entry).some((hash) => !byHash.has(hash));
    if (isLoose) findings.note("revoked_not_judged", entry.file);
  }
}

export function checkOrder(evidence: Evidence, findings: Findings): void {
  const { events, keys } = evidence;
  checkStandings(evidence, findings);
  const byHash: ByHash = new Map(events.map((entry) => [entry.hash, entry]));
  checkIndexes(keys, findings);
  checkIndexes(events, findings);
  // What is aside is not judged, but the links of others lead over it: what it names, it names.
  const aside = asideIn(evidence);
  const judged = events.filter((entry) => !aside.has(entry));
  noteAside(aside, byHash, findings);
  checkLinks(events, byHash, aside, findings);
  if (checkOpening(events, aside, findings)) checkCycles(events, byHash, aside, findings);
  for (const own of groupBy(judged, ({ payload }) => payload.device).values()) {
    checkTwice(own, ({ payload }) => payload.rseq, findings);
    checkTwice(own, ({ payload }) => payload.dseq, findings);
    checkDevice(own, byHash, findings);
  }
  for (const own of groupBy([...keys, ...judged], ({ payload }) => payload.device).values()) {
    checkChain(own, findings);
  }
}

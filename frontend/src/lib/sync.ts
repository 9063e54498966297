// Sends what the device has signed and kept. Each thing waits for itself only; a silent network makes everything wait.
import { type Answer, type Api, reasonOf } from "./api";
import type { Outgoing, Shot, Store } from "./idb-store";
import { ifFree } from "./locks";
import { isQuota } from "./room";

/** What everything waits for. */
export type Network = "good" | "silent" | "signed_out";

/** `wait_ms` is set when nobody answered or the server asked for a pause. */
export interface Pass {
  /** Things that the server took in this pass. */
  taken: number;
  /** Things that still want to go. */
  left: number;
  network: Network;
  /** Milliseconds until the next pass has something to do; absent when there is nothing. */
  wait_ms?: number;
  /** Whether something that the server answered could not be written down, because there is no room. */
  full: boolean;
}

const BATCH = 25;
const BATCH_CHARACTERS = 400_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 30 * 60_000;
/** How long bytes stay on the phone after the server has them. */
const KEEP_BYTES_MS = 24 * 3600_000;
const SILENT = new Set([0, 408, 429, 502, 503, 504]);
const STRICT = { durability: "strict" } as const;

/** How long to wait before the next try: doubling, bounded, and spread so that phones do not come back together. */
export function backOff(tries: number, first: number, longest: number, chance: number): number {
  const wait = Math.min(longest, first * 2 ** Math.min(tries, 16));
  return Math.round(wait * (0.5 + chance / 2));
}

/** What an answer says of the way to the server. */
export function networkOf(answer: Answer): Network {
  if (answer.status === 401) return "signed_out";
  // A sign-in page of some network answers 200 too, but not in JSON.
  const foreign = answer.status < 400 && answer.body === undefined;
  return SILENT.has(answer.status) || foreign ? "silent" : "good";
}

interface EventResult {
  status: number;
  admission?: unknown;
  error?: unknown;
}

function resultsOf(answer: Answer, asked: number): EventResult[] | undefined {
  const body = answer.body as (EventResult & { results?: EventResult[]; code?: string }) | undefined;
  if (typeof body !== "object" || body === null) return undefined;
  if (Array.isArray(body.results)) return body.results.length === asked ? body.results : undefined;
  if (asked !== 1) return undefined;
  // One event alone: its status is the answer's; a refusal comes as the error itself or inside `error`.
  return [{ ...body, status: answer.status, error: body.error ?? (body.code === undefined ? undefined : body) }];
}

export class Sync {
  /** How often in a row nobody answered. */
  private silences = 0;
  /** What could not be written down, by its key in the store: it is written when there is room, and not sent again. */
  private readonly unwritten = new Map<number | string, () => Promise<unknown>>();
  /** How often in a row there was no room for it. */
  private failures = 0;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly now: () => number,
    private readonly chance: () => number = Math.random,
    /** Whether the phone is short of room: then bytes that the server has do not stay here for a day. */
    private readonly isTight: () => boolean = () => false,
    /** Asked before events are sent: makes sure that nothing older is missing there, which goes first. */
    private readonly sure: () => Promise<Network> = async () => "good",
  ) {}

  /** One pass over everything that is due; undefined when another tab is at it. */
  pass(): Promise<Pass | undefined> {
    return ifFree(`${this.store.name}:sync`, () => this.run());
  }

  private async run(): Promise<Pass> {
    const tally: Pass = { taken: 0, left: 0, network: "good", full: false };
    for (const [key, write] of [...this.unwritten]) await this.written(key, tally, write);
    await this.events(tally);
    let lost = 0;
    for (const shot of tally.network === "good" ? await this.dueShots() : []) {
      await this.photo(shot, tally);
      // One photo may be too large for this network; two in a row mean that there is none.
      lost = tally.network === "good" ? 0 : lost + 1;
      if (lost > 1 || this.isSignedOut(tally)) break;
      // What happened meanwhile goes before the next large photo.
      await this.events(tally);
    }
    await this.tidy(tally);
    await this.conclude(tally);
    return tally;
  }

  private isSignedOut(tally: Pass): boolean {
    return tally.network === "signed_out";
  }

  private async dueEvents(): Promise<Outgoing[]> {
    const now = this.now();
    const items = await this.store.getAll("outbox");
    return items.filter((item) => this.mayGo(item.dseq) && isWanted(item) && isDue(item, now));
  }

  private async dueShots(): Promise<Shot[]> {
    const now = this.now();
    const shots = (await this.store.getAll("shots")).filter(
      (shot) => this.mayGo(shot.commitment) && shotIsWanted(shot) && isDue(shot, now),
    );
    // One that failed goes behind those that have not been tried.
    return shots.sort((a, b) => a.tries - b.tries || (a.dseq ?? 0) - (b.dseq ?? 0));
  }

  private async events(tally: Pass): Promise<void> {
    const tried = new Set<number>();
    while (await this.isSure(tally)) {
      const due = (await this.dueEvents()).filter((item) => !tried.has(item.dseq));
      const batch = cut(due);
      if (batch.length === 0) return;
      for (const item of batch) tried.add(item.dseq);
      await this.send(batch, tally);
    }
  }

  private async isSure(tally: Pass): Promise<boolean> {
    if (tally.network === "good") tally.network = await this.sure();
    return tally.network === "good";
  }

  private async send(batch: Outgoing[], tally: Pass): Promise<void> {
    const events = batch.map((item) => `{"envelope":${item.envelope},"openings":${JSON.stringify(item.openings)}}`);
    const answer = await this.api("POST", "/events", { text: `{"events":[${events.join(",")}]}` });
    if (this.stops(answer, tally)) return;
    const results = resultsOf(answer, batch.length);
    if (results === undefined && batch.length > 1) {
      // The whole request was refused: one of them is to blame, the others shall not wait for it.
      for (const item of batch) if (tally.network === "good") await this.send([item], tally);
      return;
    }
    for (const [at, item] of batch.entries()) {
      await this.settle(item, results?.[at] ?? { status: answer.status, error: answer.body }, tally);
    }
  }

  private async settle(item: Outgoing, result: EventResult, tally: Pass): Promise<void> {
    const { reason: _, ...plain } = item;
    // Only the server's signed word counts; a friendly status alone may come from whoever owns the network.
    if ((result.status === 200 || result.status === 201) && result.admission !== undefined) {
      tally.taken += 1;
      const accepted_at = this.now();
      const settled = { ...plain, state: "accepted" as const, admission: result.admission, accepted_at };
      await this.save({ ...settled, tries: 0, next_at: 0 }, tally);
      return;
    }
    const reason = reasonOf(result.status, result.error);
    const forked = result.status === 409;
    const state = forked ? "forked" : result.status >= 500 ? "waiting" : "refused";
    await this.save({ ...plain, ...this.later(item), state, reason }, tally);
  }

  private async save(item: Outgoing, tally: Pass): Promise<void> {
    await this.written(item.dseq, tally, () => this.store.put("outbox", item));
  }

  private async mark(shot: Shot, tally: Pass): Promise<void> {
    await this.written(shot.commitment, tally, () => this.store.put("shots", shot));
  }

  /** On a full phone nothing can be written down: it is tried again with each pass. */
  private async written(key: number | string, tally: Pass, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
      this.unwritten.delete(key);
    } catch (error) {
      if (!isQuota(error)) throw error;
      tally.full = true;
      this.unwritten.set(key, write);
    }
  }

  private mayGo(key: number | string): boolean {
    return !this.unwritten.has(key);
  }

  private async photo(shot: Shot, tally: Pass): Promise<void> {
    const kept = await this.store.get("photos", shot.sha256);
    const { reason: _, ...plain } = shot;
    if (kept === undefined) {
      await this.mark({ ...plain, here: false, state: "refused", reason: { code: "bytes_gone", message: "" } }, tally);
      return;
    }
    const answer = await this.api("PUT", `/photos/${shot.sha256}`, { bytes: kept.bytes, media_type: shot.media_type });
    const confirmed = (answer.body as { sha256?: unknown } | undefined)?.sha256 === shot.sha256;
    if ((answer.status === 200 || answer.status === 201) && confirmed) {
      tally.taken += 1;
      tally.network = "good";
      await this.mark({ ...plain, state: "stored", stored_at: this.now(), tries: 0, next_at: 0 }, tally);
      return;
    }
    // A photo that is too large for this network must not hold up the small ones: it waits for itself as well.
    if (this.stops(answer, tally)) await this.mark({ ...shot, ...this.later(shot) }, tally);
    else {
      const state = answer.status >= 500 ? "waiting" : "refused";
      const reason = reasonOf(answer.status, answer.body);
      await this.mark({ ...plain, ...this.later(shot), state, reason }, tally);
    }
  }

  private stops(answer: Answer, tally: Pass): boolean {
    tally.network = networkOf(answer);
    if (tally.network !== "silent") return tally.network === "signed_out";
    if (answer.retry_after !== undefined) tally.wait_ms = answer.retry_after * 1000;
    return true;
  }

  private later(item: { tries: number }): { tries: number; next_at: number } {
    const wait = backOff(item.tries, FIRST_RETRY_MS, LONGEST_RETRY_MS, this.chance());
    return { tries: item.tries + 1, next_at: this.now() + wait };
  }

  private async conclude(tally: Pass): Promise<void> {
    const items = (await this.store.getAll("outbox")).filter(isWanted);
    const shots = (await this.store.getAll("shots")).filter(shotIsWanted);
    tally.left = items.length + shots.length;
    this.silences = tally.network === "good" ? 0 : this.silences + 1;
    this.failures = this.unwritten.size === 0 ? 0 : this.failures + 1;
    const now = this.now();
    const waits = [
      ...items.filter(({ dseq }) => this.mayGo(dseq)),
      ...shots.filter(({ commitment }) => this.mayGo(commitment)),
    ].map((item) => (isDue(item, now) ? 0 : item.next_at - now));
    if (this.failures > 0) waits.push(backOff(this.failures - 1, FIRST_RETRY_MS, LONGEST_WAIT_MS, this.chance()));
    if (waits.length === 0) return;
    const network =
      tally.network === "good" ? 0 : backOff(this.silences - 1, FIRST_WAIT_MS, LONGEST_WAIT_MS, this.chance());
    tally.wait_ms = Math.max(Math.min(...waits), network, tally.wait_ms ?? 0, 0);
  }

  /** Bytes leave the phone a day after the server has them and their event, or at once when room is short; what was signed stays. */
  private async tidy(tally: Pass): Promise<void> {
    const before = this.isTight() ? Number.POSITIVE_INFINITY : this.now() - KEEP_BYTES_MS;
    const shots = await this.store.getAll("shots");
    for (const shot of shots) {
      if (!shot.here || shot.state !== "stored" || (shot.stored_at ?? 0) > before) continue;
      const item = shot.dseq === undefined ? undefined : await this.store.get("outbox", shot.dseq);
      if (item?.state !== "accepted") continue;
      const shared = shots.some((other) => other !== shot && other.sha256 === shot.sha256 && other.state !== "stored");
      if (shared) continue;
      // By itself: a full phone can still delete.
      await this.store.delete("photos", shot.sha256);
      await this.mark({ ...shot, here: false }, tally);
    }
  }
}

/** A time so far ahead was written by a clock that has been put back since. */
function isDue(item: { next_at: number }, now: number): boolean {
  return item.next_at <= now || item.next_at > now + LONGEST_RETRY_MS;
}

function isWanted(item: Outgoing): boolean {
  return item.state === "waiting" || item.state === "refused";
}

function shotIsWanted(shot: Shot): boolean {
  return shot.dseq !== undefined && shot.here && shot.state !== "stored";
}

/** The first events in the order of the device, as many as one request carries well. */
function cut(due: Outgoing[]): Outgoing[] {
  let room = BATCH_CHARACTERS;
  return due.slice(0, BATCH).filter((item, at) => {
    room -= item.envelope.length + 512;
    return at === 0 || room > 0;
  });
}

/** Lets everything that was refused be tried again now; a fork stays a fork. */
export async function tryAgain(store: Store): Promise<void> {
  const tx = store.transaction(["outbox", "shots"], "readwrite", STRICT);
  for (const item of await tx.objectStore("outbox").getAll()) {
    if (item.state === "refused") await tx.objectStore("outbox").put({ ...item, next_at: 0 });
  }
  for (const shot of await tx.objectStore("shots").getAll()) {
    if (shotIsWanted(shot)) await tx.objectStore("shots").put({ ...shot, next_at: 0 });
  }
  await tx.done;
}

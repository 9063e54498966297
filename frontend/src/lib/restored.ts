// A server that was restored from a backup holds less than it has admitted. The phone notices, and sends again what it keeps.
import type { Answer, Api } from "./api";
import { type KnownRun, type Shot, type Store, single } from "./idb-store";
import { type Network, networkOf } from "./sync";

/** What came of comparing: how many events go again, whether the server said where it is, and whether one may talk to it. */
export interface Compared {
  answered: boolean;
  again: number;
  network: Network;
}

const STRICT = { durability: "strict" } as const;

/** What is known of a run is the log's, and the log is another one now: it is fetched anew. */
function forgotten({ etag: _, ...run }: KnownRun): KnownRun {
  return { ...run, events: [], announced: 0 };
}

/** Photos may be lost though their event is not; the server takes one that it has without a word. */
function resent(shot: Shot, last: number): Shot | undefined {
  if (shot.dseq === undefined || shot.state !== "stored") return undefined;
  const { stored_at: _, ...plain } = shot;
  if (shot.here) return { ...plain, state: "waiting", tries: 0, next_at: 0 };
  return shot.dseq > last ? { ...plain, state: "refused", reason: { code: "bytes_gone", message: "" } } : undefined;
}

async function wakeUp(store: Store, lost: number[], last: number): Promise<void> {
  const tx = store.transaction(["outbox", "shots", "runs"], "readwrite", STRICT);
  const [outbox, shots, runs] = [tx.objectStore("outbox"), tx.objectStore("shots"), tx.objectStore("runs")];
  for (const dseq of lost) {
    const item = await outbox.get(dseq);
    if (item?.state === "accepted") await outbox.put({ ...item, state: "waiting", tries: 0, next_at: 0 });
  }
  for (const shot of await shots.getAll()) {
    const again = resent(shot, last);
    if (again !== undefined) await shots.put(again);
  }
  for (const run of await runs.getAll()) await runs.put(forgotten(run));
  await tx.done;
}

/** A server that knows no such device has nothing to compare; one that only declines is sent to all the same. */
function unanswered(answer: Answer): Compared {
  const network = answer.status === 200 ? "silent" : networkOf(answer);
  return { answered: answer.status === 404, again: 0, network };
}

/**
 * Compares what this device has admissions for with the last of its events that the server holds. What the server has
 * lost waits to be sent again: the very envelopes, so it is admitted as it would have been.
 */
export async function compare(store: Store, api: Api): Promise<Compared> {
  const key = await single(store, "key");
  // Read before the question: what is admitted while it is asked is not lost.
  const admitted = (await store.getAll("outbox")).filter(({ state }) => state === "accepted").map(({ dseq }) => dseq);
  if (key === undefined || admitted.length === 0) return { answered: true, again: 0, network: "good" };
  const answer = await api("GET", `/devices/${key.device}/position`);
  const last = (answer.body as { dseq?: unknown } | undefined)?.dseq;
  if (answer.status !== 200 || typeof last !== "number") return unanswered(answer);
  const lost = admitted.filter((dseq) => dseq > last);
  if (lost.length > 0) await wakeUp(store, lost, last);
  return { answered: true, again: lost.length, network: "good" };
}

// What the device has done: photos first, in a store of their own; then signed events, each written once.
import type { Json } from "./canonical";
import { type Clock, timeText } from "./clock";
import { newOpening, type Opening } from "./commitment";
import { type Bytes, fromUtf8, sha256Hex } from "./encoding";
import { sealEnvelope } from "./envelope";
import { type Act, type ActData, type ActType, buildPayload, type Position, parsePayload } from "./events";
import { type KeyRecord, type Outgoing, type Shot, type Store, single } from "./idb-store";
import { withLock } from "./locks";
import { isQuota } from "./room";

/** What a person does, before it has a place and a time on the device. */
export interface Draft<T extends ActType = ActType> {
  type: T;
  run?: string;
  step?: string;
  activation?: number;
  data: ActData[T];
  /** Facts that stay off the log: each becomes a salted commitment of this name. */
  facts?: { [name: string]: Json };
  /** Commitment of a kept photo that this event takes into use. */
  photo?: string;
}

/** Where the caller knows more about the run than this store does: an office page reads it from the server. */
export interface RunPosition {
  heads: string[];
  rseq: number;
}

export class StorageFull extends Error {}
export class PhotoGone extends Error {}
class Overtaken extends Error {}

const STRICT = { durability: "strict" } as const;
export interface Snapped {
  bytes: Bytes;
  media_type: string;
  thumbnail: Bytes;
  run: string;
  step: string;
  activation: number;
  slot: string;
}

/** Writes a photo down before anything refers to it. Throws StorageFull, having written nothing. */
export async function keepPhoto(store: Store, snapped: Snapped, at: number): Promise<Shot> {
  const { bytes, ...about } = snapped;
  const sha256 = await sha256Hex(bytes);
  const opening = await newOpening(sha256);
  const shot: Shot = {
    ...about,
    commitment: opening.commitment,
    sha256,
    size: bytes.length,
    opening,
    taken_at: timeText(at),
    state: "waiting",
    tries: 0,
    next_at: 0,
    here: true,
  };
  try {
    const tx = store.transaction(["photos", "shots"], "readwrite", STRICT);
    await Promise.all([tx.objectStore("photos").put({ sha256, bytes }), tx.objectStore("shots").put(shot), tx.done]);
  } catch (error) {
    if (isQuota(error)) throw new StorageFull("storage_full");
    throw error;
  }
  return shot;
}

/** Forgets a photo that nobody has taken into use; one that an event refers to stays. */
export async function dropPhoto(store: Store, commitment: string): Promise<void> {
  const tx = store.transaction(["photos", "shots"], "readwrite", STRICT);
  const shots = tx.objectStore("shots");
  const shot = await shots.get(commitment);
  if (shot !== undefined && shot.dseq === undefined) {
    await shots.delete(commitment);
    // The same bytes may be in use under another commitment.
    const others = (await shots.getAll()).some((other) => other.sha256 === shot.sha256);
    if (!others) await tx.objectStore("photos").delete(shot.sha256);
  }
  await tx.done;
}

/** Photos that were kept but that no event refers to: the app was closed behind the camera. */
export async function unusedPhotos(store: Store): Promise<Shot[]> {
  return (await store.getAll("shots")).filter((shot) => shot.dseq === undefined);
}

/** Payload hashes of the run that no other payload known here names, sorted. */
export async function headsKnown(store: Store, run: string): Promise<string[]> {
  const known = (await store.get("runs", run))?.events ?? [];
  const own = (await store.getAll("outbox")).filter((item) => item.payload.run === run && item.state !== "forked");
  const all = [...known, ...own];
  const named = new Set(all.flatMap(({ payload }) => payload.prev_run ?? []));
  return [...new Set(all.map(({ hash }) => hash))].filter((hash) => !named.has(hash)).sort();
}

async function place(
  store: Store,
  key: KeyRecord,
  clock: Clock,
  draft: Draft,
  known: RunPosition | undefined,
): Promise<Position> {
  const session = await single(store, "session");
  if (session === undefined) throw new Error("not enrolled");
  const counter = await single(store, "counter");
  const beacon = await single(store, "beacon");
  const position: Position = {
    tenant: session.tenant,
    device: key.device,
    dseq: (counter?.dseq ?? 0) + 1,
    mono_ms: clock.mono(),
    boot: clock.boot,
    assurance: "webcrypto",
  };
  if (counter?.prev_device !== undefined) position.prev_device = counter.prev_device;
  if (beacon !== undefined) position.beacon = { root: beacon.root, size: beacon.size };
  if (draft.run !== undefined) {
    const counted = (await store.get("counters", draft.run))?.rseq ?? 0;
    position.rseq = Math.max(counted, known?.rseq ?? 0) + 1;
    if (draft.type !== "run.opened") position.prev_run = known?.heads ?? (await headsKnown(store, draft.run));
  }
  return position;
}

async function photoOf(store: Store, draft: Draft): Promise<Shot | undefined> {
  if (draft.photo === undefined) return undefined;
  const shot = await store.get("shots", draft.photo);
  if (shot === undefined || shot.dseq !== undefined) throw new PhotoGone("photo_gone");
  return shot;
}

async function write(store: Store, item: Outgoing, photo: string | undefined): Promise<void> {
  const tx = store.transaction(["singles", "counters", "outbox", "shots"], "readwrite", STRICT);
  const counter = (await tx.objectStore("singles").get("counter")) as { dseq: number } | undefined;
  // Signing takes time outside of any transaction; whoever was faster keeps the number.
  if ((counter?.dseq ?? 0) !== item.dseq - 1) {
    tx.abort();
    await tx.done.catch(() => undefined);
    throw new Overtaken();
  }
  const { run, rseq } = item.payload;
  const writes: Promise<unknown>[] = [
    tx.objectStore("outbox").add(item),
    tx.objectStore("singles").put({ dseq: item.dseq, prev_device: item.hash }, "counter"),
  ];
  if (run !== undefined && rseq !== undefined) writes.push(tx.objectStore("counters").put({ run, rseq }));
  const shot = photo === undefined ? undefined : await tx.objectStore("shots").get(photo);
  if (shot !== undefined) writes.push(tx.objectStore("shots").put({ ...shot, dseq: item.dseq }));
  await Promise.all([...writes, tx.done]);
}

async function sign(store: Store, key: KeyRecord, clock: Clock, draft: Draft, known?: RunPosition): Promise<Outgoing> {
  const session = await single(store, "session");
  const shot = await photoOf(store, draft);
  const openings: Opening[] = shot === undefined ? [] : [shot.opening];
  const commitments: Record<string, string> = {};
  for (const [name, value] of Object.entries(draft.facts ?? {})) {
    const opening = await newOpening(value);
    openings.push(opening);
    commitments[name] = opening.commitment;
  }
  const position = await place(store, key, clock, draft, known);
  const act = {
    type: draft.type,
    actor: session?.member ?? "",
    claimed_at: timeText(clock.now()),
    data: draft.data,
    ...(draft.run === undefined ? {} : { run: draft.run }),
    ...(draft.step === undefined ? {} : { step: draft.step }),
    ...(draft.activation === undefined ? {} : { activation: draft.activation }),
    ...(Object.keys(commitments).length === 0 ? {} : { commitments }),
    ...(shot === undefined
      ? {}
      : {
          photos: [
            {
              commitment: shot.commitment,
              media_type: shot.media_type,
              size: shot.size,
              slot: (draft.data as { slot: string }).slot,
            },
          ],
        }),
  } as Act;
  const payload = buildPayload(act, position);
  const envelope = fromUtf8(await sealEnvelope(payload, key.device, key.privateKey)) ?? "";
  return {
    dseq: position.dseq,
    hash: await sha256Hex(payload),
    payload: parsePayload(payload),
    envelope,
    openings,
    state: "waiting",
    tries: 0,
    next_at: 0,
  };
}

/**
 * Signs an act at the next place of the device and stores it: envelope, outbox entry, counters and the photo's link in one
 * transaction. Safe against other tabs and against being killed at any moment. Throws PhotoGone, StorageFull.
 */
export function record<T extends ActType>(
  store: Store,
  key: KeyRecord,
  clock: Clock,
  draft: Draft<T>,
  known?: RunPosition,
): Promise<Outgoing> {
  return withLock(`${store.name}:sign`, async () => {
    for (;;) {
      const item = await sign(store, key, clock, draft, known);
      try {
        await write(store, item, draft.photo);
        return item;
      } catch (error) {
        if (isQuota(error)) throw new StorageFull("storage_full");
        if (!(error instanceof Overtaken)) throw error;
      }
    }
  });
}

/**
 * Signs an act that comes in by a door of its own, hands it over with `deliver`, and stores it as taken once that did not
 * throw: what the server refused has used no number. Whoever was not answered finds with the next act where the device stands.
 */
export function recordTaken<T extends ActType>(
  store: Store,
  key: KeyRecord,
  clock: Clock,
  draft: Draft<T>,
  deliver: (item: Outgoing) => Promise<unknown>,
): Promise<void> {
  return withLock(`${store.name}:sign`, async () => {
    const item = await sign(store, key, clock, draft);
    const admission = await deliver(item);
    await write(store, { ...item, state: "accepted", admission, accepted_at: clock.now() }, undefined);
  });
}

export interface Counts {
  /** Photos whose bytes are, or were, on this phone. */
  kept: number;
  /** Photos whose bytes the server has. */
  sent: number;
  /** Photos whose bytes the server has and whose event it has admitted. */
  accepted: number;
  /** Things that the server has answered with an error. */
  stuck: number;
  /** Signed events that are still to be admitted. */
  waiting: number;
}

/** How far everything on this phone has come: of one run when given, and without what was delivered before `since`. */
export async function counts(store: Store, run?: string, since = ""): Promise<Counts> {
  const inRun = (ref: string | undefined) => run === undefined || ref === run;
  const items = (await store.getAll("outbox")).filter((item) => inRun(item.payload.run));
  const shots = (await store.getAll("shots")).filter(
    (shot) => inRun(shot.run) && (shot.state !== "stored" || shot.taken_at >= since),
  );
  const admitted = new Set(items.filter((item) => item.state === "accepted").map((item) => item.dseq));
  const sent = shots.filter((shot) => shot.state === "stored");
  return {
    kept: shots.length,
    sent: sent.length,
    accepted: sent.filter((shot) => shot.dseq !== undefined && admitted.has(shot.dseq)).length,
    stuck: [...items, ...shots].filter((one) => one.reason !== undefined).length,
    waiting: items.filter((item) => item.state === "waiting").length,
  };
}

// How much room the phone still has for photos, and what a full one is called by browsers.
import type { Store } from "./idb-store";

/** Room that must remain beside a photo: its thumbnail, its event and everything else that is written later. */
const RESERVE = 24 * 1024 * 1024;
/** A photo of the live camera is hardly larger; where not even one more fits, the phone is full. */
const ONE_PHOTO = 8 * 1024 * 1024;
/** From here on the person is told, long before anything is refused. */
const LOW = 200 * 1024 * 1024;

const PROBE = "probe";
const PROBE_BYTES = 4 * 1024 * 1024;
/** As much as a browser fills with chance at once. */
const CHUNK = 65_536;

/** In bytes. `low`: say so; `full`: take no more photos. */
export interface Room {
  used: number;
  free: number;
  /** Whether the browser has promised not to clear the data by itself. */
  persisted: boolean;
  level: "plenty" | "low" | "full";
}

/** What the browser says about its storage; undefined where it says nothing. */
export async function roomIn(storage: StorageManager | undefined): Promise<Room | undefined> {
  if (storage?.estimate === undefined) return undefined;
  const { quota, usage } = await storage.estimate();
  if (quota === undefined || usage === undefined) return undefined;
  const free = Math.max(0, quota - usage);
  const level = free <= RESERVE + ONE_PHOTO ? "full" : free <= LOW ? "low" : "plenty";
  return { used: usage, free, persisted: (await storage.persisted?.()) ?? false, level };
}

/** Whether a photo of this size still finds room; where the browser does not say, it is tried. */
export async function hasRoom(size: number, storage: StorageManager | undefined): Promise<boolean> {
  const room = await roomIn(storage);
  return room === undefined || room.free > size + RESERVE;
}

/** Whether a write failed because there is no room for it. */
export function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

/** Whether a photo could be written now: one that is none is written, and taken away again. */
export async function canWrite(store: Store): Promise<boolean> {
  const bytes = new Uint8Array(PROBE_BYTES);
  // Bytes that do not compress, as those of a photo.
  for (let at = 0; at < bytes.length; at += CHUNK) crypto.getRandomValues(bytes.subarray(at, at + CHUNK));
  try {
    await store.put("photos", { sha256: PROBE, bytes });
    return true;
  } catch (error) {
    if (!isQuota(error)) throw error;
    return false;
  } finally {
    await store.delete("photos", PROBE);
  }
}

// A device that is enrolled anew gets a key, and a store, of its own; the old store stays until the office has all of it.
import { openStore, type Shot, type Store, setSingle, single } from "./idb-store";
import { dropPhoto, unusedPhotos } from "./outbox";

export interface Stores {
  /** The store of the newest key. */
  current: Store;
  /** Those of the keys before it, the oldest first. */
  former: Store[];
}

/** Opens the store of that name and those that follow it. */
export async function openStores(name: string, overtaken?: () => void): Promise<Stores> {
  const former: Store[] = [];
  let current = await openStore(name, overtaken);
  for (let next = await single(current, "successor"); next !== undefined; next = await single(current, "successor")) {
    former.push(current);
    current = await openStore(next, overtaken);
  }
  return { current, former };
}

const STRICT = { durability: "strict" } as const;

async function take(from: Store, to: Store, shot: Shot): Promise<void> {
  const photo = await from.get("photos", shot.sha256);
  if (photo === undefined) return;
  const tx = to.transaction(["photos", "shots"], "readwrite", STRICT);
  const shots = tx.objectStore("shots");
  // A page that was killed between the two stores may have brought it already, and it may be in use by now.
  if ((await shots.get(shot.commitment)) === undefined) {
    await tx.objectStore("photos").put(photo);
    await shots.put(shot);
  }
  await tx.done;
  await dropPhoto(from, shot.commitment);
}

/** Brings the photos that nobody has decided about from the stores before into this one, where it is the same person's. */
export async function bringUnused({ current, former }: Stores): Promise<void> {
  const now = await single(current, "session");
  if (now?.status !== "enrolled") return;
  for (const store of former) {
    const before = await single(store, "session");
    if (before?.tenant !== now.tenant || before.member !== now.member) continue;
    for (const shot of await unusedPhotos(store)) await take(store, current, shot);
  }
}

/** Lets another store follow this one, in which everything begins anew but what the person has chosen. */
export async function succeed(store: Store): Promise<void> {
  const [, stem = store.name, number = "1"] = /^(.*?)(?:-(\d+))?$/.exec(store.name) ?? [];
  const name = `${stem}-${Number(number) + 1}`;
  const next = await openStore(name);
  for (const choice of ["language", "theme", "letters", "signals"] as const) {
    const chosen = await single(store, choice);
    if (chosen !== undefined) await setSingle(next, choice, chosen);
  }
  next.close();
  // Last: until here the old store is the one that counts.
  await setSingle(store, "successor", name);
}

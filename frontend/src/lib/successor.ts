// A device that is enrolled anew gets a key, and a store, of its own; the old store stays until the office has all of it.
import { openStore, type Store, setSingle, single } from "./idb-store";

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

// @vitest-environment node
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, describe, expect, it } from "vitest";
import { newRef } from "./encoding";
import { openStore } from "./idb-store";

/** The store as its first version made it, written out: it never changes, whatever the newest version is. */
const FIRST: Record<string, string | undefined> = {
  singles: undefined,
  counters: "run",
  outbox: "dseq",
  photos: "sha256",
  shots: "commitment",
  runs: "run",
  versions: "version",
};
const ITEM = { dseq: 1, hash: "ab", payload: {}, envelope: "{}", openings: [], state: "waiting", tries: 2, next_at: 5 };
const SHOT = { commitment: "cd", sha256: "ef", state: "waiting", here: true, dseq: 1, tries: 0, next_at: 0 };
const PHOTO = { sha256: "ef", bytes: new Uint8Array([1, 2, 3]) };

let name: string;

beforeEach(async () => {
  name = `phone-${newRef()}`;
  const first = await openDB(name, 1, {
    upgrade(db) {
      for (const [store, keyPath] of Object.entries(FIRST))
        db.createObjectStore(store, keyPath === undefined ? {} : { keyPath });
    },
  });
  await first.put("outbox", ITEM);
  await first.put("shots", SHOT);
  await first.put("photos", PHOTO);
  await first.put("singles", { dseq: 1, prev_device: "ab" }, "counter");
  first.close();
});

describe("openStore", () => {
  it("finds everything that a phone of the first version has kept and not sent", async () => {
    const store = await openStore(name);
    expect(await store.getAll("outbox")).toEqual([ITEM]);
    expect(await store.getAll("shots")).toEqual([SHOT]);
    expect(await store.getAll("photos")).toEqual([PHOTO]);
    expect(await store.get("singles", "counter")).toEqual({ dseq: 1, prev_device: "ab" });
    for (const made of Object.keys(FIRST)) expect([...store.objectStoreNames]).toContain(made);
    store.close();
  });

  it("lets go of the store when a newer page wants to change it, and says so", async () => {
    let overtaken = 0;
    const old = await openStore(name, () => {
      overtaken += 1;
    });
    const newer = await openDB(name, old.version + 1, {
      upgrade(db) {
        db.createObjectStore("of_the_newer_page");
      },
    });
    expect(overtaken).toBe(1);
    expect(await newer.getAll("outbox")).toEqual([ITEM]);
    newer.close();
  });
});

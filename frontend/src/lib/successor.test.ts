// @vitest-environment node
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { pageClock } from "./clock";
import { newRef, utf8 } from "./encoding";
import { type Session, type Store, setSingle, single } from "./idb-store";
import { deviceKey } from "./keys";
import { keepPhoto, record, unusedPhotos } from "./outbox";
import { bringUnused, openStores, type Stores, succeed } from "./successor";

describe("openStores", () => {
  it("opens one store where nothing follows it", async () => {
    const name = `phone-${newRef()}x`;
    const { current, former } = await openStores(name);
    expect(current.name).toBe(name);
    expect(former).toEqual([]);
  });

  it("opens those that follow, each with a key of its own, and keeps what the person has chosen", async () => {
    const name = `phone-${newRef()}x`;
    const first = (await openStores(name)).current;
    await setSingle(first, "letters", 150);
    await succeed(first);
    await succeed((await openStores(name)).current);
    const { current, former } = await openStores(name);
    expect([...former, current].map((store) => store.name)).toEqual([name, `${name}-2`, `${name}-3`]);
    expect(await single(current, "letters")).toBe(150);
    expect(await single(current, "session")).toBeUndefined();
    const keys = await Promise.all([...former, current].map(async (store) => (await deviceKey(store)).device));
    expect(new Set(keys).size).toBe(3);
  });
});

describe("bringUnused", () => {
  const place = { run: "aa".repeat(16), step: "before/power_off", activation: 1 };
  const wen = { tenant: "harbour", tenant_name: "Harbour", member: "11".repeat(16), name: "Wen", roles: [] };

  const shoot = (store: Store, text: string) =>
    keepPhoto(
      store,
      { ...place, slot: "isolator", bytes: utf8(text), media_type: "image/jpeg", thumbnail: utf8("t") },
      0,
    );

  /** A phone that was locked out with a photo in use and one undecided, and that has begun anew as somebody. */
  async function begunAnew(now: Partial<Session>): Promise<Stores> {
    const name = `phone-${newRef()}x`;
    const first = (await openStores(name)).current;
    await setSingle(first, "session", { ...wen, status: "revoked" });
    const used = await shoot(first, "used");
    const taken = { type: "photo.taken" as const, ...place, data: { slot: "isolator" }, photo: used.commitment };
    await record(first, await deviceKey(first), pageClock(), taken);
    await shoot(first, "undecided");
    await succeed(first);
    const stores = await openStores(name);
    await setSingle(stores.current, "session", { ...wen, status: "enrolled", ...now });
    return stores;
  }

  it("brings what nobody has decided about, with its bytes, and leaves what is signed", async () => {
    const stores = await begunAnew({});
    const [before] = stores.former as [Store];
    await bringUnused(stores);
    await bringUnused(stores);
    const [shot, ...more] = await unusedPhotos(stores.current);
    expect(more).toEqual([]);
    expect((await stores.current.get("photos", shot?.sha256 ?? ""))?.bytes).toEqual(utf8("undecided"));
    expect(await unusedPhotos(before)).toEqual([]);
    expect([await before.count("shots"), await before.count("photos")]).toEqual([1, 1]);
  });

  it.each([
    ["another person", { member: "22".repeat(16) }],
    ["another company", { tenant: "quay" }],
    ["somebody who waits to be let in", { status: "pending" as const }],
  ])("brings nothing to %s", async (_, now) => {
    const stores = await begunAnew(now);
    await bringUnused(stores);
    expect(await unusedPhotos(stores.current)).toEqual([]);
    expect(await unusedPhotos(stores.former[0] as Store)).toHaveLength(1);
  });
});

// @vitest-environment node
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { newRef } from "./encoding";
import { setSingle, single } from "./idb-store";
import { deviceKey } from "./keys";
import { openStores, succeed } from "./successor";

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

// @vitest-environment node
import { describe, expect, it } from "vitest";
import "fake-indexeddb/auto";
import { newRef } from "./encoding";
import { openStore } from "./idb-store";
import { canWrite, hasRoom, isQuota, roomIn } from "./room";

const MB = 1024 * 1024;
const says = (quota: number | undefined, usage: number | undefined, persisted = false) =>
  ({ estimate: async () => ({ quota, usage }), persisted: async () => persisted }) as unknown as StorageManager;

describe("roomIn", () => {
  it("tells plenty from low and low from full", async () => {
    expect(await roomIn(says(4000 * MB, 10 * MB, true))).toEqual({
      used: 10 * MB,
      free: 3990 * MB,
      persisted: true,
      level: "plenty",
    });
    expect((await roomIn(says(200 * MB, 10 * MB)))?.level).toBe("low");
    expect((await roomIn(says(40 * MB, 10 * MB)))?.level).toBe("full");
  });
  it("takes more in use than is granted for nothing free", async () => {
    expect(await roomIn(says(10 * MB, 12 * MB))).toMatchObject({ free: 0, level: "full" });
  });
  it("says nothing where the browser says nothing", async () => {
    expect(await roomIn(undefined)).toBeUndefined();
    expect(await roomIn(says(undefined, 1))).toBeUndefined();
  });
});

describe("hasRoom", () => {
  it("leaves a reserve for what is written after the photo", async () => {
    expect(await hasRoom(10 * MB, says(100 * MB, 10 * MB))).toBe(true);
    expect(await hasRoom(10 * MB, says(100 * MB, 70 * MB))).toBe(false);
  });
  it("lets it be tried where the browser says nothing", async () => {
    expect(await hasRoom(40 * MB, undefined)).toBe(true);
  });
});

describe("isQuota", () => {
  it("knows a full phone from any other trouble", () => {
    expect(isQuota(new DOMException("full", "QuotaExceededError"))).toBe(true);
    expect(isQuota(new DOMException("gone", "AbortError"))).toBe(false);
  });
});

describe("canWrite", () => {
  it("finds out by writing, and leaves nothing behind", async () => {
    const store = await openStore(`phone-${newRef()}`);
    expect(await canWrite(store)).toBe(true);
    store.put = (() => Promise.reject(new DOMException("full", "QuotaExceededError"))) as typeof store.put;
    expect(await canWrite(store)).toBe(false);
    expect(await store.count("photos")).toBe(0);
  });
});

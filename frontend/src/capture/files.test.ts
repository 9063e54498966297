import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { connect } from "../lib/api";
import { newRef } from "../lib/encoding";
import { openStore, type Store, setSingle, single } from "../lib/idb-store";
import { deviceKey } from "../lib/keys";
import { LARGEST } from "../lib/picture-kind";
import { SteadyClock } from "../lib/steady";
import { App } from "./app";
import { expectPicture, keepFile, lostPicture } from "./files";
import type { Job, OpenStep } from "./fold";

const RUN = "aa".repeat(16);
const job = { run: RUN } as Job;
const step = { task: { path: "before/power_off", n: 1 } } as OpenStep;
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

/** A file as a browser gives it; jsdom's has no `arrayBuffer`. */
function file(bytes: Uint8Array, size = bytes.length): File {
  const part = (some: Uint8Array) => ({ size, arrayBuffer: async () => some.buffer, slice: () => part(some) });
  return part(bytes) as unknown as File;
}

let store: Store;
let app: App;

beforeEach(async () => {
  store = await openStore(`phone-${newRef()}`);
  const api = connect({ base: "/api/v1", language: () => "en", fetch: async () => new Response(null) });
  app = new App(store, await deviceKey(store), new SteadyClock(), api, "en", () => undefined);
});

describe("keepFile", () => {
  it("keeps the very bytes, also of a picture that this browser cannot show", async () => {
    expectPicture(app, job, step, "isolator");
    await keepFile(app, job, step, "isolator", file(JPEG));
    const [shot] = await store.getAll("shots");
    expect(shot).toMatchObject({ run: RUN, slot: "isolator", media_type: "image/jpeg", size: JPEG.length });
    expect([...((await store.getAll("photos"))[0]?.bytes ?? [])]).toEqual([...JPEG]);
    expect(app.state.draft.review?.shot.commitment).toBe(shot?.commitment);
    expect(await lostPicture(store, app.clock.now())).toBeUndefined();
  });

  it("says what is wrong with a file that is no photo, and with one that is too large, and keeps neither", async () => {
    await keepFile(app, job, step, "isolator", file(new Uint8Array([1, 2, 3])));
    expect(app.state.problem).toContain("no photo that can be used");
    await keepFile(app, job, step, "isolator", file(JPEG, LARGEST + 1));
    expect(app.state.problem).toContain("42 MB, at most 41 MB");
    expect(await store.count("shots")).toBe(0);
  });
});

describe("lostPicture", () => {
  const expected = { run: RUN, step: "before/power_off", activation: 1, slot: "isolator" };

  it("names the picture that did not come back, once", async () => {
    await setSingle(store, "expected", { ...expected, at: 1_000 });
    expect(await lostPicture(store, 60_000)).toMatchObject({ run: RUN, slot: "isolator" });
    expect(await lostPicture(store, 60_000)).toBeUndefined();
    expect(await single(store, "expected")).toBeUndefined();
  });

  it("is silent about one that was kept before the page was closed", async () => {
    const at = app.clock.now();
    await keepFile(app, job, step, "isolator", file(JPEG));
    await setSingle(store, "expected", { ...expected, at });
    expect(await lostPicture(store, app.clock.now())).toBeUndefined();
  });

  it("is silent a day later", async () => {
    await setSingle(store, "expected", { ...expected, at: 0 });
    expect(await lostPicture(store, 24 * 3600_000)).toBeUndefined();
  });
});

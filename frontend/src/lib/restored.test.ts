// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { type Api, connect } from "./api";
import type { Clock } from "./clock";
import { newRef, utf8 } from "./encoding";
import { FakeServer } from "./fake-server";
import { type KeyRecord, openStore, type Store, setSingle } from "./idb-store";
import { deviceKey } from "./keys";
import { counts, keepPhoto, record } from "./outbox";
import { compare } from "./restored";
import { Sync } from "./sync";

const RUN = "aa".repeat(16);
const WEN = "11".repeat(16);
const DAYS = 3 * 24 * 3600_000;

let store: Store;
let key: KeyRecord;
let server: FakeServer;
let api: Api;
let now: number;

const clock: Clock = { now: () => now, mono: () => 0, boot: "bb".repeat(16) };
const send = () => new Sync(store, api, () => now).pass();
const stop = () => record(store, key, clock, { type: "run.stopped", run: RUN, data: {} });

async function shoot(text: string): Promise<string> {
  const place = { run: RUN, step: "before/power_off", activation: 1 };
  const picture = { bytes: utf8(text), media_type: "image/jpeg", thumbnail: utf8("t"), slot: "isolator" };
  const shot = await keepPhoto(store, { ...place, ...picture }, now);
  await record(store, key, clock, {
    type: "photo.taken",
    ...place,
    data: { slot: "isolator" },
    photo: shot.commitment,
  });
  return shot.sha256;
}

/** Puts the server back to where it held so many events of this device, and no photos. */
function restore(last: number): void {
  server.log.splice(last);
  server.photos.clear();
  server.routes.set(`GET /devices/${key.device}/position`, { status: 200, body: { dseq: last, payload: "" } });
}

beforeEach(async () => {
  now = Date.parse("2026-03-01T08:00:00.000Z");
  store = await openStore(`phone-${newRef()}`);
  key = await deviceKey(store);
  server = new FakeServer();
  await server.enrol(key.device, key.spki);
  const session = {
    status: "enrolled",
    tenant: "harbour",
    tenant_name: "Harbour",
    member: WEN,
    name: "Wen",
    roles: [],
  };
  await setSingle(store, "session", { ...session, token: "t" } as never);
  api = connect({ base: "/api/v1", language: () => "en", fetch: server.fetch });
});

describe("compare", () => {
  it("sends again the very envelopes that a restored server has lost, and their photos", async () => {
    await stop();
    const sha256 = await shoot("one");
    await stop();
    await send();
    const before = server.log.map(({ envelope }) => envelope);
    restore(1);
    expect(await compare(store, api)).toEqual({ answered: true, again: 2, network: "good" });
    expect(await counts(store)).toMatchObject({ kept: 1, sent: 0, accepted: 0, waiting: 2 });
    await send();
    expect(server.log.map(({ envelope }) => envelope)).toEqual(before);
    expect(server.photos.has(sha256)).toBe(true);
    expect(await counts(store)).toMatchObject({ kept: 1, sent: 1, accepted: 1, waiting: 0 });
    restore(3);
    expect(await compare(store, api)).toEqual({ answered: true, again: 0, network: "good" });
  });

  it("fetches anew what it knew of the jobs", async () => {
    await stop();
    await send();
    await store.put("runs", { run: RUN, events: [{}], announced: 9, etag: '"7"', status: "open" } as never);
    restore(0);
    await compare(store, api);
    expect(await store.get("runs", RUN)).toEqual({ run: RUN, events: [], announced: 0, status: "open" });
  });

  it("says which photo is gone where its bytes had left the phone", async () => {
    await shoot("one");
    await send();
    now += DAYS;
    await send();
    restore(0);
    await compare(store, api);
    expect(await store.getAll("shots")).toMatchObject([{ state: "refused", reason: { code: "bytes_gone" } }]);
    await send();
    expect(server.log).toHaveLength(1);
  });

  it("leaves all as it is where the server has everything, where nothing was admitted, and where nobody answers", async () => {
    expect(await compare(store, api)).toEqual({ answered: true, again: 0, network: "good" });
    await stop();
    await send();
    restore(1);
    expect(await compare(store, api)).toEqual({ answered: true, again: 0, network: "good" });
    server.down = true;
    expect(await compare(store, api)).toEqual({ answered: false, again: 0, network: "silent" });
    server.down = false;
    server.routes.set(`GET /devices/${key.device}/position`, {
      status: 401,
      body: { code: "token_invalid", message: "" },
    });
    expect(await compare(store, api)).toEqual({ answered: false, again: 0, network: "signed_out" });
    server.routes.set(`GET /devices/${key.device}/position`, { status: 500, body: { code: "broken", message: "" } });
    expect(await compare(store, api)).toEqual({ answered: false, again: 0, network: "good" });
    expect((await store.getAll("outbox")).map(({ state }) => state)).toEqual(["accepted"]);
  });
});

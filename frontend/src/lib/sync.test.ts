// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { connect } from "./api";
import type { Clock } from "./clock";
import { newRef, utf8 } from "./encoding";
import { FakeServer } from "./fake-server";
import { type KeyRecord, openStore, type Store, setSingle } from "./idb-store";
import { deviceKey } from "./keys";
import { counts, keepPhoto, record } from "./outbox";
import { backOff, Sync, tryAgain } from "./sync";

const RUN = "aa".repeat(16);
const WEN = "11".repeat(16);
const HOUR = 3600_000;

let store: Store;
let key: KeyRecord;
let server: FakeServer;
let sync: Sync;
let now: number;

const clock: Clock = { now: () => now, mono: () => 0, boot: "bb".repeat(16) };
const stop = () => record(store, key, clock, { type: "run.stopped", run: RUN, data: {} });
const open = () =>
  record(store, key, clock, {
    type: "run.opened",
    run: RUN,
    data: { template: "belt", version: "ab".repeat(32), subject: {}, people: { crew: [WEN] } },
  });
async function shoot(text: string, size?: number): Promise<string> {
  const bytes = size === undefined ? utf8(text) : new Uint8Array(size);
  const about = { run: RUN, step: "before/power_off", activation: 1, slot: "isolator" };
  const shot = await keepPhoto(store, { ...about, bytes, media_type: "image/jpeg", thumbnail: utf8("t") }, now);
  const { run, step, activation } = about;
  await record(store, key, clock, {
    type: "photo.taken",
    run,
    step,
    activation,
    data: { slot: "isolator" },
    photo: shot.commitment,
  });
  return shot.sha256;
}
const states = async () => (await store.getAll("outbox")).map((item) => item.state);

beforeEach(async () => {
  now = Date.parse("2026-03-01T08:00:00.000Z");
  store = await openStore(`phone-${newRef()}`);
  key = await deviceKey(store);
  server = new FakeServer();
  await server.enrol(key.device, key.spki);
  await setSingle(store, "session", {
    status: "enrolled",
    tenant: "harbour",
    tenant_name: "Harbour",
    member: WEN,
    name: "Wen",
    roles: [],
    token: "t",
  });
  const api = connect({ base: "/api/v1", language: () => "en", token: () => "t", fetch: server.fetch });
  sync = new Sync(
    store,
    api,
    () => now,
    () => 1,
  );
});

describe("Sync", () => {
  it("sends events in the order of the device, and photos, and keeps the admissions", async () => {
    await open();
    const sha256 = await shoot("one");
    const pass = await sync.pass();
    expect(pass).toMatchObject({ taken: 3, left: 0, network: "good" });
    expect(server.log.map((entry) => entry.payload.dseq)).toEqual([1, 2]);
    expect(server.photos.has(sha256)).toBe(true);
    expect((await store.get("outbox", 1))?.admission).toMatchObject({ of: server.log[0]?.hash });
    expect(await counts(store)).toEqual({ kept: 1, sent: 1, accepted: 1, stuck: 0, waiting: 0 });
  });

  it("sends the very envelope that it stored, however often", async () => {
    const item = await open();
    server.interrupt = (_, path) => (path === "/events" ? { status: 503 } : undefined);
    await sync.pass();
    server.interrupt = undefined;
    now += HOUR;
    await sync.pass();
    expect(server.log.map((entry) => entry.envelope)).toEqual([item.envelope]);
  });

  it("is answered the same when the answer was lost", async () => {
    await open();
    const { fetch } = server;
    const lossy = connect({
      base: "/api/v1",
      language: () => "en",
      fetch: async (input, init) => {
        await fetch(input, init);
        throw new TypeError("cut");
      },
    });
    await new Sync(store, lossy, () => now).pass();
    expect(await states()).toEqual(["waiting"]);
    now += HOUR;
    await sync.pass();
    expect([await states(), server.log.length]).toEqual([["accepted"], 1]);
  });

  it("waits longer and longer while nobody answers, and loses nothing", async () => {
    server.down = true;
    await open();
    await shoot("one");
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const pass = await sync.pass();
      waits.push(pass?.wait_ms ?? -1);
      now += HOUR;
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
    server.down = false;
    expect(await sync.pass()).toMatchObject({ left: 0, network: "good" });
    expect([server.log.length, server.photos.size]).toEqual([2, 1]);
  });

  it("lets one refused event hold up no other", async () => {
    await open();
    await stop();
    await stop();
    server.interrupt = (method, path, body) => {
      if (method !== "POST" || path !== "/events") return undefined;
      const { events } = JSON.parse(new TextDecoder().decode(body)) as { events: { envelope: { payload: string } }[] };
      if (events.length > 1) return { status: 422, body: { code: "request_malformed", message: "one of them" } };
      return atob(events[0]?.envelope.payload ?? "").includes('"dseq":2,')
        ? { status: 422, body: { code: "payload_malformed", message: "二" } }
        : undefined;
    };
    const pass = await sync.pass();
    expect(await states()).toEqual(["accepted", "refused", "accepted"]);
    expect((await store.get("outbox", 2))?.reason).toEqual({ code: "payload_malformed", message: "二" });
    expect(pass?.wait_ms).toBeGreaterThan(0);
    server.interrupt = undefined;
    await tryAgain(store);
    await sync.pass();
    expect(await states()).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("tells apart the results of one request", async () => {
    await open();
    await stop();
    server.keys.clear();
    await sync.pass();
    expect((await store.getAll("outbox")).map((item) => item.reason?.code)).toEqual([
      "signature_unknown_key",
      "signature_unknown_key",
    ]);
    await server.enrol(key.device, key.spki);
    now += HOUR;
    await sync.pass();
    expect(await states()).toEqual(["accepted", "accepted"]);
  });

  it("says a fork aloud and never sends it again", async () => {
    await open();
    const other = await stop();
    server.log.push({ hash: "ff".repeat(32), payload: { ...other.payload }, envelope: "" });
    await sync.pass();
    expect(await states()).toEqual(["accepted", "forked"]);
    expect((await store.get("outbox", 2))?.reason?.code).toBe("event_forked");
    const before = server.requests.length;
    now += 24 * HOUR;
    await tryAgain(store);
    expect(await sync.pass()).toMatchObject({ left: 0 });
    expect(server.requests.length).toBe(before);
  });

  it("sends small photos past one that never gets through", async () => {
    await open();
    const large = await shoot("", 27_000_000);
    const small = await shoot("small");
    server.interrupt = (method, path) =>
      path === `/photos/${large}` && method === "PUT" ? { status: 504 } : undefined;
    for (let round = 0; round < 3; round += 1) {
      await sync.pass();
      now += HOUR;
    }
    expect([...server.photos.keys()]).toEqual([small]);
    server.interrupt = undefined;
    await sync.pass();
    expect(server.photos.get(large)?.length).toBe(27_000_000);
  });

  it("keeps a photo that the server refuses, and its reason, and goes on", async () => {
    await open();
    const bad = await shoot("bad");
    const good = await shoot("good");
    server.interrupt = (_, path) =>
      path === `/photos/${bad}`
        ? { status: 422, body: { code: "photo_type_unknown", message: "不是照片" } }
        : undefined;
    await sync.pass();
    expect(server.photos.has(good)).toBe(true);
    const shot = (await store.getAll("shots")).find((one) => one.sha256 === bad);
    expect(shot).toMatchObject({
      state: "refused",
      here: true,
      reason: { code: "photo_type_unknown", message: "不是照片" },
    });
    expect(await store.get("photos", bad)).toBeDefined();
  });

  it("does not believe a sign-in page of somebody's network", async () => {
    await open();
    await shoot("one");
    server.interrupt = () => ({ status: 200, html: "<h1>Welcome to the harbour Wi-Fi</h1>" });
    expect(await sync.pass()).toMatchObject({ taken: 0, network: "silent" });
    expect(await counts(store)).toMatchObject({ sent: 0, accepted: 0 });
  });

  it("says when its token is no longer good, and sends no photo then", async () => {
    await open();
    await shoot("one");
    server.interrupt = () => ({ status: 401, body: { code: "sign_in_required", message: "" } });
    expect(await sync.pass()).toMatchObject({ network: "signed_out" });
    expect(server.requests).toEqual(["POST /events"]);
    expect(await states()).toEqual(["waiting", "waiting"]);
  });

  it("keeps the bytes for a day after the server has them", async () => {
    await open();
    const sha256 = await shoot("one");
    await sync.pass();
    now += 23 * HOUR;
    await sync.pass();
    expect(await store.get("photos", sha256)).toBeDefined();
    now += 2 * HOUR;
    await sync.pass();
    expect(await store.get("photos", sha256)).toBeUndefined();
    expect(await counts(store)).toMatchObject({ kept: 1, sent: 1, accepted: 1 });
  });

  it("keeps the bytes as long as the event is not admitted", async () => {
    await open();
    const sha256 = await shoot("one");
    server.interrupt = (_, path) =>
      path === "/events" ? { status: 422, body: { code: "payload_malformed" } } : undefined;
    await sync.pass();
    now += 48 * HOUR;
    await sync.pass();
    expect(await store.get("photos", sha256)).toBeDefined();
  });
});

describe("backOff", () => {
  it("doubles, is bounded and spread", () => {
    expect([0, 1, 2, 30].map((tries) => backOff(tries, 1000, 60_000, 1))).toEqual([1000, 2000, 4000, 60_000]);
    expect(backOff(3, 1000, 60_000, 0)).toBe(4000);
  });
});

describe("Sync on a full phone", () => {
  const full = () => Promise.reject(new DOMException("full", "QuotaExceededError"));

  it("goes on sending though nothing can be written down, and writes it down when there is room", async () => {
    await open();
    const one = await shoot("one");
    const put = store.put.bind(store);
    store.put = full as typeof store.put;
    expect(await sync.pass()).toMatchObject({ network: "good", full: true });
    expect(server.log).toHaveLength(2);
    expect(server.photos.has(one)).toBe(true);
    expect(await states()).toEqual(["waiting", "waiting"]);
    store.put = put;
    await sync.pass();
    expect(await states()).toEqual(["accepted", "accepted"]);
    expect(server.log).toHaveLength(2);
    expect(await counts(store)).toMatchObject({ kept: 1, sent: 1, accepted: 1 });
  });

  it("waits longer and longer for room, and sends nothing twice meanwhile", async () => {
    await open();
    await shoot("one");
    store.put = full as typeof store.put;
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) waits.push((await sync.pass())?.wait_ms ?? -1);
    expect(waits).toEqual([15_000, 30_000, 60_000, 60_000]);
    expect(server.requests.map((asked) => asked.slice(0, 12))).toEqual(["POST /events", "PUT /photos/"]);
  });

  it("frees the bytes that the server has at once, and keeps those that it has not", async () => {
    let tight = false;
    const api = connect({ base: "/api/v1", language: () => "en", token: () => "t", fetch: server.fetch });
    const mine = new Sync(
      store,
      api,
      () => now,
      () => 1,
      () => tight,
    );
    await open();
    const sent = await shoot("sent");
    await mine.pass();
    expect(await store.count("photos", sent)).toBe(1);
    server.down = true;
    const kept = await shoot("kept");
    tight = true;
    await mine.pass();
    expect(await store.count("photos", sent)).toBe(0);
    expect(await store.count("photos", kept)).toBe(1);
  });
});

describe("Sync on a phone whose clock was put back", () => {
  it("does not wait for a time that is a day away", async () => {
    await open();
    server.interrupt = () => ({ status: 500, body: { code: "broken", message: "", details: {} } });
    await sync.pass();
    server.interrupt = undefined;
    now -= 24 * HOUR;
    const pass = await sync.pass();
    expect(pass).toMatchObject({ taken: 1, left: 0 });
    expect(await states()).toEqual(["accepted"]);
  });
});

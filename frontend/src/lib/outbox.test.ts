// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "./clock";
import { opens } from "./commitment";
import { newRef, utf8 } from "./encoding";
import { parseEnvelope, verifySignature } from "./envelope";
import { payloadOf } from "./fake-server";
import { type KeyRecord, openStore, type Store, setSingle } from "./idb-store";
import { checkNumber, deviceKey } from "./keys";
import {
  counts,
  type Draft,
  dropPhoto,
  headsKnown,
  keepPhoto,
  PhotoGone,
  record,
  type Snapped,
  unusedPhotos,
} from "./outbox";

const RUN = "aa".repeat(16);
const WEN = "11".repeat(16);
const START = Date.parse("2026-03-01T08:00:00.000Z");

let store: Store;
let key: KeyRecord;
let clock: Clock;

const opened: Draft<"run.opened"> = {
  type: "run.opened",
  run: RUN,
  data: { template: "belt", version: "ab".repeat(32), subject: {}, people: { crew: [WEN] } },
};
const confirmed: Draft<"step.confirmed"> = {
  type: "step.confirmed",
  run: RUN,
  step: "before/power_off",
  activation: 1,
  data: {},
};
const snapped = (text = "picture"): Snapped => ({
  bytes: utf8(text),
  media_type: "image/jpeg",
  thumbnail: utf8("small"),
  run: RUN,
  step: "before/power_off",
  activation: 1,
  slot: "isolator",
});
const taken = (photo: string): Draft<"photo.taken"> => ({
  type: "photo.taken",
  run: RUN,
  step: "before/power_off",
  activation: 1,
  data: { slot: "isolator" },
  photo,
});

beforeEach(async () => {
  store = await openStore(`phone-${newRef()}`);
  key = await deviceKey(store);
  let now = START;
  clock = { now: () => (now += 1000), mono: () => now - START, boot: "bb".repeat(16) };
  await setSingle(store, "session", {
    status: "enrolled",
    tenant: "harbour",
    tenant_name: "Harbour",
    member: WEN,
    name: "Wen",
    roles: ["worker"],
  });
});

describe("deviceKey", () => {
  it("is the same for all who ask at once, and cannot be read", async () => {
    const [first, second] = await Promise.all([deviceKey(store), deviceKey(store)]);
    expect([first.device, second.device]).toEqual([key.device, key.device]);
    await expect(crypto.subtle.exportKey("pkcs8", key.privateKey)).rejects.toThrow();
  });

  it("is shown as six digits", () => {
    expect(checkNumber(`0000000f4241${"0".repeat(52)}`)).toBe("000001");
  });
});

describe("record", () => {
  it("signs the act at its place and stores the envelope before anybody could send it", async () => {
    const item = await record(store, key, clock, opened);
    const stored = await store.get("outbox", 1);
    expect(stored).toEqual(item);
    expect(item.payload).toMatchObject({
      v: 1,
      type: "run.opened",
      tenant: "harbour",
      actor: WEN,
      dseq: 1,
      rseq: 1,
      device: key.device,
      claimed_at: "2026-03-01T08:00:01.000Z",
      assurance: "webcrypto",
    });
    const envelope = parseEnvelope(utf8(item.envelope));
    const publicKey = await crypto.subtle.importKey("spki", key.spki, { name: "ECDSA", namedCurve: "P-256" }, true, [
      "verify",
    ]);
    const [signature] = envelope.signatures;
    expect(signature && (await verifySignature(publicKey, envelope, signature))).toBe(true);
  });

  it("links device and run", async () => {
    const first = await record(store, key, clock, opened);
    const second = await record(store, key, clock, confirmed);
    expect(second.payload).toMatchObject({ dseq: 2, rseq: 2, prev_device: first.hash, prev_run: [first.hash] });
    expect(await headsKnown(store, RUN)).toEqual([second.hash]);
  });

  it("joins the heads that others left", async () => {
    const first = await record(store, key, clock, opened);
    const theirs = payloadOf(first.envelope);
    const known = { index: 1, received_at: "", standing: "", codes: [] };
    await store.put("runs", {
      run: RUN,
      template: "belt",
      version: "",
      title: {},
      equipment: "",
      opened_at: "",
      status: "open",
      my_turn: false,
      announced: 2,
      events: [
        { ...known, hash: first.hash, payload: theirs },
        { ...known, hash: "cc".repeat(32), payload: { ...theirs, prev_run: [first.hash] } },
        { ...known, hash: "0c".repeat(32), payload: { ...theirs, prev_run: [first.hash] } },
      ],
    });
    expect((await record(store, key, clock, confirmed)).payload.prev_run).toEqual(["0c".repeat(32), "cc".repeat(32)]);
  });

  it("gives out no number twice, however many ask at once", async () => {
    await record(store, key, clock, opened);
    await Promise.all(Array.from({ length: 12 }, () => record(store, key, clock, confirmed)));
    const items = await store.getAll("outbox");
    expect(items.map((item) => item.dseq)).toEqual(Array.from({ length: 13 }, (_, at) => at + 1));
    for (const [at, item] of items.entries()) expect(item.payload.prev_device).toBe(items[at - 1]?.hash);
  });

  it("commits to free text and keeps the opening beside the event", async () => {
    await record(store, key, clock, opened);
    const item = await record(store, key, clock, {
      type: "run.stopped",
      run: RUN,
      data: {},
      facts: { reason: "有人" },
    });
    const [opening] = item.openings;
    expect(item.envelope).not.toContain("有人");
    expect(opening?.commitment).toBe(item.payload.commitments?.reason);
    expect(opening && (await opens(opening))).toBe(true);
  });

  it("names the newest checkpoint", async () => {
    await setSingle(store, "beacon", { root: "dd".repeat(32), size: 9 });
    expect((await record(store, key, clock, opened)).payload.beacon).toEqual({ root: "dd".repeat(32), size: 9 });
  });

  it("takes a kept photo into use once", async () => {
    await record(store, key, clock, opened);
    const shot = await keepPhoto(store, snapped(), START);
    const item = await record(store, key, clock, taken(shot.commitment));
    expect(item.payload.photos).toEqual([
      { commitment: shot.commitment, media_type: "image/jpeg", size: 7, slot: "isolator" },
    ]);
    expect((await store.get("shots", shot.commitment))?.dseq).toBe(2);
    await expect(record(store, key, clock, taken(shot.commitment))).rejects.toThrow(PhotoGone);
    expect(await store.count("outbox")).toBe(2);
  });
});

describe("keepPhoto", () => {
  it("keeps bytes that nothing refers to yet, to be offered again", async () => {
    const shot = await keepPhoto(store, snapped(), START);
    expect((await store.get("photos", shot.sha256))?.bytes).toEqual(utf8("picture"));
    expect((await unusedPhotos(store)).map((one) => one.commitment)).toEqual([shot.commitment]);
  });

  it("keeps the same bytes twice under two commitments", async () => {
    const [one, two] = [await keepPhoto(store, snapped(), START), await keepPhoto(store, snapped(), START)];
    expect(one.commitment).not.toBe(two.commitment);
    await record(store, key, clock, opened);
    await record(store, key, clock, taken(one.commitment));
    await dropPhoto(store, two.commitment);
    expect(await store.get("photos", one.sha256)).toBeDefined();
  });
});

describe("dropPhoto", () => {
  it("never drops a photo in use", async () => {
    await record(store, key, clock, opened);
    const shot = await keepPhoto(store, snapped(), START);
    await record(store, key, clock, taken(shot.commitment));
    await dropPhoto(store, shot.commitment);
    expect(await store.get("photos", shot.sha256)).toBeDefined();
  });

  it("drops one that was taken again", async () => {
    const shot = await keepPhoto(store, snapped(), START);
    await dropPhoto(store, shot.commitment);
    expect([await store.count("photos"), await store.count("shots")]).toEqual([0, 0]);
  });
});

describe("counts", () => {
  it("counts a photo as accepted when both its bytes and its event are", async () => {
    await record(store, key, clock, opened);
    const shot = await keepPhoto(store, snapped(), START);
    const item = await record(store, key, clock, taken(shot.commitment));
    expect(await counts(store)).toEqual({ kept: 1, sent: 0, accepted: 0, stuck: 0, waiting: 2 });
    await store.put("shots", { ...shot, dseq: item.dseq, state: "stored" });
    expect(await counts(store)).toMatchObject({ kept: 1, sent: 1, accepted: 0 });
    await store.put("outbox", { ...item, state: "accepted" });
    expect(await counts(store)).toMatchObject({ kept: 1, sent: 1, accepted: 1, waiting: 1 });
  });
});

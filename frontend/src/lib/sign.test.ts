// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "./clock";
import { fromBase64, newRef, toBase64, utf8 } from "./encoding";
import { EVENT_PAYLOAD, importPublicKey, verifySignature } from "./envelope";
import { FakeServer, payloadOf } from "./fake-server";
import { setSingle, single } from "./idb-store";
import {
  countersign,
  enrolBrowser,
  NotSigned,
  type Office,
  officeSigner,
  refuseDevice,
  signAct,
  standing,
} from "./sign";
import { succeed } from "./successor";

const RUN = "aa".repeat(16);
const clock: Clock = { now: () => Date.parse("2026-03-01T08:00:00.000Z"), mono: () => 5, boot: "bb".repeat(16) };
const decision = {
  type: "decision.made" as const,
  run: RUN,
  step: "after/acceptance",
  activation: 1,
  data: { verdict: "ok" as const, saw: ["cc".repeat(32)] },
  facts: { reason: "看过" },
};

let server: FakeServer;
let office: Office;
let bodies: Map<string, string>;

async function enrolled(): Promise<void> {
  await server.enrol(office.key.device, office.key.spki);
  const { tenant, member } = office;
  await setSingle(office.store, "session", {
    status: "enrolled",
    tenant,
    tenant_name: "海湾",
    member,
    name: "陈静",
    roles: [],
  });
  await setSingle(office.store, "counter", { dseq: 1, prev_device: "ab".repeat(32) });
}

beforeEach(async () => {
  server = new FakeServer();
  bodies = new Map();
  server.interrupt = (method, path, body) => {
    bodies.set(`${method} ${path}`, new TextDecoder().decode(body));
    return undefined;
  };
  const member = newRef();
  const who = {
    tenant: "harbour",
    tenant_name: "海湾",
    member,
    name: "陈静",
    may_enrol: true,
    roles: ["safety_officer"],
  };
  server.routes.set("GET /me", { status: 200, body: { tenant: "harbour", member: { ref: member } } });
  server.routes.set("POST /enrolments/codes", { status: 201, body: { code: "c".repeat(32) } });
  server.routes.set("POST /enrolments/begin", { status: 200, body: who });
  server.routes.set("POST /enrolments", { status: 202, body: { status: "enrolled", ticket: "T" } });
  server.routes.set(`GET /runs/${RUN}`, {
    status: 200,
    body: { heads: ["ee".repeat(32), "dd".repeat(32)], events: [] },
  });
  office = await officeSigner({ form_token: "F", language: "en", fetch: server.fetch, clock });
  server.routes.set(`GET /enrolments/${office.key.device}`, { status: 200, body: { status: "enrolled", token: "K" } });
});

describe("officeSigner", () => {
  it("says why when nobody is signed in", async () => {
    server.routes.set("GET /me", { status: 401, body: { code: "sign_in_required", message: "Sign in" } });
    await expect(officeSigner({ form_token: "", language: "en", fetch: server.fetch })).rejects.toThrow(
      "sign_in_required",
    );
  });

  it("has a key of its own for each person", async () => {
    server.routes.set("GET /me", { status: 200, body: { tenant: "harbour", member: { ref: newRef() } } });
    const other = await officeSigner({ form_token: "F", language: "en", fetch: server.fetch });
    expect(other.key.device).not.toBe(office.key.device);
  });
});

describe("what was signed under a key that has ended", () => {
  const position = () => `GET /devices/${office.key.device}/position`;

  async function unsent(): Promise<void> {
    await enrolled();
    server.interrupt = (_, path) => (path === "/events" ? { status: 503 } : undefined);
    await expect(signAct(office, decision)).rejects.toThrow("not_sent_yet");
    server.interrupt = undefined;
    server.routes.set(position(), { status: 200, body: { dseq: 1, payload: "ab".repeat(32), status: "revoked" } });
  }

  it("is sent when the browser learns that its key has ended", async () => {
    await unsent();
    await expect(signAct(office, decision)).rejects.toThrow("revoked");
    expect(server.log.map(({ payload }) => payload.dseq)).toEqual([2]);
  });

  it("is sent from its own store once another key has followed", async () => {
    await unsent();
    const session = await single(office.store, "session");
    if (session !== undefined) await setSingle(office.store, "session", { ...session, status: "revoked" });
    await succeed(office.store);
    const next = await officeSigner({ form_token: "F", language: "en", fetch: server.fetch, clock });
    expect(next.key.device).not.toBe(office.key.device);
    expect(server.log.map(({ payload }) => [payload.device, payload.dseq])).toEqual([[office.key.device, 2]]);
  });
});

describe("enrolBrowser", () => {
  it("asks a code for oneself and enrols", async () => {
    expect(await standing(office)).toBe("none");
    expect(await enrolBrowser(office, "browser")).toBe("enrolled");
    expect(JSON.parse(bodies.get("POST /enrolments/codes") ?? "")).toEqual({ member: office.member });
    expect(await standing(office)).toBe("enrolled");
  });

  it("gives the server's reason", async () => {
    server.routes.set("POST /enrolments/codes", { status: 403, body: { code: "permission_missing", message: "no" } });
    await expect(enrolBrowser(office, "browser")).rejects.toThrow("permission_missing");
  });
});

describe("signAct", () => {
  it("signs over the heads that the server names", async () => {
    await enrolled();
    await signAct(office, decision);
    const [entry] = server.log;
    expect(payloadOf(entry?.envelope ?? "")).toMatchObject({
      type: "decision.made",
      dseq: 2,
      rseq: 1,
      prev_device: "ab".repeat(32),
      actor: office.member,
      prev_run: ["dd".repeat(32), "ee".repeat(32)],
      data: decision.data,
    });
    expect(entry?.envelope).not.toContain("看过");
  });

  it("asks first to enrol this browser", async () => {
    await expect(signAct(office, decision)).rejects.toThrow("browser_not_enrolled");
    expect(await office.store.count("outbox")).toBe(0);
  });

  it("goes on behind the last event that the server holds", async () => {
    await enrolled();
    server.routes.set(`GET /devices/${office.key.device}/position`, {
      status: 200,
      body: { dseq: 7, payload: "9f".repeat(32) },
    });
    const mine = { payload: { device: office.key.device, rseq: 3 } };
    server.routes.set(`GET /runs/${RUN}`, { status: 200, body: { heads: ["dd".repeat(32)], events: [mine] } });
    await signAct(office, decision);
    expect(server.log[0]?.payload).toMatchObject({ dseq: 8, prev_device: "9f".repeat(32), rseq: 4 });
    expect(await single(office.store, "counter")).toMatchObject({ dseq: 8 });
  });

  it("signs nothing while the server does not say where this browser stands", async () => {
    await enrolled();
    server.routes.set(`GET /devices/${office.key.device}/position`, { status: 503 });
    await expect(signAct(office, decision)).rejects.toThrow("http_503");
    expect(await office.store.count("outbox")).toBe(0);
    expect(await single(office.store, "counter")).toMatchObject({ dseq: 1 });
  });

  it("keeps what it signed when the network goes, and sends it with the next", async () => {
    await enrolled();
    server.interrupt = (_, path) => (path === "/events" ? { status: 503 } : undefined);
    await expect(signAct(office, decision)).rejects.toThrow("not_sent_yet");
    server.interrupt = undefined;
    await signAct(office, { ...decision, activation: 2 });
    expect(server.log.map((entry) => entry.payload.dseq)).toEqual([2, 3]);
  });

  it("gives the server's reason for what it did not take", async () => {
    await enrolled();
    server.keys.clear();
    await expect(signAct(office, decision)).rejects.toThrow(NotSigned);
  });
});

describe("countersign", () => {
  it("signs the waiting device's own payload", async () => {
    await enrolled();
    const payload = utf8('{"v":1}');
    server.routes.set("POST /enrolments/dev/countersign", { status: 204 });
    await countersign(office, "dev", toBase64(payload));
    const { keyid, sig } = JSON.parse(bodies.get("POST /enrolments/dev/countersign") ?? "");
    const key = await importPublicKey(office.key.spki);
    const signature = { keyid, sig: fromBase64(sig) ?? utf8("") };
    const envelope = { payload, payloadType: EVENT_PAYLOAD, signatures: [signature] };
    expect(key && (await verifySignature(key, envelope, signature))).toBe(true);
  });

  it("gives the server's reason", async () => {
    await enrolled();
    server.routes.set("POST /enrolments/dev/countersign", {
      status: 409,
      body: { code: "same_person", message: "another" },
    });
    await expect(countersign(office, "dev", toBase64(utf8("{}")))).rejects.toThrow("same_person");
  });
});

describe("refuseDevice", () => {
  it("turns a device away", async () => {
    server.routes.set("POST /enrolments/dev/refuse", { status: 204 });
    await refuseDevice(office, "dev");
    expect(server.requests.at(-1)).toBe("POST /enrolments/dev/refuse");
  });
});

// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { type Api, connect } from "./api";
import type { Clock } from "./clock";
import { opens } from "./commitment";
import { newRef } from "./encoding";
import { askAgain, codeIn, EnrolmentRefused, enrol, type Invitation, invitation } from "./enrol";
import { FakeServer, payloadOf } from "./fake-server";
import { openStore, type Store, single } from "./idb-store";
import { deviceKey } from "./keys";
import { record } from "./outbox";

const CODE = "abcdefghijklmnopqrstuvwxyz012345";
const WEN: Invitation = {
  tenant: "harbour",
  tenant_name: "海湾",
  member: "11".repeat(16),
  name: "王维",
  may_enrol: false,
  roles: ["worker"],
};
const clock: Clock = { now: () => Date.parse("2026-03-01T08:00:00.000Z"), mono: () => 5, boot: "bb".repeat(16) };

let store: Store;
let server: FakeServer;
let api: Api;
let bodies: string[];

beforeEach(async () => {
  store = await openStore(`phone-${newRef()}`);
  server = new FakeServer();
  bodies = [];
  server.interrupt = (method, path, body) => {
    if (`${method} ${path}` === "POST /enrolments") bodies.push(new TextDecoder().decode(body));
    return undefined;
  };
  server.routes.set("POST /enrolments/begin", { status: 200, body: WEN });
  server.routes.set("POST /enrolments", { status: 202, body: { device: "", status: "pending", ticket: "T" } });
  api = connect({ base: "/api/v1", language: () => "en", fetch: server.fetch });
});

describe("codeIn", () => {
  it("finds the code in an address and in a QR code", () => {
    expect(codeIn(`http://localhost:8000/capture/#enrol=${CODE}`)).toBe(CODE);
    expect(codeIn(`tanghulu:enrol:${CODE}`)).toBe(CODE);
  });

  it("finds none elsewhere", () => {
    for (const text of ["", "#jobs", "#enrol=", "#enrol=<script>", "https://example.org/"])
      expect(codeIn(text)).toBeNull();
  });
});

describe("invitation", () => {
  it("is asked without the token that the device has, which may have ended", async () => {
    const asked: (string | null)[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      asked.push(new Headers(init?.headers).get("authorization"));
      return server.fetch(input, init);
    };
    await invitation(connect({ base: "/api/v1", language: () => "en", token: () => "T", fetch }), CODE);
    expect(asked).toEqual([null]);
  });

  it("names the person", async () => {
    expect(await invitation(api, CODE)).toEqual(WEN);
  });

  it("gives the server's reason", async () => {
    server.routes.set("POST /enrolments/begin", { status: 404, body: { code: "code_unknown", message: "没有" } });
    await expect(invitation(api, CODE)).rejects.toThrow(EnrolmentRefused);
  });
});

describe("enrol", () => {
  it("signs the first event of the device and waits", async () => {
    const session = await enrol(store, api, clock, CODE, WEN, "王维的手机");
    expect(session).toMatchObject({ status: "pending", ticket: "T", member: WEN.member });
    const sent = JSON.parse(bodies[0] ?? "");
    const key = await deviceKey(store);
    const payload = payloadOf(JSON.stringify(sent.envelope));
    expect(payload).toMatchObject({
      type: "device.enrolled",
      dseq: 1,
      actor: WEN.member,
      device: key.device,
      tenant: "harbour",
    });
    expect(sent.openings.map((opening: { value: string }) => opening.value).sort()).toEqual(["王维", "王维的手机"]);
    for (const opening of sent.openings) {
      expect(await opens(opening)).toBe(true);
      expect(Object.values(payload.commitments ?? {})).toContain(opening.commitment);
    }
  });

  it("sends the very same event when the first try got lost", async () => {
    server.down = true;
    await expect(enrol(store, api, clock, CODE, WEN, "phone")).rejects.toThrow(EnrolmentRefused);
    server.down = false;
    await enrol(store, api, clock, "another-code-that-is-long-enough", WEN, "phone");
    await enrol(store, api, clock, CODE, WEN, "phone");
    const envelopes = bodies.map((body) => JSON.stringify(JSON.parse(body).envelope));
    expect(new Set(envelopes).size).toBe(1);
  });

  it("lets the device's next event follow it", async () => {
    await enrol(store, api, clock, CODE, WEN, "phone");
    const first = await store.get("outbox", 1);
    const next = await record(store, await deviceKey(store), clock, {
      type: "run.stopped",
      run: "aa".repeat(16),
      data: {},
    });
    expect(next.payload).toMatchObject({ dseq: 2, prev_device: first?.hash });
  });

  it("is done at once for a founder", async () => {
    const checkpoint = { origin: "o", size: 1, root: "ee".repeat(32), note: "" };
    server.routes.set("POST /enrolments", {
      status: 202,
      body: { status: "enrolled", ticket: "T", token: "K", checkpoint },
    });
    expect(await enrol(store, api, clock, CODE, WEN, "phone")).toMatchObject({ status: "enrolled", token: "K" });
    expect(await single(store, "beacon")).toEqual({ root: "ee".repeat(32), size: 1 });
  });
});

describe("enrol of a founder", () => {
  it("asks for the token at once when the answer brings none", async () => {
    const { device } = await deviceKey(store);
    server.routes.set("POST /enrolments", { status: 202, body: { status: "enrolled", ticket: "T" } });
    server.routes.set(`GET /enrolments/${device}`, { status: 200, body: { status: "enrolled", token: "K" } });
    expect(await enrol(store, api, clock, CODE, WEN, "phone")).toMatchObject({ status: "enrolled", token: "K" });
  });
});

describe("askAgain", () => {
  it("turns a pending device into an enrolled one", async () => {
    const session = await enrol(store, api, clock, CODE, WEN, "phone");
    const { device } = await deviceKey(store);
    server.routes.set(`GET /enrolments/${device}`, { status: 200, body: { status: "pending" } });
    expect((await askAgain(store, api, session)).status).toBe("pending");
    server.routes.set(`GET /enrolments/${device}`, { status: 200, body: { status: "enrolled", token: "K" } });
    expect(await askAgain(store, api, session)).toMatchObject({ status: "enrolled", token: "K" });
    expect(await single(store, "session")).toMatchObject({ status: "enrolled", token: "K" });
  });

  it("says that it was refused", async () => {
    const session = await enrol(store, api, clock, CODE, WEN, "phone");
    const { device } = await deviceKey(store);
    server.routes.set(`GET /enrolments/${device}`, { status: 200, body: { status: "refused" } });
    expect((await askAgain(store, api, session)).status).toBe("refused");
  });

  it("changes nothing while nobody answers", async () => {
    const session = await enrol(store, api, clock, CODE, WEN, "phone");
    server.down = true;
    expect(await askAgain(store, api, session)).toEqual(session);
  });
});

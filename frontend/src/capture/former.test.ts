// @vitest-environment node
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pageClock } from "../lib/clock";
import { newRef } from "../lib/encoding";
import { FakeServer } from "../lib/fake-server";
import { openStore, type Store, setSingle } from "../lib/idb-store";
import { deviceKey } from "../lib/keys";
import { record } from "../lib/outbox";
import { Former } from "./former";

const real = globalThis.fetch;
let server: FakeServer;
let store: Store;

beforeEach(async () => {
  server = new FakeServer();
  globalThis.fetch = server.fetch;
  store = await openStore(`phone-${newRef()}x`);
  const key = await deviceKey(store);
  await server.enrol(key.device, key.spki);
  const person = { tenant: "harbour", tenant_name: "Harbour", member: newRef(), name: "Wen", roles: [] };
  await setSingle(store, "session", { status: "revoked", token: "T", ...person });
  await record(store, key, pageClock(), { type: "run.stopped", run: newRef(), data: {} }, { heads: [], rseq: 0 });
});

afterEach(() => {
  globalThis.fetch = real;
});

async function send(): Promise<number[]> {
  const left: number[] = [];
  await new Former([store], "/api/v1", Date.now, (n) => left.push(n)).send();
  return left;
}

describe("what a key before this one has signed", () => {
  it("is sent to the end", async () => {
    expect(await send()).toEqual([0]);
    expect(server.log.map(({ payload }) => payload.type)).toEqual(["run.stopped"]);
  });

  it("is counted while nobody answers", async () => {
    server.down = true;
    expect(await send()).toEqual([1]);
  });
});

// @vitest-environment node
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { type Api, connect } from "./api";
import { newRef } from "./encoding";
import { FakeServer } from "./fake-server";
import { type Outgoing, openStore, type Shot, type Store, single } from "./idb-store";
import { behind, forgetOld, pullBeacon, pullCompany, pullRun, pullRuns, versionDocument } from "./pull";

const RUN = "aa".repeat(16);
const VERSION = "ab".repeat(32);
const NOW = Date.parse("2026-03-01T08:00:00.000Z");

let store: Store;
let server: FakeServer;
let api: Api;

const row = (change: object = {}) => ({
  run: RUN,
  template: "belt",
  version: VERSION,
  title: { en: "Belt" },
  equipment: "C3",
  status: "open",
  outcome: "",
  stopped: false,
  opened_at: "2026-03-01T07:00:00Z",
  my_turn: true,
  events: 2,
  ...change,
});
const list = (...rows: object[]) => server.routes.set("GET /runs?mine=true", { status: 200, body: { runs: rows } });
const event = (index: number) => ({
  hash: String(index).repeat(64),
  index,
  payload: {},
  received_at: "",
  standing: "",
  codes: [],
});
const events = (after: number, ...found: object[]) =>
  server.routes.set(`GET /runs/${RUN}?after=${after}`, {
    status: 200,
    body: { template: "belt", version: VERSION, events: found },
  });

beforeEach(async () => {
  store = await openStore(`phone-${newRef()}`);
  server = new FakeServer();
  api = connect({ base: "/api/v1", language: () => "en", fetch: server.fetch });
  server.routes.set(`GET /templates/${VERSION}`, { status: 200, body: { v: 1 } });
});

describe("pullRuns", () => {
  it("says what is new, what is not, and when nobody answers", async () => {
    list(row());
    expect(await pullRuns(store, api, NOW)).toBe("new");
    expect(await pullRuns(store, api, NOW)).toBe("same");
    list(row({ events: 3 }));
    expect(await pullRuns(store, api, NOW)).toBe("new");
    server.down = true;
    expect(await pullRuns(store, api, NOW)).toBe("silent");
  });

  it("leaves old ended jobs where they are", async () => {
    list(row({ status: "ended", opened_at: "2026-02-01T07:00:00Z" }));
    expect(await pullRuns(store, api, NOW)).toBe("same");
    expect(await store.count("runs")).toBe(0);
  });
});

describe("pullRun", () => {
  it("appends what follows, and fetches the version once", async () => {
    list(row());
    await pullRuns(store, api, NOW);
    expect((await behind(store)).map((run) => run.run)).toEqual([RUN]);
    events(0, event(1), event(2));
    events(2);
    expect(await pullRun(store, api, RUN)).toBe(true);
    expect(await pullRun(store, api, RUN)).toBe(false);
    expect(await behind(store)).toEqual([]);
    expect((await store.get("runs", RUN))?.events.map((one) => one.index)).toEqual([1, 2]);
    expect(server.requests.filter((request) => request.includes("/templates/"))).toHaveLength(1);
  });

  it("appends once when two pages ask", async () => {
    list(row());
    await pullRuns(store, api, NOW);
    events(0, event(1));
    await Promise.all([pullRun(store, api, RUN), pullRun(store, api, RUN)]);
    expect((await store.get("runs", RUN))?.events).toHaveLength(1);
  });
});

describe("pullCompany", () => {
  it("keeps people, equipment and templates for later without a network", async () => {
    server.routes.set("GET /directory", { status: 200, body: { people: [], equipment: [] } });
    server.routes.set("GET /templates", {
      status: 200,
      body: { templates: [{ template: "belt", version: VERSION, title: {} }] },
    });
    expect(await pullCompany(store, api)).toBe(true);
    server.down = true;
    expect(await pullCompany(store, api)).toBe(false);
    expect(await single(store, "templates")).toHaveLength(1);
    expect(await versionDocument(store, api, VERSION)).toEqual({ v: 1 });
  });
});

describe("pullBeacon", () => {
  it("never goes back", async () => {
    const head = (size: number) =>
      server.routes.set("GET /checkpoint", { status: 200, body: { root: "ee".repeat(32), size } });
    head(9);
    await pullBeacon(store, api);
    head(5);
    await pullBeacon(store, api);
    expect((await single(store, "beacon"))?.size).toBe(9);
  });
});

describe("forgetOld", () => {
  const item = (state: Outgoing["state"]) =>
    ({
      dseq: 1,
      hash: "",
      payload: { run: RUN },
      envelope: "",
      openings: [],
      state,
      tries: 0,
      next_at: 0,
    }) as unknown as Outgoing;
  const shot = (here: boolean) => ({ commitment: "c", sha256: "s", run: RUN, here }) as unknown as Shot;

  async function ended(): Promise<void> {
    list(row({ status: "ended" }));
    await pullRuns(store, api, NOW);
    await store.put("outbox", item("accepted"));
    await store.put("shots", shot(false));
  }

  it("forgets what ended and was delivered", async () => {
    await ended();
    expect(await forgetOld(store, "2026-03-01T00:00:00.000Z")).toBe(0);
    expect(await forgetOld(store, "2026-03-02T00:00:00.000Z")).toBe(1);
    expect([await store.count("runs"), await store.count("outbox"), await store.count("shots")]).toEqual([0, 0, 0]);
  });

  it("keeps what the server has not got", async () => {
    await ended();
    await store.put("outbox", item("refused"));
    expect(await forgetOld(store, "2026-03-02T00:00:00.000Z")).toBe(0);
    await store.put("outbox", item("accepted"));
    await store.put("shots", shot(true));
    expect(await forgetOld(store, "2026-03-02T00:00:00.000Z")).toBe(0);
    expect(await store.count("outbox")).toBe(1);
  });
});

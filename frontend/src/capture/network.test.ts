import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "../lib/api";
import { newRef } from "../lib/encoding";
import { FakeServer } from "../lib/fake-server";
import { openStore, setSingle, single } from "../lib/idb-store";
import { deviceKey } from "../lib/keys";
import { record } from "../lib/outbox";
import { SteadyClock } from "../lib/steady";
import { App } from "./app";
import { Network, startAnew } from "./network";

const RUN = "aa".repeat(16);
const WEN = { tenant: "harbour", tenant_name: "Harbour", member: newRef(), name: "Wen", roles: [] };

let server: FakeServer;
let app: App;
let position: string;

const sent = () => server.log.map(({ payload }) => payload.dseq);
const stop = () => record(app.store, app.key, app.clock, { type: "run.stopped", run: RUN, data: {} });
/** What the server holds of this device, as it says itself. */
const holds = (dseq: number) => server.routes.set(`GET ${position}`, { status: 200, body: { dseq, payload: "" } });

async function started(): Promise<void> {
  const store = await openStore(`phone-${newRef()}`);
  const key = await deviceKey(store);
  await server.enrol(key.device, key.spki);
  await setSingle(store, "session", { status: "enrolled", token: "T", ...WEN });
  const api = connect({ base: "/api/v1", language: () => "en", fetch: server.fetch });
  app = new App(store, key, new SteadyClock(undefined), api, "en", () => undefined);
  position = `/devices/${key.device}/position`;
  server.routes.set("GET /runs?mine=true", { status: 200, body: { runs: [] } });
  holds(0);
  await stop();
  await stop();
  await app.refresh();
  new Network(app).start();
  await vi.waitFor(() => expect(sent()).toEqual([1, 2]));
  await vi.waitFor(() => expect(app.state.counts).toMatchObject({ waiting: 0 }));
}

beforeEach(async () => {
  server = new FakeServer();
  await started();
});

afterEach(() => {
  // Nothing of this page goes on behind the test.
  server.down = true;
});

describe("a phone that wakes", () => {
  it("asks where the server stands before it sends anything new", async () => {
    server.log.splice(1);
    holds(1);
    await stop();
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(sent()).toContain(3));
    expect(sent()).toEqual([1, 2, 3]);
  });

  it("asks so too when the network comes back, and sends nothing while it is not told", async () => {
    server.log.splice(1);
    server.routes.set(`GET ${position}`, { status: 503 });
    await stop();
    dispatchEvent(new Event("online"));
    await vi.waitFor(() => expect(app.state.network).toBe("silent"));
    expect(sent()).toEqual([1]);
    holds(1);
    dispatchEvent(new Event("online"));
    await vi.waitFor(() => expect(sent()).toContain(3));
    expect(sent()).toEqual([1, 2, 3]);
  });
});

describe("startAnew", () => {
  const CODE = "abcdefghijklmnopqrstuvwxyz012345";

  it("leaves all as it is, and says why, where the server does not know the code or nobody answers", async () => {
    const body = { code: "code_unknown", message: "The code is not known." };
    server.routes.set("POST /enrolments/begin", { status: 404, body });
    await startAnew(app, CODE);
    expect(app.state.enrolment).toMatchObject({ code: CODE, phase: "typing", offline: false });
    expect(app.state.enrolment.problem).toContain("The code is not known.");
    server.down = true;
    await startAnew(app, CODE);
    expect(app.state.enrolment).toMatchObject({ code: CODE, phase: "typing", offline: true });
    expect(await single(app.store, "successor")).toBeUndefined();
  });

  it("lets another store follow where the server knows whom the code is for", async () => {
    // The page is loaded again, which nothing here can do.
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    server.routes.set("POST /enrolments/begin", { status: 200, body: { ...WEN, may_enrol: false } });
    await startAnew(app, CODE);
    expect(await single(app.store, "successor")).toBe(`${app.store.name}-2`);
    expect(location.hash).toBe(`#enrol=${CODE}`);
  });
});

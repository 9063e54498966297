import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { FakeServer } from "../lib/fake-server";
import { openStore, setSingle, single } from "../lib/idb-store";
import { start } from "./main";

const CODE = "abcdefghijklmnopqrstuvwxyz012345";
const WEN = { tenant: "harbour", tenant_name: "Harbour", member: "11".repeat(16), name: "Wen", roles: [] };

const real = globalThis.fetch;

afterEach(() => {
  globalThis.fetch = real;
});

it("does not begin anew on a phone that was locked out because a link was opened: its person presses the button", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const server = new FakeServer();
  globalThis.fetch = server.fetch;
  server.routes.set("POST /enrolments/begin", { status: 200, body: { ...WEN, may_enrol: false } });
  const store = await openStore("tanghulu-phone");
  await setSingle(store, "session", { status: "revoked", ...WEN });
  location.hash = `#enrol=${CODE}`;
  const root = document.createElement("div");
  const app = await start(root);
  await vi.waitFor(() => expect(root.querySelector("input")?.value).toBe(CODE));
  expect(location.hash).toBe("#/jobs");
  expect(await single(store, "successor")).toBeUndefined();
  expect(server.requests).not.toContain("POST /enrolments/begin");
  const button = [...root.querySelectorAll("button")].find(({ textContent }) =>
    textContent?.includes(app.words.t("revoked_anew")),
  );
  button?.click();
  await vi.waitFor(async () => expect(await single(store, "successor")).toBe("tanghulu-phone-2"));
});

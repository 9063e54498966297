import "fake-indexeddb/auto";
import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newRef, toBase64, utf8 } from "../lib/encoding";
import { FakeServer } from "../lib/fake-server";
import { type Office, officeSigner } from "../lib/sign";
import EnrolController from "./enrol_controller";

const real = globalThis.fetch;
const DEVICE = "12".repeat(32);

let server: FakeServer;
let office: Office;
let application: Application;

beforeEach(async () => {
  server = new FakeServer();
  globalThis.fetch = server.fetch;
  const member = newRef();
  const who = {
    tenant: "harbour",
    tenant_name: "海湾",
    member,
    name: "Chen",
    may_enrol: true,
    roles: ["safety_officer"],
  };
  server.routes.set("GET /me", { status: 200, body: { tenant: "harbour", member: { ref: member } } });
  server.routes.set("POST /enrolments/codes", { status: 201, body: { code: "c".repeat(32) } });
  server.routes.set("POST /enrolments/begin", { status: 200, body: who });
  server.routes.set("POST /enrolments", { status: 202, body: { status: "enrolled", ticket: "T" } });
  server.routes.set(`POST /enrolments/${DEVICE}/countersign`, { status: 204 });
  server.routes.set(`POST /enrolments/${DEVICE}/refuse`, { status: 204 });
  office = await officeSigner({ form_token: "F", language: "en" });
  server.routes.set(`GET /enrolments/${office.key.device}`, { status: 200, body: { status: "enrolled", token: "K" } });
  document.documentElement.lang = "en";
  const params = `data-enrol-device-param="${DEVICE}" data-enrol-payload-param="${toBase64(utf8("{}"))}"`;
  document.body.innerHTML = `
    <div data-controller="enrol" data-enrol-agrees-value="Let in." data-enrol-refused-value="Turned away.">
      <ul><li data-enrol-target="row">
        <button id="yes" data-action="enrol#countersign" ${params}></button>
        <button id="no" data-action="enrol#refuse" data-enrol-device-param="${DEVICE}"></button>
        <span data-enrol-target="note"></span></li></ul>
      <button id="browser" data-action="enrol#browser" data-enrol-target="browser"></button>
      <span data-enrol-target="state"></span>
    </div>`;
  application = Application.start();
  application.register("enrol", EnrolController);
  await expect.poll(state).toBe("Not enrolled yet.");
});

afterEach(() => {
  application.stop();
  globalThis.fetch = real;
});

const words = (target: string) => document.querySelector(`[data-enrol-target='${target}']`)?.textContent ?? "";
const state = () => words("state");
const click = (id: string) => document.getElementById(id)?.click();

describe("EnrolController", () => {
  it("enrols this browser, then lets a phone in with its signature", async () => {
    click("browser");
    await expect.poll(state).toBe("This browser may sign.");
    expect(document.getElementById("browser")?.hidden).toBe(true);
    click("yes");
    await expect.poll(() => words("note")).toBe("Let in.");
    expect(server.requests).toContain(`POST /enrolments/${DEVICE}/countersign`);
  });

  it("does not vouch before it is enrolled itself", async () => {
    click("yes");
    await expect.poll(() => words("note")).toBe("First enrol this browser on the Devices page, then sign.");
    expect(server.requests).not.toContain(`POST /enrolments/${DEVICE}/countersign`);
    expect((document.getElementById("yes") as HTMLButtonElement).disabled).toBe(false);
  });

  it("turns a phone away", async () => {
    click("no");
    await expect.poll(() => words("note")).toBe("Turned away.");
  });

  it("says the server's reason", async () => {
    server.routes.set("POST /enrolments/codes", {
      status: 403,
      body: { code: "permission_missing", message: "You may not." },
    });
    click("browser");
    await expect.poll(state).toBe("You may not.");
  });
});

// @vitest-environment jsdom
import "fake-indexeddb/auto";
import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromBase64, fromUtf8, newRef } from "../lib/encoding";
import { FakeServer } from "../lib/fake-server";
import { setSingle, single } from "../lib/idb-store";
import { type Office, officeSigner } from "../lib/sign";
import RevokeController from "./revoke_controller";

const LOST = "11".repeat(32);
const SAW = "ee".repeat(32);
const DOOR = `/devices/${LOST}/revoke`;
const real = globalThis.fetch;

let server: FakeServer;
let office: Office;
let application: Application;

beforeEach(async () => {
  server = new FakeServer();
  globalThis.fetch = server.fetch;
  const member = newRef();
  server.routes.set("GET /me", { status: 200, body: { tenant: "harbour", member: { ref: member } } });
  office = await officeSigner({ form_token: "F", language: "en" });
  const person = { tenant: "harbour", tenant_name: "Harbour", member, name: "Chen", roles: [] };
  await setSingle(office.store, "session", { status: "enrolled", ...person });
  document.documentElement.lang = "en";
  document.body.innerHTML = `
    <form data-controller="revoke" data-action="revoke#send" data-revoke-device-value="${LOST}" data-revoke-saw-value="${SAW}">
      <input type="radio" name="why" value="lost" required data-revoke-target="why">
      <textarea data-revoke-target="reason">on the train</textarea>
      <button data-revoke-target="button">Lock</button><span data-revoke-target="note"></span>
    </form>`;
  application = Application.start();
  application.register("revoke", RevokeController);
  await new Promise((done) => setTimeout(done));
});

afterEach(() => {
  application.stop();
  globalThis.fetch = real;
});

const note = () => document.querySelector("span")?.textContent;

async function send(): Promise<RevokeController> {
  const form = document.querySelector("form") as HTMLFormElement;
  const controller = application.getControllerForElementAndIdentifier(form, "revoke") as RevokeController;
  controller.done = () => undefined;
  const radio = document.querySelector("input") as HTMLInputElement;
  radio.checked = true;
  await controller.send(new Event("submit"));
  return controller;
}

interface Sent {
  payload: { [key: string]: unknown };
  openings: { value: unknown }[];
}

/** Answers what comes to the door as a server that takes it, and remembers it. */
function taking(): Sent[] {
  const sent: Sent[] = [];
  server.interrupt = (method, path, body) => {
    if (method !== "POST" || path !== DOOR) return undefined;
    const { envelope, openings } = JSON.parse(fromUtf8(body) ?? "") as {
      envelope: { payload: string };
      openings: { value: unknown }[];
    };
    const payload = fromUtf8(fromBase64(envelope.payload) ?? new Uint8Array()) ?? "";
    sent.push({ payload: JSON.parse(payload), openings });
    return { status: 201, body: { admission: { payload: "yes" } } };
  };
  return sent;
}

describe("locking a device out", () => {
  it("signs who, why and in sight of what, and keeps what it signed", async () => {
    const sent = taking();
    await send();
    const { payload, openings } = sent[0] as Sent;
    expect(payload).toMatchObject({ type: "device.revoked", data: { device: LOST, why: "lost", saw: [SAW] } });
    expect(payload.run).toBeUndefined();
    expect(openings.map(({ value }) => value)).toEqual(["on the train"]);
    expect(note()).toBe("Signed.");
    expect(await single(office.store, "counter")).toMatchObject({ dseq: payload.dseq });
    expect((await office.store.get("outbox", Number(payload.dseq)))?.state).toBe("accepted");
  });

  it("uses no number for what the server did not take", async () => {
    const before = await single(office.store, "counter");
    const message = "The key of this device has been revoked already.";
    server.routes.set(`POST ${DOOR}`, { status: 409, body: { code: "device_already_revoked", message } });
    await send();
    expect(note()).toBe(message);
    expect(await single(office.store, "counter")).toEqual(before);
    expect(document.querySelector("button")?.disabled).toBe(false);
  });
});

import "fake-indexeddb/auto";
import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newRef } from "../lib/encoding";
import { FakeServer } from "../lib/fake-server";
import { setSingle } from "../lib/idb-store";
import { type Office, officeSigner } from "../lib/sign";
import ReviewController from "./review_controller";

const RUN = "aa".repeat(16);
const SAW = ["ee".repeat(32), "cc".repeat(32)];
const real = globalThis.fetch;

let server: FakeServer;
let office: Office;
let application: Application;

beforeEach(async () => {
  server = new FakeServer();
  globalThis.fetch = server.fetch;
  const member = newRef();
  server.routes.set("GET /me", { status: 200, body: { tenant: "harbour", member: { ref: member } } });
  server.routes.set(`GET /runs/${RUN}`, { status: 200, body: { heads: ["dd".repeat(32)], events: [] } });
  office = await officeSigner({ form_token: "F", language: "en" });
  document.documentElement.lang = "en";
  document.body.innerHTML = `
    <form data-controller="review" data-action="review#send" data-review-run-value="${RUN}"
          data-review-step-value="after/signature" data-review-activation-value="1"
          data-review-reason-value="unless_ok" data-review-saw-value='${JSON.stringify(SAW)}'>
      <input type="radio" name="verdict" value="ok" required data-review-target="verdict">
      <input type="radio" name="verdict" value="back" required data-review-target="verdict">
      <div data-review-target="back"><select data-review-target="to"><option value="after/patrol">Patrol</option></select></div>
      <textarea data-review-target="reason"></textarea>
      <button data-review-target="button">Sign</button><span data-review-target="note"></span>
    </form>`;
  application = Application.start();
  application.register("review", ReviewController);
  await Promise.resolve();
});

afterEach(() => {
  application.stop();
  globalThis.fetch = real;
});

async function enrolled(): Promise<void> {
  await server.enrol(office.key.device, office.key.spki);
  await setSingle(office.store, "session", {
    status: "enrolled",
    tenant: "harbour",
    tenant_name: "海湾",
    member: office.member,
    name: "Chen",
    roles: [],
  });
  await setSingle(office.store, "counter", { dseq: 1, prev_device: "ab".repeat(32) });
}

const find = <T extends Element>(selector: string) => document.querySelector<T>(selector) as T;
const note = () => find("[data-review-target='note']").textContent ?? "";

function choose(verdict: string): void {
  const radio = find<HTMLInputElement>(`[value='${verdict}']`);
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

async function send(): Promise<void> {
  find<HTMLFormElement>("form").requestSubmit();
  await expect.poll(note, { timeout: 4000 }).not.toMatch(/^$|Signing/);
}

describe("ReviewController", () => {
  it("signs the decision over what was on the page", async () => {
    await enrolled();
    find<HTMLFormElement>("form").dataset.reviewLookedValue = JSON.stringify({ [SAW[0] as string]: 4 });
    choose("ok");
    await send();
    expect(note()).toBe("Signed.");
    expect(server.log[0]?.payload).toMatchObject({
      type: "decision.made",
      step: "after/signature",
      activation: 1,
      data: { verdict: "ok", saw: [...SAW].sort(), looked: { [SAW[0] as string]: 4 } },
    });
    expect(find<HTMLButtonElement>("button").disabled).toBe(true);
  });

  it("asks where to and why of who sends back", async () => {
    expect(find<HTMLElement>("[data-review-target='back']").hidden).toBe(true);
    choose("back");
    expect(find<HTMLElement>("[data-review-target='back']").hidden).toBe(false);
    expect(find<HTMLTextAreaElement>("textarea").required).toBe(true);
    await enrolled();
    find<HTMLTextAreaElement>("textarea").value = "blurred";
    await send();
    expect(server.log[0]?.payload.data).toMatchObject({ verdict: "back", to: "after/patrol" });
    expect(Object.keys(server.log[0]?.payload.commitments ?? {})).toEqual(["reason"]);
  });

  it("says that the browser must be enrolled first", async () => {
    choose("ok");
    await send();
    expect(note()).toBe("First enrol this browser on the Devices page, then sign.");
    expect(find<HTMLButtonElement>("button").disabled).toBe(false);
  });
});

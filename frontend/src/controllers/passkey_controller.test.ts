import { Application } from "@hotwired/stimulus";
import { afterEach, describe, expect, it, vi } from "vitest";
import PasskeyController from "./passkey_controller";

const PAGE = `<form action="/sign-in/passkey/" data-controller="passkey" data-passkey-failed-value="That did not work.">
  <input type="hidden" name="credential" data-passkey-target="credential">
  <script id="passkey-options" type="application/json">{"publicKey": {"challenge": "AQ"}}</script>
  <button type="button" data-action="passkey#get">Use</button>
  <p hidden data-passkey-target="trouble"></p>
</form>`;

describe("PasskeyController", () => {
  let application: Application;

  afterEach(() => {
    application.stop();
    vi.unstubAllGlobals();
    document.body.innerHTML = "";
  });

  async function pressed(get: () => Promise<Credential | null>): Promise<{ form: HTMLFormElement; sent: unknown }> {
    vi.stubGlobal("navigator", { credentials: { get } });
    document.body.innerHTML = PAGE;
    const form = document.querySelector("form") as HTMLFormElement;
    const sent = vi.fn();
    form.submit = sent;
    application = Application.start();
    application.register("passkey", PasskeyController);
    await vi.waitFor(() => expect(application.controllers.length).toBe(1));
    document.querySelector("button")?.click();
    const trouble = document.querySelector("p") as HTMLElement;
    await vi.waitFor(() => expect(sent.mock.calls.length === 1 || !trouble.hidden).toBe(true));
    return { form, sent };
  }

  it("sends what the authenticator signed", async () => {
    const bytes = new Uint8Array([1]).buffer;
    const response = { clientDataJSON: bytes, authenticatorData: bytes, signature: bytes, userHandle: bytes };
    const credential = { id: "x", rawId: bytes, type: "public-key", response, getClientExtensionResults: () => ({}) };
    const { form, sent } = await pressed(async () => credential as never);
    expect(sent).toHaveBeenCalledOnce();
    const value = form.querySelector<HTMLInputElement>("input[name=credential]")?.value ?? "";
    expect(JSON.parse(value).response.signature).toBe("AQ");
  });

  it("says so when nothing comes of it", async () => {
    const { form, sent } = await pressed(() => Promise.reject(new DOMException("no", "NotAllowedError")));
    expect(sent).not.toHaveBeenCalled();
    expect(form.querySelector("p")?.textContent).toBe("That did not work.");
  });
});

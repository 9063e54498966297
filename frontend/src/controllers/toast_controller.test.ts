import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import ToastController from "./toast_controller";

describe("ToastController", () => {
  let application: Application;

  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    application.stop();
    vi.useRealTimers();
    document.body.innerHTML = "";
  });

  async function shown(classes: string): Promise<HTMLElement> {
    document.body.innerHTML = `<p class="${classes}" data-controller="toast" data-action="click->toast#close">Saved.</p>`;
    application = Application.start();
    application.register("toast", ToastController);
    await vi.advanceTimersByTimeAsync(0);
    return document.querySelector("p") as HTMLElement;
  }

  it("goes by itself", async () => {
    const note = await shown("toast");
    await vi.advanceTimersByTimeAsync(5900);
    expect(note.isConnected).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(note.isConnected).toBe(false);
  });

  it("stays when it reports a failure", async () => {
    const note = await shown("toast toast-alarm");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(note.isConnected).toBe(true);
  });

  it("goes at a click", async () => {
    const note = await shown("toast toast-alarm");
    note.click();
    expect(note.isConnected).toBe(false);
  });
});

import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import AwakeController from "./awake_controller";

describe("a screen that stays on", () => {
  let application: Application;
  const release = vi.fn(async () => undefined);
  const request = vi.fn();

  beforeEach(async () => {
    request.mockReset().mockResolvedValue({ release });
    Object.defineProperty(navigator, "wakeLock", { value: { request }, configurable: true });
    document.body.innerHTML = `<main data-controller="awake"></main>`;
    application = Application.start();
    application.register("awake", AwakeController);
    await Promise.resolve();
  });

  afterEach(async () => {
    document.body.innerHTML = "";
    await Promise.resolve();
    application.stop();
  });

  it("asks for it once it is seen, and again whenever it is seen anew", async () => {
    await expect.poll(() => request.mock.calls.length).toBeGreaterThan(0);
    expect(request).toHaveBeenCalledWith("screen");
    const before = request.mock.calls.length;
    document.dispatchEvent(new Event("visibilitychange"));
    await expect.poll(() => request.mock.calls.length).toBeGreaterThan(before);
  });

  it("gives it back when the page goes", async () => {
    await expect.poll(() => request.mock.calls.length).toBeGreaterThan(0);
    document.querySelector("main")?.remove();
    await expect.poll(() => release.mock.calls.length).toBeGreaterThan(0);
  });

  it("goes without it where the browser refuses", async () => {
    request.mockRejectedValue(new Error("refused"));
    const before = request.mock.calls.length;
    document.dispatchEvent(new Event("visibilitychange"));
    await expect.poll(() => request.mock.calls.length).toBeGreaterThan(before);
  });
});

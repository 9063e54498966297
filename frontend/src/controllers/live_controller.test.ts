import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import LiveController from "./live_controller";

const PAGE = `
  <div data-controller="live" data-live-etag-value="abc">
    <a href="#x">x</a>
    <p data-live-target="lost" hidden></p>
    <time data-live-target="clock" data-zone="Asia/Shanghai">00:00:00</time>
  </div>`;

describe("a live part of a page", () => {
  let application: Application;
  let part: HTMLElement;
  let ticks: number;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"], now: Date.UTC(2026, 2, 2, 6, 32, 8) });
    document.body.innerHTML = PAGE;
    part = document.body.firstElementChild as HTMLElement;
    ticks = 0;
    part.addEventListener("live:tick", () => {
      ticks += 1;
    });
    application = Application.start();
    application.register("live", LiveController);
    await Promise.resolve();
  });

  afterEach(() => {
    application.stop();
    vi.useRealTimers();
  });

  const lost = () => (part.querySelector("p") as HTMLElement).hidden === false;
  const answer = (status: number) =>
    part.dispatchEvent(new CustomEvent("htmx:afterRequest", { detail: { elt: part, xhr: { status } } }));

  it("asks every three seconds", () => {
    vi.advanceTimersByTime(9000);
    expect(ticks).toBe(3);
  });

  it("waits while somebody writes inside it", () => {
    const paper = document.createElement("textarea");
    part.append(paper);
    paper.focus();
    vi.advanceTimersByTime(9000);
    expect(ticks).toBe(0);
    paper.blur();
    vi.advanceTimersByTime(3000);
    expect(ticks).toBe(1);
  });

  it("asks no more once it is gone", async () => {
    part.remove();
    await Promise.resolve();
    vi.advanceTimersByTime(9000);
    expect(ticks).toBe(0);
  });

  it("asks only for what is newer than its ETag", () => {
    const headers: Record<string, string> = {};
    part.dispatchEvent(new CustomEvent("htmx:configRequest", { detail: { elt: part, headers } }));
    expect(headers).toEqual({ "If-None-Match": '"abc"' });
  });

  it("lets a link inside it ask for everything", () => {
    const headers: Record<string, string> = {};
    const link = part.querySelector("a") as HTMLElement;
    link.dispatchEvent(new CustomEvent("htmx:configRequest", { detail: { elt: link, headers }, bubbles: true }));
    expect(headers).toEqual({});
  });

  it("tells the time of the last answer, also of one without news", () => {
    answer(500);
    expect(part.querySelector("time")?.textContent).toBe("00:00:00");
    answer(304);
    expect(part.querySelector("time")?.textContent).toBe("14:32:08");
  });

  it("says that the connection is lost, and takes it back", () => {
    answer(0);
    expect(lost()).toBe(true);
    expect(part.classList.contains("is-lost")).toBe(true);
    answer(304);
    expect(lost()).toBe(false);
    expect(part.classList.contains("is-lost")).toBe(false);
  });
});

import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import WallController from "./wall_controller";

const JOBS = 5;
const ROOM = 2;
const PAGE = `
  <main data-controller="wall">
    <time data-wall-target="clock" data-zone="Asia/Shanghai"></time>
    <p data-wall-target="lost" hidden><b data-wall-target="since"></b></p>
    <ul data-wall-target="grid">${"<li></li>".repeat(JOBS)}</ul>
    <span data-wall-target="pages"></span>
  </main>`;

describe("a wall screen", () => {
  let application: Application;
  let wall: HTMLElement;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"], now: Date.UTC(2026, 2, 2, 4, 4, 0) });
    document.body.innerHTML = PAGE;
    wall = document.body.firstElementChild as HTMLElement;
    // The grid has room for two jobs of a height of one.
    const grid = wall.querySelector("ul") as HTMLElement;
    grid.getBoundingClientRect = () => ({ bottom: ROOM * 10 }) as DOMRect;
    [...grid.children].forEach((job, index) => {
      job.getBoundingClientRect = () => ({ bottom: (index + 1) * 10 }) as DOMRect;
    });
    application = Application.start();
    application.register("wall", WallController);
    await Promise.resolve();
  });

  afterEach(() => {
    application.stop();
    vi.useRealTimers();
  });

  const text = (selector: string) => wall.querySelector(selector)?.textContent;
  const shown = () => [...wall.querySelectorAll("li")].flatMap((job, index) => (job.hidden ? [] : [index]));
  const lost = () => !(wall.querySelector("p") as HTMLElement).hidden;
  const answer = (status: number) =>
    wall.dispatchEvent(new CustomEvent("htmx:afterRequest", { detail: { xhr: { status } } }));

  it("tells the time of the company", () => {
    expect(text("time")).toBe("12:04");
    vi.advanceTimersByTime(60_000);
    expect(text("time")).toBe("12:05");
  });

  it("turns its jobs over page by page and begins again", () => {
    expect([shown(), text("span")]).toEqual([[0, 1], "1 / 3"]);
    vi.advanceTimersByTime(12_000);
    expect(shown()).toEqual([2, 3]);
    vi.advanceTimersByTime(12_000);
    expect([shown(), text("span")]).toEqual([[4], "3 / 3"]);
    vi.advanceTimersByTime(12_000);
    expect(shown()).toEqual([0, 1]);
  });

  it("stays on its page when the living part is replaced", () => {
    vi.advanceTimersByTime(12_000);
    for (const job of wall.querySelectorAll("li")) job.hidden = false;
    wall.dispatchEvent(new CustomEvent("htmx:afterSwap"));
    expect(shown()).toEqual([2, 3]);
  });

  it("says since when the server is silent, whether it refuses or says nothing", () => {
    vi.advanceTimersByTime(14_000);
    answer(502);
    expect(lost()).toBe(false);
    vi.advanceTimersByTime(2000);
    expect([lost(), text("b"), wall.classList.contains("is-lost")]).toEqual([true, "12:04", true]);
    answer(304);
    expect([lost(), wall.classList.contains("is-lost")]).toEqual([false, false]);
  });
});

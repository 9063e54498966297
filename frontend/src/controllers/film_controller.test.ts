import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import FilmController from "./film_controller";

const MARKS = [
  { x: 0, wait: 60000, part: 0 },
  { x: 100, wait: 120000, part: 0 },
  { x: 400, wait: 1000, part: 1 },
  { x: 600, wait: 1000, part: 1 },
  { x: 1000, wait: 0, part: 2 },
];

const PAGE = `
  <div data-controller="film" data-film-number-value="1" data-action="keydown@window->film#key click->film#follow">
    <svg>${MARKS.map(
      ({ x, wait, part }, index) =>
        `<a id="mark-${index + 1}" data-film-target="mark" href="?event=${index + 1}" data-x="${x}" data-wait="${wait}" data-part="${part}" data-said="event ${index + 1}" data-time="12:0${index}"></a>`,
    ).join("")}<line data-film-target="cursor" visibility="hidden" /></svg>
    <input type="range" min="0" max="1000" hidden data-film-target="scrubber" data-action="input->film#scrub">
    <strong data-film-target="time"></strong><span data-film-target="said"></span>
    <a data-film-target="bare" href="?event=2">..</a>
    <span hidden data-film-target="steer">
      <button data-action="film#toggle" data-film-target="play"><span data-film-target="start">Play</span><span data-film-target="halt" hidden>Pause</span></button>
      <select data-film-target="speed"><option value="0"></option><option value="60" selected></option></select>
    </span>
    <details data-film-target="keys"></details>
    <p hidden data-film-target="lost"></p>
    <div data-film-target="moment">first</div>
    <textarea></textarea>
  </div>`;

const find = <Found extends Element>(selector: string) => document.querySelector(selector) as Found;
const said = () => find("[data-film-target=said]").textContent;
const moment = () => find<HTMLElement>("[data-film-target=moment]");
const press = (key: string, more: KeyboardEventInit = {}, on: EventTarget = document.body) =>
  on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

describe("the replay", () => {
  let application: Application;
  let server: (address: string) => Promise<Response>;

  beforeEach(async () => {
    document.body.innerHTML = PAGE;
    document.documentElement.dir = "ltr";
    window.history.replaceState(null, "", "/jobs/1/replay/");
    server = async (address) => new Response(`of ${address}`);
    vi.stubGlobal("fetch", (address: string) => server(address));
    vi.useFakeTimers();
    application = Application.start();
    application.register("film", FilmController);
    await vi.advanceTimersByTimeAsync(0);
  });

  afterEach(() => {
    application.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    document.documentElement.dir = "";
    document.body.replaceWith(document.createElement("body"));
  });

  it("offers what only a script can do", () => {
    expect(find<HTMLElement>("[data-film-target=steer]").hidden).toBe(false);
    expect(find<HTMLElement>("[data-film-target=bare]").hidden).toBe(true);
    expect(said()).toBe("event 1");
  });

  it("goes on by an event, shows it, and stays in the address", async () => {
    press("ArrowRight");
    await vi.advanceTimersByTimeAsync(0);
    expect(moment().textContent).toBe("of /jobs/1/replay/?event=2");
    expect(window.location.search).toBe("?event=2");
    expect(find("line").getAttribute("x1")).toBe("10%");
  });

  it("goes by stages, to the first, and to the last", () => {
    press("ArrowRight", { shiftKey: true });
    expect(said()).toBe("event 3");
    press("ArrowRight");
    press("ArrowLeft", { shiftKey: true });
    expect(said()).toBe("event 3");
    press("ArrowLeft", { shiftKey: true });
    expect(said()).toBe("event 1");
    press("End");
    expect(said()).toBe("event 5");
    press("ArrowRight");
    expect(said()).toBe("event 5");
    press("Home");
    expect(said()).toBe("event 1");
  });

  it("changes sides where people read from right to left", () => {
    document.documentElement.dir = "rtl";
    press("ArrowLeft");
    expect(said()).toBe("event 2");
  });

  it("leaves keys to whoever writes", () => {
    press("ArrowRight", {}, find("textarea"));
    expect(said()).toBe("event 1");
  });

  it("snaps to the nearest event when it is scrubbed", () => {
    const scrubber = find<HTMLInputElement>("input");
    scrubber.value = "520";
    scrubber.dispatchEvent(new Event("input", { bubbles: true }));
    expect(said()).toBe("event 4");
  });

  it("follows a link to a moment without leaving the page", () => {
    const click = new MouseEvent("click", { bubbles: true, cancelable: true });
    find("#mark-3").dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    expect(said()).toBe("event 3");
  });

  it("shows what was asked for last, whatever comes first", async () => {
    const waiting: Array<() => void> = [];
    server = (address) => new Promise((answer) => waiting.push(() => answer(new Response(`of ${address}`))));
    press("ArrowRight");
    press("ArrowRight");
    waiting[1]?.();
    await vi.advanceTimersByTimeAsync(0);
    waiting[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(moment().textContent).toBe("of /jobs/1/replay/?event=3");
  });

  it("plays sixty times as fast as it was, and stops at the end", async () => {
    press(" ");
    await vi.advanceTimersByTimeAsync(990);
    expect(said()).toBe("event 1");
    await vi.advanceTimersByTimeAsync(20);
    expect(said()).toBe("event 2");
    await vi.advanceTimersByTimeAsync(10000);
    expect(said()).toBe("event 5");
    expect(find("button").getAttribute("aria-pressed")).toBe("false");
  });

  it("pauses when somebody steers", async () => {
    press(" ");
    press("ArrowRight");
    await vi.advanceTimersByTimeAsync(10000);
    expect(said()).toBe("event 2");
  });

  it("does not let an old moment pass for one that could not be loaded", async () => {
    server = async () => new Response("", { status: 502 });
    press("ArrowRight");
    await vi.advanceTimersByTimeAsync(0);
    expect(moment().hidden).toBe(true);
    expect(find<HTMLElement>("[data-film-target=lost]").hidden).toBe(false);
  });

  it("asks again for a moment that could not be loaded", async () => {
    server = async () => new Response("", { status: 502 });
    press("End");
    await vi.advanceTimersByTimeAsync(0);
    server = async (address) => new Response(`of ${address}`);
    press("End");
    await vi.advanceTimersByTimeAsync(0);
    expect(moment().hidden).toBe(false);
    expect(moment().textContent).toBe("of /jobs/1/replay/?event=5");
    expect(find<HTMLElement>("[data-film-target=lost]").hidden).toBe(true);
  });

  it("takes an answer without a page for none", async () => {
    server = async () => new Response(null, { status: 204 });
    press("ArrowRight");
    await vi.advanceTimersByTimeAsync(0);
    expect(moment().textContent).toBe("first");
    expect(moment().hidden).toBe(true);
  });

  it("goes where the server leads whoever is not signed in any more", async () => {
    server = async () => new Response(null, { status: 204, headers: { "HX-Redirect": "#sign-in" } });
    press("ArrowRight");
    await vi.advanceTimersByTimeAsync(0);
    expect(window.location.hash).toBe("#sign-in");
    expect(find<HTMLElement>("[data-film-target=lost]").hidden).toBe(true);
  });

  it("shows its keys when asked", () => {
    press("?", { shiftKey: true });
    expect(find<HTMLDetailsElement>("details").open).toBe(true);
  });
});

import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import InspectController from "./inspect_controller";

const hash = (digit: string) => digit.repeat(64);
const frame = (number: number, event: string, shows: string) => `
  <article data-inspect-target="frame" data-event="${event}" data-step="before/s${number}" data-title="Step ${number}" data-shows="${shows}">
    <span data-inspect-target="looked"></span>
    <a class="moment-photo" href="#" data-action="inspect#enlarge"><img alt=""></a>
    <div data-inspect-target="why"><input data-action="input->inspect#tell keydown->inspect#told"></div>
  </article>`;
const PAGE = `
  <div data-controller="inspect" data-action="keydown@window->inspect#key" data-inspect-rest-value='["${hash("9")}"]'>
    <div data-inspect-target="steer"><span data-inspect-target="place"></span>
      <button data-inspect-target="good"></button><button data-inspect-target="bad"></button></div>
    <ol data-inspect-target="dots">${[1, 2].map((n) => `<li><button data-inspect-target="dot" data-number="${n}" data-action="inspect#go"></button></li>`).join("")}</ol>
    ${frame(1, hash("1"), `${hash("1")} ${hash("2")}`)}
    ${frame(2, hash("3"), hash("3"))}
    <p data-inspect-target="sum"></p>
    <form data-inspect-target="form" data-review-saw-value="[]">
      <input type="radio" name="verdict" value="ok" disabled data-inspect-target="accept">
      <input type="radio" name="verdict" value="back" data-inspect-target="reject">
      <span data-inspect-target="missing"></span>
      <select data-inspect-target="to"><option value="before/other"></option><option value="before/s2"></option></select>
      <textarea data-inspect-target="reason"></textarea>
    </form>
    <p hidden data-inspect-target="onward"><a href="#next">..</a></p>
    <dialog data-inspect-target="keys"></dialog>
  </div>`;

describe("going through a job photo by photo", () => {
  let application: Application;

  beforeEach(async () => {
    vi.useFakeTimers();
    document.documentElement.lang = "en";
    document.body.innerHTML = PAGE;
    Element.prototype.scrollIntoView = () => {};
    HTMLDialogElement.prototype.showModal = function open() {
      this.open = true;
    };
    HTMLDialogElement.prototype.close = function close() {
      this.open = false;
    };
    for (const image of document.querySelectorAll("img")) come(image);
    application = Application.start();
    application.register("inspect", InspectController);
    await vi.advanceTimersByTimeAsync(0);
  });

  afterEach(() => {
    application.stop();
    vi.useRealTimers();
    document.body.replaceWith(document.createElement("body"));
  });

  function come(image: HTMLImageElement, width = 100): void {
    Object.defineProperty(image, "complete", { value: true, configurable: true });
    Object.defineProperty(image, "naturalWidth", { value: width, configurable: true });
  }
  const find = <T extends HTMLElement>(selector: string) => document.querySelector<T>(selector) as T;
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const press = (key: string, on: EventTarget = document.body, more: KeyboardEventInit = {}) =>
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  const wait = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);
  const shown = () => all("[data-inspect-target='frame']").findIndex((one) => !one.hidden) + 1;
  const marks = () => all("[data-inspect-target='dot']").map((dot) => dot.dataset.mark);
  const accept = () => find<HTMLInputElement>("[value='ok']");
  const value = (name: string) => JSON.parse(find("form").dataset[name] ?? "null");

  it("shows one picture at a time, by keys and by touch", () => {
    expect(shown()).toBe(1);
    press("ArrowRight");
    expect(shown()).toBe(2);
    press("ArrowRight");
    expect(shown()).toBe(2);
    press("Home");
    expect(shown()).toBe(1);
    find("[data-number='2']").click();
    expect(shown()).toBe(2);
  });

  it("marks nothing that was not on the screen for a second", async () => {
    press("g");
    await wait(0.5);
    press("g");
    expect(marks()).toEqual(["", ""]);
    await wait(0.5);
    press("g");
    expect(marks()).toEqual(["good", ""]);
    expect(shown()).toBe(2);
  });

  it("does not count a picture that has not come", async () => {
    come(find<HTMLImageElement>("img"), 0);
    await wait(9);
    press("g");
    expect(marks()).toEqual(["", ""]);
    expect(value("reviewSawValue")).toEqual([hash("9")]);
  });

  it("does not count a page in the background", async () => {
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await wait(9);
    press("g");
    expect(marks()).toEqual(["", ""]);
    vi.restoreAllMocks();
  });

  it("offers to accept only when all are good", async () => {
    await wait(1);
    press("g");
    expect(accept().disabled).toBe(true);
    await wait(1);
    press("g");
    expect(accept().disabled).toBe(false);
    accept().checked = true;
    press("n");
    expect(accept().disabled).toBe(true);
    expect(accept().checked).toBe(false);
  });

  it("does not mark one after the other while a key is held down", async () => {
    await wait(1);
    press("g", document.body, { repeat: true });
    expect(marks()).toEqual(["seen", ""]);
  });

  it("says what was on the screen, and for how long", async () => {
    await wait(3);
    expect(value("reviewSawValue")).toEqual([hash("1"), hash("2"), hash("9")]);
    expect(value("reviewLookedValue")).toEqual({ [hash("1")]: 3 });
    expect(find("[data-inspect-target='looked']").textContent).toBe("on screen for 3 s");
    expect(find("[data-inspect-target='sum']").textContent).toBe("0 good · 0 not good · 2 to go");
  });

  it("makes what is not good the reason, and where it goes back to", async () => {
    press("ArrowRight");
    await wait(1);
    press("n");
    const why = all("[data-inspect-target='why'] input")[1] as HTMLInputElement;
    expect(document.activeElement).toBe(why);
    why.value = "too dark";
    why.dispatchEvent(new Event("input", { bubbles: true }));
    expect(find<HTMLTextAreaElement>("textarea").value).toBe("Step 2: too dark");
    expect(find<HTMLSelectElement>("select").value).toBe("before/s2");
  });

  it("leaves a reason alone that somebody wrote", async () => {
    find<HTMLTextAreaElement>("textarea").value = "my own words";
    await wait(1);
    press("n");
    expect(find<HTMLTextAreaElement>("textarea").value).toBe("my own words");
  });

  it("finds the next one that is not marked", async () => {
    await wait(1);
    press("g");
    press("Home");
    press("u");
    expect(shown()).toBe(2);
  });

  it("enlarges, and explains its keys", () => {
    press("z");
    expect(find(".moment-photo").classList.contains("is-large")).toBe(true);
    press("?");
    expect(find<HTMLDialogElement>("dialog").open).toBe(true);
    press("ArrowRight");
    expect(shown()).toBe(1);
    press("?");
    expect(find<HTMLDialogElement>("dialog").open).toBe(false);
  });

  it("leaves letters to whoever writes", async () => {
    await wait(1);
    press("g", find("textarea"));
    expect(marks()).toEqual(["seen", ""]);
  });
});

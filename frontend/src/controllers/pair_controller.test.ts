import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import PairController from "./pair_controller";

const NAMES = ["previous", "following", "stageBefore", "stageAfter", "first", "last"];
const PAGE = `
  <div data-controller="pair" data-action="keydown@window->pair#key">
    ${NAMES.map((name) => `<a id="${name}" data-pair-target="${name}" href="#${name}">..</a>`).join("")}
    <textarea></textarea>
    <details data-pair-target="keys"><summary>..</summary></details>
  </div>`;

describe("the keys on two jobs", () => {
  let application: Application;
  let clicked: string[];

  beforeEach(async () => {
    document.body.innerHTML = PAGE;
    document.documentElement.dir = "ltr";
    clicked = [];
    document.body.addEventListener("click", (event) => {
      clicked.push((event.target as Element).id);
      event.preventDefault();
    });
    application = Application.start();
    application.register("pair", PairController);
    await Promise.resolve();
  });

  afterEach(() => {
    application.stop();
    document.documentElement.dir = "";
    document.body.replaceWith(document.createElement("body"));
  });

  const press = (key: string, on: EventTarget = document.body, more: KeyboardEventInit = {}) =>
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

  it("move both by a step", () => {
    press("ArrowLeft");
    press("ArrowRight");
    expect(clicked).toEqual(["previous", "following"]);
  });

  it("move both by a stage, and to both ends", () => {
    press("ArrowLeft", document.body, { shiftKey: true });
    press("ArrowRight", document.body, { shiftKey: true });
    press("Home");
    press("End");
    expect(clicked).toEqual(["stageBefore", "stageAfter", "first", "last"]);
  });

  it("change sides where people read from right to left", () => {
    document.documentElement.dir = "rtl";
    press("ArrowLeft");
    expect(clicked).toEqual(["following"]);
  });

  it("are left to whoever writes", () => {
    press("ArrowLeft", document.querySelector("textarea") as Element);
    press("ArrowRight", document.body, { ctrlKey: true });
    expect(clicked).toEqual([]);
  });

  it("show what they do", () => {
    press("?");
    expect(document.querySelector("details")?.open).toBe(true);
  });

  it("do nothing at the end", () => {
    document.querySelector("#following")?.remove();
    press("ArrowRight");
    expect(clicked).toEqual([]);
  });
});

import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import SkewerController from "./skewer_controller";

const PAGE = `
  <div data-controller="skewer">
    <a id="a" data-skewer-target="haw" href="#a">1</a>
    <a id="b" data-skewer-target="haw" href="#b" aria-current="step">2</a>
    <a id="c" data-skewer-target="haw" href="#c">3</a>
  </div>`;

describe("a skewer under the keyboard", () => {
  let application: Application;

  beforeEach(async () => {
    document.body.innerHTML = PAGE;
    application = Application.start();
    application.register("skewer", SkewerController);
    await Promise.resolve();
  });

  afterEach(() => {
    application.stop();
    document.documentElement.dir = "";
  });

  const haw = (id: string) => document.querySelector(`#${id}`) as HTMLElement;
  const press = (key: string) =>
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

  it("is one stop for the tab key: the step that is going on", () => {
    expect(["a", "b", "c"].map((id) => haw(id).tabIndex)).toEqual([-1, 0, -1]);
  });

  it("moves step by step and stays at its ends", () => {
    haw("b").focus();
    press("ArrowRight");
    expect(document.activeElement).toBe(haw("c"));
    press("ArrowRight");
    expect(document.activeElement).toBe(haw("c"));
    press("ArrowLeft");
    press("ArrowUp");
    expect(document.activeElement).toBe(haw("a"));
  });

  it("jumps to its first and last haw", () => {
    haw("b").focus();
    press("End");
    expect(document.activeElement).toBe(haw("c"));
    press("Home");
    expect(document.activeElement).toBe(haw("a"));
  });

  it("turns round where people read from right to left", () => {
    document.documentElement.dir = "rtl";
    haw("b").focus();
    press("ArrowRight");
    expect(document.activeElement).toBe(haw("a"));
  });

  it("remembers where the focus was", () => {
    haw("c").focus();
    expect(haw("c").tabIndex).toBe(0);
    expect(haw("b").tabIndex).toBe(-1);
  });
});

import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import ReplayController from "./replay_controller";

const PAGE = `
  <div data-controller="replay" data-action="keydown@window->replay#key">
    <a id="previous" data-replay-target="previous" href="#previous">..</a>
    <a id="following" data-replay-target="following" href="#following">..</a>
    <textarea></textarea>
    <ol data-controller="skewer"><li><a id="haw" href="#haw">..</a></li></ol>
  </div>`;

describe("the arrow keys on a job", () => {
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
    application.register("replay", ReplayController);
    await Promise.resolve();
  });

  afterEach(() => {
    application.stop();
    document.documentElement.dir = "";
    document.body.replaceWith(document.createElement("body"));
  });

  const press = (key: string, on: EventTarget = document.body, more: KeyboardEventInit = {}) =>
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

  it("go to the picture before and the picture after", () => {
    press("ArrowLeft");
    press("ArrowRight");
    expect(clicked).toEqual(["previous", "following"]);
  });

  it("change sides where people read from right to left", () => {
    document.documentElement.dir = "rtl";
    press("ArrowLeft");
    expect(clicked).toEqual(["following"]);
  });

  it("are left to whoever writes or walks along the skewer", () => {
    press("ArrowLeft", document.querySelector("textarea") as Element);
    press("ArrowLeft", document.querySelector("#haw") as Element);
    press("ArrowLeft", document.body, { altKey: true });
    expect(clicked).toEqual([]);
  });

  it("bring a picture into sight after a touch on a haw, once", async () => {
    const shown: string[] = [];
    const page = document.createElement("div");
    const replace = async (top: number) => {
      page.innerHTML = `<div data-controller="replay"><a data-action="replay#look" href="#">.</a><p data-replay-target="view"></p></div>`;
      const view = page.querySelector("p") as HTMLElement;
      view.getBoundingClientRect = () => ({ top }) as DOMRect;
      view.scrollIntoView = () => {
        shown.push(`${top}`);
      };
      await new Promise((resolve) => setTimeout(resolve));
    };
    document.body.append(page);
    await replace(5000);
    (page.querySelector("a") as HTMLElement).click();
    await replace(5001);
    await replace(5002);
    (page.querySelector("a") as HTMLElement).click();
    await replace(10);
    expect(shown).toEqual(["5001"]);
  });

  it("do nothing at the end of the job", () => {
    document.querySelector("#following")?.remove();
    press("ArrowRight");
    expect(clicked).toEqual([]);
  });
});

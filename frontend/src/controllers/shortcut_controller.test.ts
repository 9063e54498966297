import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import ShortcutController from "./shortcut_controller";

describe("a key that leads to a field", () => {
  let application: Application;

  beforeEach(async () => {
    document.body.innerHTML = `<input id="box" data-controller="shortcut"><textarea></textarea><button>x</button>`;
    application = Application.start();
    application.register("shortcut", ShortcutController);
    await Promise.resolve();
  });

  afterEach(() => application.stop());

  const find = (selector: string) => document.querySelector(selector) as HTMLElement;
  const press = (where: string, key: string, more: KeyboardEventInit = {}) => {
    find(where).focus();
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    find(where).dispatchEvent(event);
    return event.defaultPrevented;
  };

  it("leads there and writes nothing", () => {
    expect(press("button", "/")).toBe(true);
    expect(document.activeElement).toBe(find("#box"));
  });

  it("leaves whoever writes alone", () => {
    expect(press("textarea", "/")).toBe(false);
    expect(document.activeElement).toBe(find("textarea"));
  });

  it("is no other key", () => {
    expect(press("button", "x")).toBe(false);
    expect(press("button", "/", { ctrlKey: true })).toBe(false);
  });
});

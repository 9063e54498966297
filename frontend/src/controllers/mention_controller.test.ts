import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import MentionController from "./mention_controller";

const real = globalThis.fetch;

describe("mentioning somebody", () => {
  let application: Application;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    globalThis.fetch = async (address) => {
      asked.push(String(address));
      const people = String(address).endsWith("q=zz")
        ? []
        : [
            { name: "赵刚", unit: "操作部" },
            { name: "赵敏#7", unit: "" },
          ];
      return new Response(JSON.stringify({ people }));
    };
    document.body.innerHTML = `
      <form data-controller="mention" data-mention-address-value="/mentionable/">
        <textarea data-mention-target="text" data-action="input->mention#look keydown->mention#key blur->mention#leave"></textarea>
        <ul id="list" role="listbox" hidden data-mention-target="list"></ul>
      </form>`;
    application = Application.start();
    application.register("mention", MentionController);
    await Promise.resolve();
  });

  afterEach(() => {
    application.stop();
    globalThis.fetch = real;
    document.body.replaceWith(document.createElement("body"));
  });

  const text = () => document.querySelector("textarea") as HTMLTextAreaElement;
  const list = () => document.querySelector("ul") as HTMLUListElement;
  const press = (key: string) =>
    text().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  async function write(words: string): Promise<void> {
    text().value = words;
    text().setSelectionRange(words.length, words.length);
    text().dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it("offers people after a sign, and takes one by keys", async () => {
    await write("看一下 @赵");
    expect(asked).toEqual([`/mentionable/?q=${encodeURIComponent("赵")}`]);
    expect(list().hidden).toBe(false);
    press("ArrowDown");
    expect(list().children[1]?.getAttribute("aria-selected")).toBe("true");
    press("Enter");
    expect(text().value).toBe("看一下 @赵敏#7 ");
    expect(list().hidden).toBe(true);
  });

  it("takes one by touch", async () => {
    await write("@");
    list().children[0]?.dispatchEvent(new Event("pointerdown", { bubbles: true, cancelable: true }));
    expect(text().value).toBe("@赵刚 ");
  });

  it("asks nothing where nobody is meant", async () => {
    await write("no one");
    await write("a@b c");
    expect(asked).toEqual([]);
    expect(list().hidden).toBe(true);
  });

  it("closes when nobody is found, and by Escape", async () => {
    await write("@zz");
    expect(list().hidden).toBe(true);
    await write("@");
    press("Escape");
    expect(list().hidden).toBe(true);
  });

  it("leaves keys alone while it offers nothing", () => {
    expect(press("Enter")).toBe(true);
  });
});

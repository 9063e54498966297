import { beforeEach, describe, expect, it } from "vitest";
import { h, render } from "./view";

let root: HTMLElement;

beforeEach(() => {
  root = document.createElement("div");
  document.body.replaceChildren(root);
});

describe("render", () => {
  it("makes what is described, and then only what changed", () => {
    render(root, h("p.say.loud", { lang: "en" }, "one ", 2, false, null, [h("b", {}, "three")]));
    const paragraph = root.firstElementChild;
    expect(root.innerHTML).toBe('<p lang="en" class="say loud">one 2<b>three</b></p>');
    render(root, h("p.say", {}, "one ", 3));
    expect(root.firstElementChild).toBe(paragraph);
    expect(root.innerHTML).toBe('<p class="say">one 3</p>');
  });

  it("keeps a keyed element when others come and go before it", () => {
    render(root, h("video", { key: "camera" }));
    const video = root.firstElementChild;
    render(root, h("p", {}, "words"), h("video", { key: "camera" }));
    expect(root.lastElementChild).toBe(video);
    render(root, h("video", { key: "camera" }));
    expect(root.firstElementChild).toBe(video);
  });

  it("makes another element for another key", () => {
    render(root, h("div", { key: "a" }));
    const before = root.firstElementChild;
    render(root, h("div", { key: "b" }));
    expect(root.firstElementChild).not.toBe(before);
  });

  it("calls the handler of the newest description, once", () => {
    const said: string[] = [];
    const button = (word: string) => h("button", { on: { click: () => said.push(word) } });
    render(root, button("first"));
    render(root, button("second"));
    root.querySelector("button")?.click();
    render(root, h("button"));
    root.querySelector("button")?.click();
    expect(said).toEqual(["second"]);
  });

  it("leaves what somebody is typing alone", () => {
    const field = (value: string) => h("input", { value });
    render(root, field("a"));
    const input = root.querySelector("input");
    if (input === null) throw new Error("no input");
    input.value = "ab";
    render(root, field("ab"));
    expect([root.querySelector("input") === input, input.value]).toEqual([true, "ab"]);
  });

  it("says when an element comes and when it goes, also deep inside", async () => {
    const said: string[] = [];
    const mounted = () => {
      said.push("came");
      return () => void said.push("went");
    };
    render(root, h("div", { key: "x" }, h("section", {}, h("video", { mounted }))));
    await Promise.resolve();
    render(root, h("div", { key: "x" }, h("section", {}, h("video", { mounted }))));
    await Promise.resolve();
    expect(said).toEqual(["came"]);
    render(root);
    expect(said).toEqual(["came", "went"]);
  });

  it("lets go at once of what went before it was there", async () => {
    const said: string[] = [];
    render(root, h("video", { key: "a", mounted: () => () => void said.push("went") }));
    render(root);
    await Promise.resolve();
    expect(said).toEqual(["went"]);
  });

  it("never reads text as markup", () => {
    render(root, h("p", { title: '"><script>' }, "<script>alert(1)</script>"));
    expect(root.querySelector("script")).toBeNull();
  });

  it("draws", () => {
    render(root, h("svg", { viewBox: "0 0 1 1" }, h("path", { d: "M0 0" })));
    expect(root.querySelector("path")?.namespaceURI).toBe("http://www.w3.org/2000/svg");
  });
});

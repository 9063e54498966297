import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { drawing } from "./drawing";
import { render } from "./view";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 60">';

beforeEach(() => {
  vi.stubGlobal("DRAWINGS", {
    lock: `${SVG}<g class="line"><path d="M0 0h9"/></g><circle cx="4" cy="4" r="2"/></svg>`,
    bad: `${SVG}<script>alert(1)</script><a href="javascript:alert(1)"><path d="M1 1"/></a><path d="M0 0" onclick="alert(1)" style="fill:red"/></svg>`,
  });
});

afterEach(() => vi.unstubAllGlobals());

function drawn(name: string): Element | null {
  render(document.body, drawing(name));
  return document.querySelector("svg.drawing");
}

describe("drawing", () => {
  it("draws what this program has, for the eye only", () => {
    const found = drawn("lock");
    expect(found?.getAttribute("viewBox")).toBe("0 0 80 60");
    expect(found?.getAttribute("aria-hidden")).toBe("true");
    expect(found?.querySelector("g.line > path")?.getAttribute("d")).toBe("M0 0h9");
    expect(found?.querySelector("circle")?.getAttribute("r")).toBe("2");
  });

  it("leaves out whatever does not belong into a drawing", () => {
    const found = drawn("bad");
    expect(found?.outerHTML).not.toMatch(/script|href|onclick|style/);
    expect(found?.querySelectorAll("path")).toHaveLength(1);
  });

  it("is nothing for a name that this program does not have", () => {
    expect([drawing(undefined), drawing("crane"), drawing("constructor")]).toEqual([undefined, undefined, undefined]);
  });

  it("is parsed once", () => {
    expect(drawing("lock")).toBe(drawing("lock"));
  });
});

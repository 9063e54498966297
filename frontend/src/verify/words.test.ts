// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { REASONS, reasonText } from "./reasons";
import { inLanguage, say, WORDS } from "./words";

describe("WORDS", () => {
  it("says everything in both languages", () => {
    expect(Object.keys(WORDS["zh-Hans"])).toEqual(Object.keys(WORDS.en));
    for (const words of Object.values(WORDS)) expect(Object.values(words).every((word) => word.length > 0)).toBe(true);
  });

  it("puts numbers in", () => {
    expect(say("en", "pictureOf", { n: 2, all: 9 })).toBe("Picture 2 of 9");
  });
});

describe("REASONS", () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder).filter((name) => /^(?!sample|.*\.test).*\.ts$/.test(name));
  const used = sources.flatMap((name) => {
    const text = readFileSync(path.join(folder, name), "utf8");
    const calls = text.matchAll(/(?:fail|open|note|expect|PackError)\((?:[^;]*?, )??"([a-z0-9]+(?:_[a-z0-9]+)+)"/g);
    return [...calls].map((found) => found[1] ?? "");
  });

  it("has a sentence for every code that the verifier gives", () => {
    expect(used.length).toBeGreaterThan(40);
    expect(used.filter((code) => !Object.hasOwn(REASONS, code))).toEqual([]);
  });

  it("gives the code itself for one of a later version", () => {
    expect(reasonText("constructor", "en")).toBe("constructor");
    expect(reasonText("no_witness", "zh-Hans")).toContain("见证人");
  });
});

describe("inLanguage", () => {
  it("takes what there is", () => {
    expect(inLanguage({ "zh-Hans": "断电", en: "Power off" }, "en")).toBe("Power off");
    expect(inLanguage({ fr: "Coupure" }, "en")).toBe("Coupure");
    expect(inLanguage(undefined, "en")).toBe("");
  });
});

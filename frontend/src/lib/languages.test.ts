import { describe, expect, it } from "vitest";
import { pickLanguage } from "./languages";

describe("pickLanguage", () => {
  it("takes the one chosen, else the first known one asked for, else the one given", () => {
    expect(pickLanguage("en", ["zh-CN"], "zh-Hans")).toBe("en");
    expect(pickLanguage(undefined, ["fr", "en-GB", "zh-CN"], "zh-Hans")).toBe("en");
    expect(pickLanguage(undefined, ["fr"], "zh-Hans")).toBe("zh-Hans");
    expect(pickLanguage(undefined, ["fr"], "en")).toBe("en");
    expect(pickLanguage("<script>", [], "zh-Hans")).toBe("zh-Hans");
  });

  it.each(["zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-HK", "zh-hant-tw"])(
    "reads %s in traditional script",
    (tag) => {
      expect(pickLanguage(undefined, [tag], "en")).toBe("zh-Hant");
    },
  );

  it.each(["zh", "zh-CN", "zh-SG", "zh-Hans", "zh-Hans-HK"])("reads %s in simplified script", (tag) => {
    expect(pickLanguage(undefined, [tag], "en")).toBe("zh-Hans");
  });
});

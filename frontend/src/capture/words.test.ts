import { describe, expect, it } from "vitest";
import { actName, catalogues, pickLanguage, wordsIn } from "./words";
import { codes } from "./words/codes";

const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe("catalogues", () => {
  it("have the same words, none empty, with the same blanks", () => {
    const { en, "zh-Hans": zh } = catalogues;
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    for (const word of Object.keys(zh) as (keyof typeof zh)[]) {
      expect(en[word].trim(), word).not.toBe("");
      expect(zh[word].trim(), word).not.toBe("");
      expect(blanks(en[word]), word).toEqual(blanks(zh[word]));
    }
  });

  it("say every code in both languages", () => {
    for (const [code, words] of Object.entries(codes))
      expect([words.en, words["zh-Hans"]].every(Boolean), code).toBe(true);
  });
});

describe("pickLanguage", () => {
  it("takes the one chosen, else the first known one asked for, else Chinese", () => {
    expect(pickLanguage("en", ["zh-CN"])).toBe("en");
    expect(pickLanguage(undefined, ["fr", "en-GB", "zh-CN"])).toBe("en");
    expect(pickLanguage(undefined, ["fr"])).toBe("zh-Hans");
    expect(pickLanguage("<script>", [])).toBe("zh-Hans");
  });
});

describe("wordsIn", () => {
  it("fills the blanks", () => {
    expect(wordsIn("en").t("sync_stuck", { n: 2 })).toBe("Not accepted: 2");
    expect(wordsIn("zh-Hans").t("job_step", { n: 3, all: 16 })).toBe("第 3 / 16 步");
  });

  it("takes the nearest text that a template has", () => {
    expect(wordsIn("en").text({ "zh-Hans": "断电", en: "Power off" })).toBe("Power off");
    expect(wordsIn("en").text({ "zh-Hans": "断电" })).toBe("断电");
    expect(wordsIn("en").text({ fr: "Couper" })).toBe("Couper");
    expect(wordsIn("en").text(undefined)).toBe("");
  });

  it("says codes as one phrase, unknown ones as they are", () => {
    expect(wordsIn("en").codes(["photo_missing", "constructor"])).toBe("a photo is missing and constructor");
  });
});

describe("actName", () => {
  it("names an event", () => {
    expect(actName(wordsIn("en"), "photo.taken")).toBe("Photo");
    expect(actName(wordsIn("en"), "future.type")).toBe("future.type");
  });
});

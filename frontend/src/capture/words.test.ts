import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../lib/languages";
import { actName, catalogues, wordsIn } from "./words";
import { codes } from "./words/codes";

const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe("catalogues", () => {
  it("have the same words, none empty, with the same blanks", () => {
    const { "zh-Hans": zh } = catalogues;
    for (const { tag } of LANGUAGES) {
      const one = catalogues[tag];
      expect(Object.keys(one).sort(), tag).toEqual(Object.keys(zh).sort());
      for (const word of Object.keys(zh) as (keyof typeof zh)[]) {
        expect(one[word].trim(), `${tag} ${word}`).not.toBe("");
        expect(blanks(one[word]), `${tag} ${word}`).toEqual(blanks(zh[word]));
      }
    }
  });

  it("say every code in every language", () => {
    for (const [code, words] of Object.entries(codes))
      expect(LANGUAGES.map(({ tag }) => words[tag]).every(Boolean), code).toBe(true);
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
    expect(wordsIn("zh-Hant").text({ "zh-Hans": "断电", en: "Power off" })).toBe("断电");
    expect(wordsIn("en").text({ fr: "Couper" })).toBe("Couper");
    expect(wordsIn("en").text(undefined)).toBe("");
  });

  it("tells the time of the company, with a midnight of its own day", () => {
    const words = wordsIn("zh-Hant", "Asia/Shanghai");
    expect(words.clock("2026-03-02T06:05:09.000Z")).toBe("14:05");
    expect(words.clock("2026-03-02T16:00:00.000Z")).toBe("00:00");
    expect(wordsIn("en", "Europe/London").clock("2026-03-02T06:05:09.000Z")).toBe("06:05");
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

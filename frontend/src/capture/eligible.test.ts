import { describe, expect, it } from "vitest";
import { loadTemplate } from "../flow";
import { codesFor, isComplete, onlyChoices, partsInOrder, toggled } from "./eligible";
import { DIRECTORY, DOCUMENT, LI, VERA, VERSION, WEN } from "./sample";

const template = loadTemplate(DOCUMENT, VERSION);
const AT = "2026-03-01T08:00:00.000Z";
const person = (ref: string) => {
  const found = DIRECTORY.people.find((one) => one.ref === ref);
  if (found === undefined) throw new Error(ref);
  return found;
};

describe("codesFor", () => {
  it("lets in who has role and certificate", () => {
    expect(codesFor(template, {}, "electrician", person(WEN), AT)).toEqual([]);
  });

  it("says what is missing or over", () => {
    expect(codesFor(template, {}, "electrician", person(LI), AT)).toEqual(["certificate_expired"]);
    expect(codesFor(template, {}, "electrician", person(VERA), AT)).toEqual(["role_missing", "certificate_missing"]);
  });

  it("keeps apart who must be different", () => {
    expect(codesFor(template, { crew: [VERA] }, "guardian", person(VERA), AT)).toEqual(["same_person"]);
  });
});

describe("isComplete", () => {
  it("asks every part for its people", () => {
    expect(isComplete(template, { crew: [WEN], electrician: [WEN], guardian: [] })).toBe(false);
    expect(isComplete(template, { crew: [WEN, LI], electrician: [WEN], guardian: [VERA] })).toBe(true);
  });
});

describe("toggled", () => {
  const crew = DOCUMENT.people.crew as NonNullable<(typeof DOCUMENT.people)[string]>;
  const guardian = DOCUMENT.people.guardian as NonNullable<(typeof DOCUMENT.people)[string]>;

  it("puts in and takes out, and no more than there is room for", () => {
    expect(toggled(crew, [WEN], LI)).toEqual([WEN, LI]);
    expect(toggled(crew, [WEN, LI], WEN)).toEqual([LI]);
    expect(toggled(crew, [WEN, LI], VERA)).toEqual([WEN, LI]);
  });

  it("changes over where only one fits", () => {
    expect(toggled(guardian, [VERA], LI)).toEqual([LI]);
  });
});

describe("partsInOrder", () => {
  it("names leads first, then parts as the steps meet them", () => {
    expect(partsInOrder(template)).toEqual(["guardian", "crew", "electrician"]);
  });

  it("keeps the order of the template's author where it is known", () => {
    const written = { ...DOCUMENT, order: { people: ["electrician", "guardian", "crew"] } };
    expect(partsInOrder(loadTemplate(written, VERSION))).toEqual(["electrician", "guardian", "crew"]);
  });
});

describe("onlyChoices", () => {
  it("fills in those of whom there is only one", () => {
    expect(onlyChoices(template, DIRECTORY.people, AT)).toEqual({ guardian: [VERA], electrician: [WEN] });
  });
});

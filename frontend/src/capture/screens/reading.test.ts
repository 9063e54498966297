import { describe, expect, it } from "vitest";
import { wordsIn } from "../words";
import { finished, limitWords, typed } from "./reading";

const press = (keys: string[], from = "") => keys.reduce(typed, from);

describe("typed", () => {
  it("makes numbers only", () => {
    expect(press(["1", "9", ".", "5"])).toBe("19.5");
    expect(press([".", "5"])).toBe("0.5");
    expect(press(["0", "0", "7"])).toBe("7");
    expect(press(["0", "."])).toBe("0.");
    expect(press(["1", ".", ".", "2"])).toBe("1.2");
    expect(press(["5", "-"])).toBe("-5");
    expect(press(["-", "5", "-"])).toBe("5");
    expect(press(["1", "2", "erase"])).toBe("1");
  });

  it("stops where a number would be too long", () => {
    expect(press(Array.from({ length: 30 }, () => "9"))).toHaveLength(12);
  });
});

describe("finished", () => {
  it("gives a decimal for what somebody stopped typing", () => {
    expect(["5.", "-0", "0.50", ""].map(finished)).toEqual(["5", "0", "0.50", ""]);
  });
});

describe("limitWords", () => {
  it("says both limits", () => {
    const spec = { title: {}, unit: "% vol", at_least: "19.5", at_most: "21", points: [], instrument: false };
    expect(limitWords(wordsIn("en"), spec)).toBe("at least 19.5 % vol · at most 21 % vol");
  });

  it("says one value where only that one is allowed", () => {
    const spec = { title: {}, unit: "V", at_least: "0", at_most: "0", points: [], instrument: true };
    expect(limitWords(wordsIn("en"), spec)).toBe("must be 0 V");
    expect(limitWords(wordsIn("zh-Hans"), spec)).toBe("必须是 0 V");
  });
});

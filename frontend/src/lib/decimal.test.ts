// @vitest-environment node
import { describe, expect, it } from "vitest";
import { compareDecimals, isDecimal } from "./decimal";

describe("isDecimal", () => {
  it.each(["0", "-1", "19.50", "0.000000001", "123456789012345.123456789", "-0.5"])("takes %s", (text) => {
    expect(isDecimal(text)).toBe(true);
  });

  it.each(["-0", "-0.0", "01", ".5", "1.", "+1", "1e3", "1234567890123456", "0.1234567890", "", " 1", "1\n", "١"])(
    "refuses %j",
    (text) => {
      expect(isDecimal(text)).toBe(false);
    },
  );
});

describe("compareDecimals", () => {
  it("compares by value, exactly", () => {
    expect(compareDecimals("19.50", "19.5")).toBe(0);
    expect(compareDecimals("9", "10")).toBe(-1);
    expect(compareDecimals("-9", "-10")).toBe(1);
    expect(compareDecimals("123456789012345.000000001", "123456789012345")).toBe(1);
  });

  it("has no answer for what is not a decimal", () => {
    expect(compareDecimals("x", "1")).toBeNull();
    expect(compareDecimals("1", true)).toBeNull();
  });
});

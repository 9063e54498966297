// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CanonicalError, dumps, isTime, type Json, loads, parse } from "./canonical";
import { utf8 } from "./encoding";

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CanonicalError) return error.code;
    throw error;
  }
  return "none";
}
const text = (value: Json) => new TextDecoder().decode(dumps(value));
const nested = (levels: number) => utf8("[".repeat(levels) + "]".repeat(levels));

describe("dumps", () => {
  it("sorts keys by code unit and leaves no space", () => {
    expect(text([1, true, "x"])).toBe('[1,true,"x"]');
    expect(text({ b: 1, a: 2, B: 3, "1": 4 })).toBe('{"1":4,"B":3,"a":2,"b":1}');
  });

  it("escapes as little as RFC 8785 allows", () => {
    expect(text('\b\t\n\f\r"\\\u0001\u007f/断')).toBe('"\\b\\t\\n\\f\\r\\"\\\\\\u0001\u007f/断"');
  });

  it("refuses what has no canonical form", () => {
    expect(codeOf(() => dumps(1.5))).toBe("json_fraction");
    expect(codeOf(() => dumps(2 ** 53))).toBe("json_number_too_large");
    expect(codeOf(() => dumps(null as never))).toBe("json_null");
    expect(codeOf(() => dumps("\ud800"))).toBe("json_lone_surrogate");
    expect(codeOf(() => dumps({ 断: 1 }))).toBe("json_bad_key");
    expect(codeOf(() => dumps({ "": 1 }))).toBe("json_bad_key");
    expect(codeOf(() => dumps("x".repeat(65_534)))).toBe("json_too_large");
  });
});

describe("loads", () => {
  it("gives back what dumps wrote", () => {
    const value = { a: [1, -2, "三", { __proto__x: true }], constructor: "c", z: false };
    expect(loads(dumps(value))).toEqual(value);
  });

  it("keeps a key named __proto__ as a key", () => {
    const value = loads(utf8('{"__proto__":{"x":1}}'));
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each([
    ['{"a":1,"a":1}', "json_duplicate_key"],
    ['{"a":1,"\\u0061":1}', "json_duplicate_key"],
    ['{"a":null}', "json_null"],
    ["1.0", "json_fraction"],
    ["1e3", "json_fraction"],
    ["9007199254740992", "json_number_too_large"],
    ["-9007199254740992", "json_number_too_large"],
    ["01", "json_malformed"],
    ["-0", "json_not_canonical"],
    [" 1", "json_not_canonical"],
    ['{"b":1,"a":2}', "json_not_canonical"],
    ['"\\u0041"', "json_not_canonical"],
    ['"\\/"', "json_not_canonical"],
    ['"\\ud800"', "json_lone_surrogate"],
    ['"\\x"', "json_malformed"],
    ['"a', "json_malformed"],
    ['"\n"', "json_malformed"],
    ["[1,]", "json_malformed"],
    ["[1 2]", "json_malformed"],
    ["{1:2}", "json_malformed"],
    ["", "json_malformed"],
    ["tru", "json_malformed"],
    ["\ufeff1", "json_malformed"],
    ["NaN", "json_malformed"],
    ['{"é":1}', "json_bad_key"],
  ])("refuses %s", (given, code) => {
    expect(codeOf(() => loads(utf8(given)))).toBe(code);
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(codeOf(() => loads(new Uint8Array([0x22, 0xff, 0x22])))).toBe("json_malformed");
  });

  it("takes 32 levels and no more", () => {
    expect(codeOf(() => loads(nested(32)))).toBe("none");
    expect(codeOf(() => loads(nested(33)))).toBe("json_too_deep");
    expect(codeOf(() => loads(nested(20_000)))).toBe("json_too_deep");
  });

  it("takes 65,535 bytes and no more", () => {
    expect(codeOf(() => loads(utf8(`"${"x".repeat(65_533)}"`)))).toBe("none");
    expect(codeOf(() => loads(utf8(`"${"x".repeat(65_534)}"`)))).toBe("json_too_large");
  });
});

describe("isTime", () => {
  it("takes three decimals and a moment that exists", () => {
    expect(isTime("2026-02-28T23:59:59.000Z")).toBe(true);
    expect(isTime("2026-02-30T00:00:00.000Z")).toBe(false);
    expect(isTime("2026-02-28T24:00:00.000Z")).toBe(false);
    expect(isTime("0001-01-01T00:00:00.000Z")).toBe(true);
    expect(isTime("0000-01-01T00:00:00.000Z")).toBe(false);
    expect(isTime("2026-02-28T00:00:00Z")).toBe(false);
  });
});

const shared = path.resolve(process.env.TANGHULU_MATERIAL ?? "../../shared", "vectors/json-canonicalization/testdata");
describe.skipIf(!existsSync(shared))("the vectors of RFC 8785", () => {
  for (const name of existsSync(shared) ? readdirSync(path.join(shared, "input")) : []) {
    it(`${name}: gives the same bytes, or is refused by our restrictions`, () => {
      const wanted = readFileSync(path.join(shared, "output", name));
      let value: Json;
      try {
        value = parse(readFileSync(path.join(shared, "input", name)));
      } catch (error) {
        expect(["json_null", "json_fraction", "json_bad_key"]).toContain((error as CanonicalError).code);
        return;
      }
      expect(Buffer.from(dumps(value)).equals(wanted)).toBe(true);
    });
  }
});

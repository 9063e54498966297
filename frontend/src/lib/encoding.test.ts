// @vitest-environment node
import { describe, expect, it } from "vitest";
import { fromBase64, fromHex, fromUtf8, toBase64, toHex } from "./encoding";

describe("fromBase64", () => {
  it("reads what toBase64 wrote, at every length", () => {
    for (let length = 0; length < 40; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 37) % 256);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }
    expect(toBase64(new Uint8Array(100_000))).toHaveLength(133_336);
  });

  it.each(["A", "AA", "AAA", "AA=A", "AA\n=", "AB==", "AAB=", "AA-_", "====", " AAA", "AAAA===="])(
    "refuses %j",
    (text) => {
      expect(fromBase64(text)).toBeNull();
    },
  );
});

describe("fromHex", () => {
  it("reads lower case only", () => {
    expect(fromHex(toHex(new Uint8Array([0, 255, 16])))).toEqual(new Uint8Array([0, 255, 16]));
    expect(fromHex("FF")).toBeNull();
    expect(fromHex("f")).toBeNull();
  });
});

describe("fromUtf8", () => {
  it("refuses what is not UTF-8 and keeps a byte order mark", () => {
    expect(fromUtf8(new Uint8Array([0xc0, 0x80]))).toBeNull();
    expect(fromUtf8(new Uint8Array([0xef, 0xbb, 0xbf]))).toBe("\ufeff");
  });
});

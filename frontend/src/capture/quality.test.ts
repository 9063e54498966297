import { describe, expect, it } from "vitest";
import { judge } from "./quality";

const SIZE = 64;

function picture(value: (x: number, y: number) => number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(SIZE * SIZE * 4);
  for (let at = 0; at < SIZE * SIZE; at += 1) {
    const level = value(at % SIZE, Math.floor(at / SIZE));
    pixels.set([level, level, level, 255], at * 4);
  }
  return pixels;
}

const verdict = (value: (x: number, y: number) => number) => judge(picture(value), SIZE, SIZE).verdict;

describe("judge", () => {
  it("finds edges sharp", () => {
    expect(verdict((x, y) => (((x >> 2) + (y >> 2)) % 2 ? 200 : 60))).toBe("good");
  });

  it("finds a smooth slope blurred", () => {
    expect(verdict((x) => 60 + x * 2)).toBe("blurred");
  });

  it("says dark before blurred: light helps both", () => {
    expect(verdict((x) => x % 20)).toBe("dark");
  });

  it("says when too much is burnt out", () => {
    expect(verdict((x, y) => (x < 40 ? 255 : (y % 2) * 120))).toBe("glare");
  });

  it("has something to say about nothing", () => {
    expect(judge(new Uint8ClampedArray(0), 0, 0)).toMatchObject({ sharpness: 0, burnt: 0 });
  });
});

import { describe, expect, it } from "vitest";
import { momentIn, timeIn } from "./time-of-day";

describe("timeIn", () => {
  it("tells the time of a zone, from midnight on", () => {
    expect(timeIn("Asia/Shanghai", new Date("2026-03-02T16:00:09Z"))).toBe("00:00:09");
    expect(timeIn("Asia/Shanghai", new Date("2026-03-02T06:05:09Z"), false)).toBe("14:05");
  });
});

describe("momentIn", () => {
  it("writes the day as the reader does", () => {
    const at = new Date(2026, 2, 2, 14, 5, 9);
    expect(momentIn("zh-Hans", at)).toBe("2026年3月2日 14:05:09");
    expect(momentIn("zh-Hant", at)).toBe("2026年3月2日 14:05:09");
    expect(momentIn("en", at)).toBe("2 Mar 2026, 14:05:09");
  });
});

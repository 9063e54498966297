import { afterEach, describe, expect, it, vi } from "vitest";
import { codeReader } from "./reader";

const video = {} as HTMLVideoElement;
const detectors = (formats: string[], found: string[]) =>
  class {
    static getSupportedFormats = async () => formats;
    detect = async () => found.map((rawValue) => ({ rawValue }));
  };

afterEach(() => vi.unstubAllGlobals());

describe("codeReader", () => {
  it("uses the browser's own reader where it reads QR codes", async () => {
    const read = await codeReader("/nowhere.js", detectors(["qr_code"], ["tanghulu:equipment:aa"]));
    expect(await read(video)).toBe("tanghulu:equipment:aa");
    const blind = await codeReader("/nowhere.js", detectors(["qr_code"], []));
    expect(await blind(video)).toBeUndefined();
  });
  it("fetches ours where the browser reads none, and says so when it cannot", async () => {
    await expect(codeReader("/nowhere.js", detectors(["ean_13"], ["1"]))).rejects.toThrow();
  });
});

import { afterEach, describe, expect, it, vi } from "vitest";
import { codeReader, keepReader } from "./reader";

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
  it("takes a look that failed for one that saw nothing, and gives the browser's own reader up when all fail", async () => {
    let looks = 0;
    const broken = class {
      static getSupportedFormats = async () => ["qr_code"];
      detect = async (): Promise<{ rawValue: string }[]> => {
        looks += 1;
        throw new DOMException("service unavailable", "NotSupportedError");
      };
    };
    const read = await codeReader("/nowhere.js", broken);
    for (let look = 0; look < 3; look += 1) expect(await read(video)).toBeUndefined();
    await expect(read(video)).rejects.toThrow();
    expect(looks).toBe(3);
  });
});

describe("keepReader", () => {
  it("asks again for what did not come, and not for what did", async () => {
    document.body.innerHTML = '<div id="phone" data-reader="/reader.js" data-wasm="/reader.wasm"></div>';
    vi.stubGlobal("navigator", { serviceWorker: { controller: {} } });
    const asked: string[] = [];
    let has = false;
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      if (!has && address.endsWith(".wasm")) throw new TypeError("network");
      return new Response("");
    });
    await keepReader();
    expect(asked).toEqual(["/reader.js", "/reader.wasm"]);
    has = true;
    await keepReader();
    await keepReader();
    expect(asked).toHaveLength(4);
  });
});

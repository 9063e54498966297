// @vitest-environment jsdom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Api } from "../../lib/api";
import { newRef } from "../../lib/encoding";
import type { KeyRecord } from "../../lib/idb-store";
import { openStore } from "../../lib/idb-store";
import { SteadyClock } from "../../lib/steady";
import { App } from "../app";
import { startScan } from "./scan";

/** What the browser's own reader sees, look by look; undefined where a look fails. */
let looks: (string | undefined)[];
let app: App;

/** Looking for a reader that is nowhere takes a machine that is busy its time. */
const PATIENT = { timeout: 20_000 };

async function pass(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await vi.advanceTimersByTimeAsync(200);
}

function scan(take: (code: string) => string | undefined): void {
  startScan(app, { title: "Scan", typed: "Number", take });
}

beforeEach(async () => {
  looks = [];
  document.body.innerHTML = '<div id="phone" data-reader="/nowhere.js"></div><video class="finder-video"></video>';
  vi.stubGlobal(
    "BarcodeDetector",
    class {
      static getSupportedFormats = async () => ["qr_code"];
      detect = async () => {
        if (looks.length === 0) return [];
        const seen = looks.shift();
        if (seen === undefined) throw new DOMException("not ready", "InvalidStateError");
        return [{ rawValue: seen }];
      };
    },
  );
  const store = await openStore(`phone-${newRef()}`);
  app = new App(store, {} as KeyRecord, new SteadyClock(undefined), {} as Api, "en", () => undefined);
  app.camera.state = "live";
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("startScan", () => {
  it("takes the code that it sees, and ends", async () => {
    const taken: string[] = [];
    looks = ["C3"];
    scan((code) => {
      taken.push(code);
      return undefined;
    });
    await pass(2);
    expect(taken).toEqual(["C3"]);
    expect(app.state.scan).toBeUndefined();
    expect(app.camera.state).toBe("off");
  });

  it("says what is wrong with a code once, and looks on", async () => {
    const taken: string[] = [];
    looks = ["C2", "C2"];
    scan((code) => {
      taken.push(code);
      return code === "C3" ? undefined : `not ${code}`;
    });
    await pass(4);
    expect(app.state.scan?.wrong).toBe("not C2");
    looks = ["C3"];
    await pass(2);
    expect(taken).toEqual(["C2", "C3"]);
    expect(app.state.scan).toBeUndefined();
  });

  it("looks on after a look that failed", async () => {
    looks = [undefined, "C3"];
    scan(() => undefined);
    await pass(3);
    expect(app.state.scan).toBeUndefined();
  });

  it("leaves typing where no reader can be had", async () => {
    vi.stubGlobal("BarcodeDetector", undefined);
    scan(() => undefined);
    await vi.waitFor(() => expect(app.state.scan?.blind).toBe(true), PATIENT);
  }, 30_000);

  it("leaves typing where every look fails", async () => {
    looks = Array.from({ length: 3 }, () => undefined);
    scan(() => undefined);
    await vi.waitFor(() => expect(app.state.scan?.blind).toBe(true), PATIENT);
  }, 30_000);

  it("stops looking when the scan is left", async () => {
    const taken: string[] = [];
    scan((code) => {
      taken.push(code);
      return undefined;
    });
    await pass(1);
    const { scan: _, ...rest } = app.state;
    app.state = rest;
    looks = ["C3"];
    await pass(2);
    expect(taken).toEqual([]);
  });
});

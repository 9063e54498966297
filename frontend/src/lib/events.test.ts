// @vitest-environment node
import { describe, expect, it } from "vitest";
import { dumps, type JsonObject } from "./canonical";
import { type Act, buildPayload, checkPayload, PayloadError, type Position, parsePayload } from "./events";

const HASH = "ab".repeat(32);
const REF = "cd".repeat(16);
const position: Position = {
  tenant: "harbour",
  device: HASH,
  dseq: 2,
  prev_device: HASH,
  rseq: 1,
  prev_run: [HASH],
  mono_ms: 0,
  boot: REF,
  beacon: { root: HASH, size: 3 },
  assurance: "webcrypto",
};
const photo: Act<"photo.taken"> = {
  type: "photo.taken",
  actor: REF,
  claimed_at: "2026-11-01T08:00:00.000Z",
  run: REF,
  step: "before/power_off",
  activation: 1,
  photos: [{ commitment: HASH, media_type: "image/jpeg", size: 1, slot: "isolator" }],
  data: { slot: "isolator" },
};

function placeOf(value: JsonObject): string {
  try {
    checkPayload(value);
  } catch (error) {
    if (error instanceof PayloadError) return error.place;
    throw error;
  }
  return "none";
}
const good = () => ({ ...parsePayload(buildPayload(photo, position)) }) as unknown as JsonObject;

describe("buildPayload", () => {
  it("writes what parsePayload reads", () => {
    expect(good()).toEqual({ v: 1, ...position, ...photo });
  });

  it("refuses an act without its form", () => {
    expect(() => buildPayload({ ...photo, claimed_at: "now" }, position)).toThrow(PayloadError);
  });
});

describe("checkPayload", () => {
  it.each([
    ["v", { v: 2 }],
    ["x", { x: 1 }],
    ["tenant", { tenant: "Harbour" }],
    ["prev_run", { prev_run: [HASH, HASH] }],
    ["prev_run", { type: "run.opened" }],
    ["dseq", { dseq: 0 }],
    ["prev_device", { dseq: 1 }],
    ["actor", { actor: "wen" }],
    ["beacon", { beacon: { root: HASH, size: 1, x: 1 } }],
    ["photos", { photos: [] }],
    ["commitments", { commitments: {} }],
    ["assurance", { assurance: "hope" }],
    ["data.slot", { data: {} }],
  ])("names %s when it is not of the form", (place, change) => {
    const changed = { ...good(), ...change } as JsonObject;
    if (place === "prev_run" && "type" in change) {
      changed.data = { template: "belt-x", version: HASH, subject: {}, people: {} };
    }
    expect(placeOf(changed)).toBe(place);
  });

  it("ignores what it does not know inside data, and types that it does not know", () => {
    expect(placeOf({ ...good(), data: { slot: "isolator", later: 1 } })).toBe("none");
    const { photos: _, ...rest } = good();
    expect(placeOf({ ...rest, type: "later.thing", data: {} })).toBe("none");
  });
});

describe("parsePayload", () => {
  it("tells not canonical from malformed", () => {
    const text = new TextDecoder().decode(dumps(good()));
    const codeOf = (given: string) => {
      try {
        parsePayload(new TextEncoder().encode(given));
      } catch (error) {
        return (error as PayloadError).code;
      }
      return "none";
    };
    expect(codeOf(` ${text}`)).toBe("payload_not_canonical");
    expect(codeOf(text.replace('"v":1', '"v":1.5'))).toBe("payload_not_canonical");
    expect(codeOf(text.slice(1))).toBe("payload_not_canonical");
    expect(codeOf(text.replace('"v":1', '"v":2'))).toBe("payload_malformed");
    expect(codeOf(`"${"x".repeat(70_000)}"`)).toBe("payload_too_large");
  });
});

// @vitest-environment node
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { commit, newOpening, opens } from "./commitment";
import { toBase64 } from "./encoding";

describe("commit", () => {
  it("hashes label, length, salt and canonical value", async () => {
    const salt = new Uint8Array(32).fill(7);
    const value = Buffer.from('"王维"');
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(value.length));
    const wanted = createHash("sha256")
      .update(Buffer.concat([Buffer.from("tanghulu-commit-v1"), length, salt, value]))
      .digest("hex");
    expect(await commit("王维", salt)).toBe(wanted);
  });
});

describe("opens", () => {
  it("is true for an opening as made", async () => {
    expect(await opens(await newOpening({ text: "x" }))).toBe(true);
  });

  it("is false for another value, another salt or a salt of another length", async () => {
    const opening = await newOpening("x");
    expect(await opens({ ...opening, value: "y" })).toBe(false);
    expect(await opens({ ...opening, salt: toBase64(new Uint8Array(32)) })).toBe(false);
    expect(await opens({ ...opening, salt: "AAAA" })).toBe(false);
    expect(await opens({ ...opening, salt: "?" })).toBe(false);
  });
});

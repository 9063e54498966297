// @vitest-environment node
// Good and altered packs that every verifier must judge alike: tests/vectors/packs.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CLAIMS } from "./report";
import { type Report, verifyPack } from "./verify";

type Expected = { exit: number; code?: string; claims?: { [claim: string]: { verdict: string; codes: string[] } } };

const folder = path.resolve(import.meta.dirname, "../../../tests/vectors/packs");
const index = path.join(folder, "expected.json");
type Answers = { with_policy: Expected; with_pinned_founders: Expected; without_policy: Expected };
const corpus: { policy: string; pinned: string; packs: { [name: string]: Answers } } = existsSync(index)
  ? JSON.parse(readFileSync(index, "utf8"))
  : { policy: "", pinned: "", packs: {} };

/** What a verifier answers, as expected.json writes it: verdicts, and the codes that are not mere notes. */
function answered(report: Report): Expected {
  if (report.exit === 2) return { exit: 2, code: report.code };
  const claims: NonNullable<Expected["claims"]> = {};
  for (const name of CLAIMS) {
    const { verdict, reasons } = report.claims[name];
    const codes = reasons.filter(({ weight }) => weight !== "note").map(({ code }) => code);
    claims[name] = { verdict, codes: [...new Set(codes)].sort() };
  }
  return { exit: report.exit, claims };
}

describe.skipIf(!existsSync(index))("the verifier agrees with the corpus", () => {
  const text = (name: string) => (existsSync(index) ? readFileSync(path.join(folder, name), "utf8") : "");
  const [policy, pinned] = [text(corpus.policy), text(corpus.pinned)];
  const read = (name: string) => new Uint8Array(readFileSync(path.join(folder, `${name}.zip`)));

  it("which lists every pack in its folder", () => {
    const packs = readdirSync(folder).filter((name) => name.endsWith(".zip"));
    expect(packs.map((name) => name.slice(0, -4)).sort()).toEqual(Object.keys(corpus.packs).sort());
  });

  for (const [name, expected] of Object.entries(corpus.packs)) {
    it(`on ${name}`, async () => {
      expect(answered(await verifyPack(read(name), policy)), "with policy").toEqual(expected.with_policy);
      expect(answered(await verifyPack(read(name), pinned)), "with pins").toEqual(expected.with_pinned_founders);
      expect(answered(await verifyPack(read(name), null)), "without policy").toEqual(expected.without_policy);
    });
  }
});

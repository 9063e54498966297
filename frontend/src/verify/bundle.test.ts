// @vitest-environment node
// The one file that people take home: what its own policy allows is what is in it, and nothing else.
import { createHash } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";

type Build = (here: string, out: string, options: object) => Promise<{ path: string; contents: Buffer }>;

const here = path.resolve(import.meta.dirname, "../..");
let page = "";

beforeAll(async () => {
  const { buildVerifyPage } = (await import(pathToFileURL(path.join(here, "verify-page.mjs")).href)) as {
    buildVerifyPage: Build;
  };
  const options = { absWorkingDir: here, bundle: true, minify: true, outdir: here, charset: "utf8" };
  page = (await buildVerifyPage(here, here, options)).contents.toString();
}, 60_000);

const inside = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(page)?.[1] ?? "";
const policy = () => /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";

describe("verify.html", () => {
  it.each(["script", "style"])("allows its one %s by its hash", (tag) => {
    const hash = createHash("sha256").update(inside(tag)).digest("base64");
    expect(inside(tag).length).toBeGreaterThan(1000);
    expect(policy()).toContain(`${tag}-src 'sha256-${hash}'`);
    expect(page.split(`<${tag}`)).toHaveLength(2);
  });

  it("may go nowhere", () => {
    expect(policy()).toMatch(/^default-src 'none';/);
    expect(policy()).not.toMatch(/https?:|unsafe|connect-src/);
    expect(page.match(/https?:\/\/[^"'`\s)]*/g)?.filter((url) => url !== "http://www.w3.org/2000/svg")).toEqual([]);
    expect(page).not.toMatch(/ (src|href)="(?!data:,|#)/);
  });
});

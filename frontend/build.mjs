// Builds every entrypoint and the two style sheets into the package's static files.
// The result is committed, so that a user needs no Node; the check builds again and refuses a difference.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildVerifyPage } from "./verify-page.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(here, "../src/tanghulu/web/static/dist");
const entrypoints = path.join(here, "src/entrypoints");
const CAPTURE_LIMIT = 200 * 1024;

const scripts = readdirSync(entrypoints)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  // The verifier is one HTML file of its own.
  .filter((name) => name !== "verify.ts")
  .sort()
  .map((name) => path.join(entrypoints, name));
const styles = ["office.css", "capture.css", "welcome.css"]
  .map((name) => path.join(here, "styles", name))
  .filter((file) => existsSync(file));

// The code reader's machine code, under a name that changes with it.
const wasm = readFileSync(createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"));
const wasmName = `zxing-${createHash("sha256").update(wasm).digest("hex").slice(0, 16)}.wasm`;

// What photos are to show, drawn: the phone has all of it with it.
const library = path.resolve(here, "../src/tanghulu/library/drawings");
const drawings = Object.fromEntries(
  readdirSync(library)
    .sort()
    .map((name) => [name.replace(/\.svg$/, ""), readFileSync(path.join(library, name), "utf8").replace(/\n\s*/g, "")]),
);

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  sourcemap: false,
  legalComments: "inline",
  charset: "utf8",
  outdir: out,
  entryNames: "[name]",
  logLevel: "warning",
  write: false,
};
const built = [
  await build({
    ...shared,
    entryPoints: scripts,
    format: "esm",
    target: "es2022",
    splitting: false,
    define: { DRAWINGS: JSON.stringify(drawings) },
  }),
  await build({
    ...shared,
    entryPoints: styles,
    target: ["chrome111", "safari16.4", "firefox113"],
    external: ["*.svg", "*.png", "*.woff2"],
  }),
].flatMap((result) => result.outputFiles);
built.push(await buildVerifyPage(here, out, shared));
built.push({ path: path.join(out, wasmName), contents: wasm });

const zipped = new Map(built.map((file) => [path.basename(file.path), gzipSync(file.contents, { level: 9 }).length]));
for (const [name, size] of [...zipped].sort()) {
  console.log(`${name}  ${(size / 1024).toFixed(1)} KB gzip`);
}
// The first load on a phone in a bad network: page script and style sheet together.
const capture = (zipped.get("capture.js") ?? 0) + (zipped.get("capture.css") ?? 0);
if (capture > CAPTURE_LIMIT) {
  console.error(`capture is ${capture} bytes gzipped; the limit is ${CAPTURE_LIMIT}`);
  process.exit(1);
}

// Each file is replaced whole, and one that is no longer built goes: a running server never reads a half-written one.
mkdirSync(out, { recursive: true });
for (const file of built) {
  const same = existsSync(file.path) && readFileSync(file.path).equals(file.contents);
  if (same) continue;
  writeFileSync(`${file.path}.new`, file.contents);
  renameSync(`${file.path}.new`, file.path);
}
for (const name of readdirSync(out)) {
  if (!zipped.has(name)) rmSync(path.join(out, name), { recursive: true });
}

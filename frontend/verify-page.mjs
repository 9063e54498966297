// Makes verify.html: the verifier in one file with its own policy, which allows this one script and this one style
// sheet by their hashes, pictures of its own making, and no address at all.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

// The drawings around a haw are the office's own, so that a haw looks the same everywhere.
const MARKS = "../src/tanghulu/web/templates/components/haw_marks.html";

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Builds script and style sheet without writing them and gives the file as esbuild would: a path and its contents. */
export async function buildVerifyPage(here, out, shared) {
  const options = { ...shared, write: false };
  const [script, style] = (
    await Promise.all([
      build({
        ...options,
        entryPoints: [path.join(here, "src/entrypoints/verify.ts")],
        format: "iife",
        target: "es2022",
      }),
      build({
        ...options,
        entryPoints: [path.join(here, "styles/verify.css")],
        target: ["chrome111", "safari16.4", "firefox113"],
      }),
    ])
  ).map((result) => result.outputFiles[0].text.trim());
  if (/<\/(script|style)/i.test(script + style)) throw new Error("the verifier's own text would end its element");
  const marks = readFileSync(path.join(here, MARKS), "utf8")
    .replace(/\{#.*?#\}\s*/gs, "")
    .trim();
  if (/\{[{%]/.test(marks)) throw new Error("the drawings of the haws are no longer plain");
  const csp = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "img-src blob: data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = `<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>证据包核验 · Verify an evidence pack</title>
<style>${style}</style>
</head>
<body>
${marks}
<main class="verify"><noscript>请打开脚本：核验在这一页里进行。 Please allow scripts: the verification happens in this page.</noscript></main>
<script>${script}</script>
</body>
</html>
`;
  return { path: path.join(out, "verify.html"), contents: Buffer.from(page) };
}

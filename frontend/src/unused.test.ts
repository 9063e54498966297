// @vitest-environment node
// What nothing uses is taken away: words, styles, and exports that no other file asks for.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { zhHans } from "./capture/words/zh-Hans";

const HERE = import.meta.dirname;
const PRODUCT = path.join(HERE, "../../src/tanghulu");

/** The texts of all files below a folder whose names end like that, by their paths. */
function texts(folder: string, ending: RegExp): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const wanted = names.filter((name) => ending.test(name) && !/(^|\/)(dist|__pycache__)\//.test(name));
  return new Map(wanted.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
}

const all = texts(HERE, /\.ts$/);
const sources = new Map([...all].filter(([name]) => !name.endsWith(".test.ts")));
const joined = (files: Map<string, string>) => [...files.values()].join("\n");

describe("every word of the phone", () => {
  const text = joined(new Map([...sources].filter(([name]) => !/^(capture\/words|verify)\//.test(name))));
  const quoted = new Set([...text.matchAll(/"([\w.]+)"/g)].map(([, word]) => word ?? ""));
  // `locks_${statement}_said`: any quoted word may stand in the gap.
  const gaps = [...text.matchAll(/`([a-z_]*)\$\{[^}`]+\}([a-z_]*)`/g)].map(([, before = "", after = ""]) => ({
    before,
    after,
  }));
  const isMade = (word: string) =>
    gaps.some(
      ({ before, after }) =>
        before !== "" &&
        word.startsWith(before) &&
        word.endsWith(after) &&
        quoted.has(word.slice(before.length, word.length - after.length)),
    );
  const acts = new Set([...quoted].map((type) => `act_${type.replace(".", "_")}`));

  it("is said somewhere", () => {
    expect(Object.keys(zhHans).filter((word) => !quoted.has(word) && !isMade(word) && !acts.has(word))).toEqual([]);
  });
});

describe("every exported value", () => {
  it("is asked for by another file", () => {
    const names = new Map([...all].map(([file, text]) => [file, new Set(text.match(/\w+/g))]));
    const unused = [...sources].flatMap(([file, text]) => {
      const others = [...names].filter(([other]) => other !== file);
      const exported = text.matchAll(/^export (?:async )?(?:function|const|let|class) (\w+)/gm);
      return [...exported].flatMap(([, value = ""]) =>
        others.some(([, used]) => used.has(value)) ? [] : [`${file}: ${value}`],
      );
    });
    expect(unused).toEqual([]);
  });
});

describe("every class of the styles", () => {
  const styles = joined(texts(path.join(HERE, "../styles"), /\.css$/)).replace(/\/\*[\s\S]*?\*\//g, "");
  const users = joined(sources) + joined(texts(PRODUCT, /\.(html|py|svg)$/));
  // "pill-{{ look }}", `haw-${state}`: whatever begins like that may be meant.
  const begun = [...users.matchAll(/([a-z][\w-]*-)(?:\$\{|\{\{|\{%|\{\w)/g)].map(([, start = ""]) => start);

  it("is worn by something", () => {
    const names = new Set([...styles.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = ""]) => name));
    const worn = new Set(users.match(/[\w-]+/g));
    expect([...names].filter((name) => !worn.has(name) && !begun.some((start) => name.startsWith(start)))).toEqual([]);
  });
});

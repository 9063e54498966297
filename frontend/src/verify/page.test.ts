// The page in a document, with a pack made here; pictures cannot be decoded in it, so haws stay bare.
import { Blob as RealBlob } from "node:buffer";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Json } from "../lib/canonical";
import { utf8 } from "../lib/encoding";
import { Page } from "./page";
import { SampleLog, zipFiles } from "./sample";
import { WORDS } from "./words";

async function give(selector: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const input = document.querySelector<HTMLInputElement>(selector);
  const file = Object.assign(new Blob([bytes]), { name }) as unknown as File;
  Object.defineProperty(input, "files", { value: [file] });
  input?.dispatchEvent(new Event("change"));
}

async function until(selector: string): Promise<Element> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = document.querySelector(selector);
    if (found !== null) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`${selector} does not come`);
}

describe("Page", () => {
  beforeEach(() => {
    document.body.innerHTML = "<main></main>";
    // The document's own Blob cannot give its bytes.
    vi.stubGlobal("Blob", RealBlob);
  });
  const open = (language: string) => new Page(document.querySelector("main") as HTMLElement, [language]);

  it("speaks the reader's language and changes it on request", () => {
    open("zh-CN");
    expect(document.documentElement.lang).toBe("zh-Hans");
    expect(document.querySelector("h1")?.textContent).toBe(WORDS["zh-Hans"].title);
    for (const language of ["zh-Hant", "en"] as const) {
      document.querySelector<HTMLButtonElement>(`header button[lang=${language}]`)?.click();
      expect(document.documentElement.lang).toBe(language);
      expect(document.querySelector("h1")?.textContent).toBe(WORDS[language].title);
      expect(document.querySelector("header button[aria-pressed=true]")?.getAttribute("lang")).toBe(language);
    }
  });

  it("says why a file cannot be read", async () => {
    open("en");
    await give("#pack-file", "x.zip", utf8("not a pack, whatever it says"));
    expect((await until(".verdict")).textContent).toContain("pack_unreadable");
  });

  it("shows six verdicts, and keeps them in the other language", async () => {
    const log = await SampleLog.open("11".repeat(16));
    await log.enrol("11".repeat(16), "<b>王维</b>", log.server);
    open("en");
    await give("#pack-file", "x.zip", zipFiles(await log.members({ v: 1 } as Json)));
    await until(".claims");
    const verdicts = () =>
      [...document.querySelectorAll(".claim")].map((card) => card.getAttribute("data-verdict")).join();
    expect(verdicts()).toBe("PASS,FAIL,NOT PROVEN,NOT PROVEN,NOT PROVEN,NOT PROVEN");
    document.querySelector<HTMLButtonElement>("header button[lang=zh-Hans]")?.click();
    expect(verdicts()).toBe("PASS,FAIL,NOT PROVEN,NOT PROVEN,NOT PROVEN,NOT PROVEN");
    expect(document.querySelector(".claim h3")?.textContent).toBe(WORDS["zh-Hans"].INTEGRITY);
    expect(document.querySelector("b")).toBeNull();
  });
});

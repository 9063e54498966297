// Scanning a code: the camera, a light, and a field to type into where the code cannot be read.
import type { App } from "../app";
import { codeReader, type Reader } from "../reader";
import { signal } from "../signal";
import { type Child, h } from "../view";
import { big, page } from "./frame";
import { viewfinder } from "./photo";

const LOOK_MS = 200;
/** As often in a row may a look fail; a camera that is just starting makes one or two of them fail. */
const FAILURES = 10;

/** What is wanted, and what becomes of a code: words about what is wrong with it, or nothing when it is taken. */
export interface Scan {
  title: string;
  typed: string;
  text: string;
  wrong?: string;
  /** No reader could be had: typing is what is left. */
  blind?: boolean;
  take: (code: string) => string | undefined;
}

export function startScan(app: App, { title, typed, take }: Pick<Scan, "title" | "typed" | "take">): void {
  app.set({ scan: { title, typed, take, text: "" } });
  void look(app);
}

function endScan(app: App): void {
  const { scan: _, ...rest } = app.state;
  app.state = rest;
  app.camera.stop();
  app.set({});
}

function offer(app: App, code: string): void {
  const { scan } = app.state;
  if (scan === undefined || code.trim() === "") return;
  const wrong = scan.take(code);
  signal(wrong === undefined ? "done" : "refused");
  if (wrong === undefined) endScan(app);
  else app.set({ scan: { ...scan, wrong } });
}

/** The code before the camera, read by that reader; nothing while there is no picture. */
async function seen(app: App, read: Reader): Promise<string | undefined> {
  const video = document.querySelector<HTMLVideoElement>(".finder-video");
  return video !== null && app.camera.state === "live" ? read(video) : undefined;
}

/**
 * Looks again and again, as long as somebody scans; the same code is not refused twice in a row. One look that fails is
 * followed by the next; only when there is no reader, or none of its looks succeeds, typing is what is left.
 */
async function look(app: App): Promise<void> {
  const mine = app.state.scan?.take;
  const isOn = () => app.state.scan !== undefined && app.state.scan.take === mine;
  const read = await codeReader().catch(() => undefined);
  let last = "";
  let failures = read === undefined ? FAILURES : 0;
  while (isOn() && failures < FAILURES && read !== undefined) {
    try {
      const code = await seen(app, read);
      if (code !== undefined && code !== last && isOn()) offer(app, code);
      last = code ?? last;
      failures = 0;
    } catch {
      failures += 1;
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  const { scan } = app.state;
  if (scan !== undefined && isOn()) app.set({ scan: { ...scan, blind: true } });
}

export function scanScreen(app: App, scan: Scan): Child[] {
  const { t } = app.words;
  return page(app, "scan", {
    bar: { title: scan.title, back: () => endScan(app) },
    class: "screen-scan",
    body: [
      scan.blind === true ? h("p.say-held", { role: "status" }, t("scan_blind")) : viewfinder(app),
      scan.wrong !== undefined && h("p.say-alarm", { key: "wrong", role: "alert" }, scan.wrong),
      h(
        "label.words-field",
        { key: "typed" },
        h("span", {}, scan.typed),
        h("input", {
          type: "text",
          autocomplete: "off",
          autocapitalize: "characters",
          value: scan.text,
          on: {
            input: (event) => {
              const { value } = event.target as HTMLInputElement;
              if (app.state.scan !== undefined) app.set({ scan: { ...app.state.scan, text: value } });
            },
          },
        }),
      ),
    ],
    action: big(app, {
      words: t("scan_typed"),
      icon: "check",
      look: scan.text.trim() === "" ? "plain" : "primary",
      disabled: scan.text.trim() === "",
      click: () => offer(app, scan.text),
    }),
  });
}

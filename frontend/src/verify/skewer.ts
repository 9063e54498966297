// The skewer of the job, drawn with the marks and style sheet of the office's skewer.

import type { Haw } from "../flow";
import { timeIn } from "../lib/time-of-day";
import { h, s } from "./dom";
import type { Picture, Story } from "./story";
import { inLanguage, type Language, say, type Word } from "./words";

export type Look = Haw["state"] | "found" | "late";
type Job = NonNullable<Story["job"]>;

export interface SkewerOptions {
  job: Job;
  pictures: Picture[];
  language: Language;
  nameOf: (ref: string) => string;
  thumb: (file: string) => Promise<string | null>;
  /** Called with the number of the first picture of a haw. */
  onPick: (picture: number) => void;
}

const isReached = (haw: Haw) => haw.state === "now" || haw.state === "held" || haw.state === "done";

/** How a haw looks: what was found, a photo that is not the one recorded, or lateness comes before its state. */
export function lookOf(haw: Haw, pictures: Picture[]): Look {
  const altered = pictures.some(
    ({ commitment, file, intact }) => haw.photos.includes(commitment) && file !== null && !intact,
  );
  if (isReached(haw) && (haw.found || altered)) return "found";
  return haw.overdue ? "late" : haw.state;
}

/** The drawing among the page's marks (`haw_marks.html`) that stands around the haw; it leaves room for a photo. */
function markOf(look: Look, state: Haw["state"], hasPhoto: boolean): string {
  if (look === "done") return hasPhoto ? "done" : "done-bare";
  if (look === "found") return state === "now" && !hasPhoto ? "found-now" : "found";
  return hasPhoto && (look === "now" || look === "late") ? `${look}-photo` : look;
}

/** Draws the haw; its photo comes in when it has been made small. */
function fillHaw(
  item: HTMLElement,
  look: Look,
  { haw, count }: Bead,
  thumb: Promise<string | null> | null,
): HTMLElement {
  const disc = h("span", { class: "haw-disc" });
  const draw = (url: string | null) => {
    const use = s("use", { href: `#haw-${markOf(look, haw.state, url !== null)}` });
    const photo = url !== null && h("img", { class: "haw-photo", src: url, alt: "", width: 96, height: 96 });
    disc.replaceChildren();
    if (photo) disc.append(photo);
    disc.append(s("svg", { class: "haw-mark", "aria-hidden": "true", focusable: "false" }, use));
    if (count > 1) disc.append(h("span", { class: "haw-count" }, `×${count}`));
    item.classList.toggle("haw-bare", url === null);
  };
  draw(null);
  void thumb?.then(draw);
  return h("span", { class: "haw-box" }, disc);
}

function names(by: string[], nameOf: (ref: string) => string): string {
  if (by.length <= 2) return by.map(nameOf).join(" ");
  return `${nameOf(by[0] ?? "")} +${by.length - 1}`;
}

function hawText(haw: Haw, number: number, look: Look, { job, language, nameOf }: SkewerOptions): HTMLElement {
  const title = inLanguage(job.template.steps.get(haw.path)?.step.title, language);
  const isPlain = ["done", "now", "waiting", "maybe"].includes(look);
  const note =
    haw.at !== undefined &&
    h(
      "span",
      { class: "haw-note" },
      h("time", { datetime: haw.at }, timeIn(undefined, new Date(haw.at), false)),
      ` ${names(haw.by, nameOf)}`,
    );
  return h(
    "span",
    { class: "haw-text" },
    h("span", { class: "haw-title" }, h("span", { class: "unseen" }, `${number}. `), title),
    note,
    h("span", { class: isPlain ? "unseen" : "haw-note haw-badge" }, say(language, `state_${look}` as Word)),
  );
}

/** A haw as it is drawn: `count` photos, or steps that may not be needed. */
interface Bead {
  haw: Haw;
  count: number;
}

/** Steps in a row that may not be needed are one bead until they are. */
function beadsOf(haws: Haw[]): Bead[] {
  const beads: Bead[] = [];
  for (const haw of haws) {
    const before = beads.at(-1);
    if (haw.state === "maybe" && before?.haw.state === "maybe") before.count += 1;
    else beads.push({ haw, count: haw.state === "maybe" ? 1 : haw.photos.length });
  }
  return beads;
}

function hawItem(bead: Bead, number: number, options: SkewerOptions): HTMLElement {
  const { haw } = bead;
  const look = lookOf(haw, options.pictures);
  const first = options.pictures.findIndex(({ commitment }) => haw.photos.includes(commitment));
  const file = options.pictures[first]?.intact ? options.pictures[first]?.file : null;
  const item = h("li", { class: `haw haw-${look}` });
  const inside = [
    fillHaw(item, look, bead, file && isReached(haw) ? options.thumb(file) : null),
    hawText(haw, number, look, options),
  ];
  item.append(
    first < 0
      ? h("span", { class: "haw-link" }, ...inside)
      : h("button", { class: "haw-link", type: "button", click: () => options.onPick(first) }, ...inside),
  );
  return item;
}

/** The whole skewer, stage by stage. */
export function drawSkewer(options: SkewerOptions): HTMLElement {
  const { job, language } = options;
  const stages = job.template.stages.map(({ stage }) => ({
    title: inLanguage(stage.title, language),
    beads: beadsOf(job.haws.filter((haw) => haw.stage === stage.stage)),
  }));
  let number = 0;
  const items = stages
    .filter((stage) => stage.beads.length > 0)
    .map(({ title, beads }) => {
      const done = beads.filter(({ haw }) => haw.state === "done").length;
      const count = h("span", { class: "number" }, `${done}/${beads.length}`);
      const list = beads.map((bead) => {
        number += 1;
        return hawItem(bead, number, options);
      });
      return h(
        "li",
        { class: `skewer-stage of-${Math.min(beads.length, 12)}` },
        h("p", { class: "skewer-stage-title" }, title, count),
        h("ol", { class: "skewer-haws" }, ...list),
      );
    });
  const mood = job.state.leaving ? " is-cut" : job.state.status === "stopped" ? " is-stopped" : "";
  const about = { class: `skewer skewer-large${mood}`, role: "group", "aria-label": say(language, "skewer") };
  return h("div", about, h("ol", { class: "skewer-stages" }, ...items));
}

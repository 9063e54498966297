// The skewer of the job, drawn with the marks and style sheet of the office's skewer.
import type { Haw } from "../flow";
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

/** How a haw looks: what was found or is overdue comes before its state. */
export function lookOf(haw: Haw): Look {
  const reached = haw.state === "now" || haw.state === "held" || haw.state === "done";
  if (reached && haw.found) return "found";
  return haw.overdue ? "late" : haw.state;
}

const circle = (kind: string, r: number) => s("circle", { class: `mark-${kind}`, cx: 24, cy: 24, r });
const line = (d: string) => s("path", { class: "mark-line", d });
const badge = () => s("circle", { class: "mark-badge", cx: 38, cy: 38, r: 8.5 });
const signPath = (d: string) => s("path", { class: "mark-sign", d });
const mark = (...parts: SVGElement[]) =>
  s("svg", { class: "haw-mark", viewBox: "0 0 48 48", "aria-hidden": "true", focusable: "false" }, ...parts);

function hollow(look: Look): SVGElement {
  if (look === "skipped") return mark(circle("ground", 12.5), circle("ring", 11.5), line("M19 24h10"));
  if (look === "returned") {
    return mark(circle("ground", 19), circle("ring", 18), line("M20 17l-5 5 5 5M15.5 22h11a6 6 0 0 1 0 12h-5"));
  }
  const question = s("text", { class: "mark-word", x: 24, y: 29.5 }, "?");
  return mark(circle("ground", 16), circle("ring", 15.5), ...(look === "maybe" ? [question] : []));
}

function ground(look: Look, hasPhoto: boolean): SVGElement {
  if (hasPhoto || look === "now" || look === "late") return mark(circle("ground", 22));
  const soft = look === "held" ? s("path", { class: "mark-soft", d: "M4 24a20 20 0 0 0 40 0z" }) : circle("soft", 20.5);
  return mark(circle("ground", 22), soft);
}

function signs(look: Look, hasPhoto: boolean): SVGElement[] {
  if (look === "done")
    return hasPhoto ? [badge(), signPath("M34.2 38.2l2.8 2.9 4.9-5.4")] : [line("M15.5 24.5l6 6.2 11-12.2")];
  if (look === "found") {
    return [s("path", { class: "mark-badge", d: "M37 26.5l10 18H27z" }), signPath("M37 33v5M37 41.3v.3")];
  }
  if (look === "held") return [badge(), signPath("M38 42v-7.6M34.8 37.4l3.2-3.2 3.2 3.2")];
  const core = hasPhoto ? s("circle", { class: "mark-core-small", cx: 38, cy: 38, r: 3.2 }) : circle("core", 9.5);
  const now = hasPhoto ? [badge(), core] : [core];
  if (look !== "late") return now;
  return [...now, s("circle", { class: "mark-badge", cx: 38, cy: 10, r: 8.5 }), signPath("M38 5.4V10l3.2 2.2")];
}

function disc(look: Look, photos: number, thumb: Promise<string | null> | null): HTMLElement {
  const box = h("span", { class: "haw-disc" });
  if (["waiting", "maybe", "skipped", "returned"].includes(look)) box.append(hollow(look));
  else box.append(ground(look, false), mark(circle("ring", 21.5), ...signs(look, false)));
  if (photos > 1) box.append(h("span", { class: "haw-count" }, `×${photos}`));
  void thumb?.then((url) => {
    if (url === null || box.childElementCount < 2) return;
    const photo = h("img", { class: "haw-photo", src: url, alt: "", width: 96, height: 96 });
    const count = photos > 1 ? [h("span", { class: "haw-count" }, `×${photos}`)] : [];
    box.replaceChildren(ground(look, true), photo, mark(circle("ring", 21.5), ...signs(look, true)), ...count);
  });
  return box;
}

/** Hours and minutes as the reader writes them. */
export function clock(time: string, language: Language): string {
  return new Date(time).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hour12: false });
}

function hawText(haw: Haw, number: number, look: Look, { job, language, nameOf }: SkewerOptions): HTMLElement {
  const title = inLanguage(job.template.steps.get(haw.path)?.step.title, language);
  const state = say(language, `state_${look}` as Word);
  const isPlain = look === "done" || look === "now" || look === "waiting";
  const who = haw.by.map(nameOf).join(" ");
  return h(
    "span",
    { class: "haw-text" },
    h("span", { class: "haw-title" }, h("span", { class: "unseen" }, `${number}. `), title),
    haw.at !== undefined &&
      h("span", { class: "haw-note" }, h("time", { datetime: haw.at }, clock(haw.at, language)), ` ${who}`),
    h("span", { class: isPlain ? "unseen" : "haw-note haw-badge" }, state),
  );
}

function hawItem(haw: Haw, number: number, options: SkewerOptions): HTMLElement {
  const look = lookOf(haw);
  const first = options.pictures.findIndex(({ commitment }) => haw.photos.includes(commitment));
  const file = options.pictures[first]?.intact ? options.pictures[first]?.file : null;
  const inside = [
    h("span", { class: "haw-box" }, disc(look, haw.photos.length, file ? options.thumb(file) : null)),
    hawText(haw, number, look, options),
  ];
  const link =
    first < 0
      ? h("span", { class: "haw-link" }, ...inside)
      : h("button", { class: "haw-link", type: "button", click: () => options.onPick(first) }, ...inside);
  return h("li", { class: `haw haw-${look}` }, link);
}

/** The whole skewer, stage by stage. */
export function drawSkewer(options: SkewerOptions): HTMLElement {
  const { job, language } = options;
  const stages = job.template.stages.map(({ stage }) => ({
    title: inLanguage(stage.title, language),
    haws: job.haws.filter((haw) => haw.stage === stage.stage),
  }));
  let number = 0;
  const items = stages
    .filter((stage) => stage.haws.length > 0)
    .map(({ title, haws }) => {
      const done = haws.filter((haw) => haw.state === "done").length;
      const count = h("span", { class: "number" }, `${done}/${haws.length}`);
      const list = haws.map((haw) => {
        number += 1;
        return hawItem(haw, number, options);
      });
      return h(
        "li",
        { class: `skewer-stage of-${Math.min(haws.length, 12)}` },
        h("p", { class: "skewer-stage-title" }, title, count),
        h("ol", { class: "skewer-haws" }, ...list),
      );
    });
  const mood = job.state.leaving ? " is-cut" : job.state.status === "stopped" ? " is-stopped" : "";
  const about = { class: `skewer skewer-large${mood}`, role: "group", "aria-label": say(language, "skewer") };
  return h("div", about, h("ol", { class: "skewer-stages" }, ...items));
}

// The skewer on the phone: the same list of stages and haws, with the same marks, as the office draws.
import type { Haw } from "../../flow";
import type { App } from "../app";
import type { Job } from "../fold";
import type { Pictures } from "../pictures";
import { type Child, h, type Node_ } from "../view";
import { page } from "./frame";

type Look = "done" | "found" | "now" | "late" | "held" | "waiting" | "maybe" | "skipped" | "returned";

function lookOf(haw: Haw): Look {
  if (haw.overdue) return "late";
  if (haw.found && ["done", "held", "now"].includes(haw.state)) return "found";
  return haw.state;
}

const ring = (r: number) => h("circle.mark-ring", { cx: 24, cy: 24, r });
const ground = (r: number) => h("circle.mark-ground", { cx: 24, cy: 24, r });
const line = (d: string) => h("path.mark-line", { d });
const sign = (d: string) => h("path.mark-sign", { d });
const badge = (cx: number, cy: number) => h("circle.mark-badge", { cx, cy, r: 8.5 });

function hollow(look: Look): Child[] {
  if (look === "waiting") return [ground(16), ring(15.5)];
  if (look === "maybe") return [ground(16), ring(15.5), h("text.mark-word", { x: 24, y: 29.5 }, "?")];
  if (look === "skipped") return [ground(12.5), ring(11.5), line("M19 24h10")];
  return [ground(19), ring(18), line("M20 17l-5 5 5 5M15.5 22h11a6 6 0 0 1 0 12h-5")];
}

function doneMark(hasPicture: boolean): Child[] {
  if (!hasPicture) return [line("M15.5 24.5l6 6.200 11-12.200")];
  return [h("g.mark-badge-group", {}, badge(38, 38), sign("M34.200 38.200l2.800 2.900 4.900-5.400"))];
}

function nowMark(look: Look, hasPicture: boolean): Child[] {
  return [
    hasPicture
      ? [badge(38, 38), h("circle.mark-core-small", { cx: 38, cy: 38, r: 3.2 })]
      : h("circle.mark-core", { cx: 24, cy: 24, r: 9.5 }),
    look === "late" && [badge(38, 10), sign("M38 5.400V10l3.200 2.200")],
  ];
}

function markOf(look: Look, hasPicture: boolean): Child[] {
  if (look === "done") return doneMark(hasPicture);
  if (look === "now" || look === "late") return nowMark(look, hasPicture);
  if (look === "held") return [badge(38, 38), sign("M38 42v-7.600M34.800 37.400l3.200-3.200 3.200 3.200")];
  return [
    h("g.mark-badge-group", {}, h("path.mark-badge", { d: "M37 26.500l10 18H27z" }), sign("M37 33v5M37 41.300v.3")),
  ];
}

function svg(...inside: Child[]): Node_ {
  return h("svg.haw-mark", { viewBox: "0 0 48 48", "aria-hidden": "true", focusable: "false" }, ...inside);
}

function box(haw: Haw, look: Look, picture: string | undefined): Node_ {
  const empty = ["waiting", "maybe", "skipped", "returned"].includes(look);
  const has = picture !== undefined && !empty;
  return h(
    "span.haw-box",
    {},
    h(
      "span.haw-disc",
      {},
      empty
        ? svg(...hollow(look))
        : [
            svg(
              ground(22),
              !has && look === "held" && h("path.mark-soft", { d: "M4 24a20 20 0 0 0 40 0z" }),
              !has && ["done", "found"].includes(look) && h("circle.mark-soft", { cx: 24, cy: 24, r: 20.5 }),
            ),
            has && h("img.haw-photo", { src: picture, alt: "", width: 96, height: 96 }),
            svg(ring(21.5), ...markOf(look, has)),
          ],
      haw.n > 1 && h("span.haw-count", {}, `×${haw.n}`),
    ),
  );
}

function stages(job: Job): { id: string; title: { [tag: string]: string }; haws: Haw[] }[] {
  return job.template.stages
    .map(({ stage }) => ({
      id: stage.stage,
      title: stage.title,
      haws: job.haws.filter((haw) => haw.stage === stage.stage),
    }))
    .filter(({ haws }) => haws.length > 0);
}

export interface Drawn {
  app: App;
  job: Job;
  pictures: Pictures;
}

/** A line in a list: the marks alone, and one sentence for those who hear it. */
export function smallSkewer({ app, job, pictures }: Drawn): Node_ {
  const done = job.haws.filter((haw) => haw.state === "done").length;
  const label = app.words.t("jobs_progress", { done, all: job.haws.length });
  const stopped = job.state.status === "stopped" ? "is-stopped" : "";
  return h(
    "div.skewer.skewer-small",
    { role: "img", "aria-label": label, class: stopped },
    h(
      "div.skewer-stages",
      {},
      stages(job).map(({ id, haws }) =>
        h(
          `div.skewer-stage.of-${haws.length}`,
          { key: id },
          h(
            "div.skewer-haws",
            {},
            haws.map((haw) => {
              const look = lookOf(haw);
              const last = haw.photos.at(-1);
              const picture = last === undefined ? undefined : pictures.url(last, job.shots);
              return h(`div.haw.haw-${look}`, { key: haw.path }, h("span.haw-link", {}, box(haw, look, picture)));
            }),
          ),
        ),
      ),
    ),
  );
}

/** Who, when, and what is special about it. */
function noteOf(app: App, haw: Haw, look: Look): string {
  const { t, clock } = app.words;
  const reached = haw.at !== undefined && ["done", "held", "now"].includes(haw.state);
  const parts = [
    reached && haw.at !== undefined ? clock(haw.at) : "",
    haw.by.map((ref) => app.nameOf(ref)).join(" "),
    look === "late" ? t("job_overdue") : "",
    look === "held" ? t("jobs_waits_photos") : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** The whole job from top to bottom. */
export function skewerScreen(drawn: Drawn): Child[] {
  const { app, job, pictures } = drawn;
  const { text } = app.words;
  const stopped = job.state.status === "stopped" ? "is-stopped" : "";
  const cut = job.state.leaving !== undefined ? "is-cut" : "";
  let number = 0;
  return page(app, "skewer", {
    bar: {
      title: app.equipmentOf(job) || text(job.template.document.title),
      note: text(job.template.document.title),
      back: () => app.go({ name: "job", run: job.run }),
    },
    body: h(
      "div.skewer.skewer-large",
      { class: `${stopped} ${cut}` },
      h(
        "ol.skewer-stages",
        {},
        stages(job).map(({ id, title, haws }) =>
          h(
            `li.skewer-stage.of-${haws.length}`,
            { key: id },
            h(
              "p.skewer-stage-title",
              {},
              text(title),
              h("span.number", {}, `${haws.filter((haw) => haw.state === "done").length}/${haws.length}`),
            ),
            h(
              "ol.skewer-haws",
              {},
              haws.map((haw) => {
                number += 1;
                const look = lookOf(haw);
                const last = haw.photos.at(-1);
                const picture = last === undefined ? undefined : pictures.url(last, job.shots);
                const note = noteOf(app, haw, look);
                return h(
                  `li.haw.haw-${look}`,
                  { key: haw.path, "aria-current": haw.state === "now" ? "step" : undefined },
                  h(
                    "span.haw-link",
                    {},
                    box(haw, look, picture),
                    h(
                      "span.haw-text",
                      {},
                      h(
                        "span.haw-title",
                        {},
                        h("span.unseen", {}, `${number}. `),
                        text(job.template.steps.get(haw.path)?.step.title),
                      ),
                      note !== "" && h("span.haw-note", {}, note),
                    ),
                  ),
                );
              }),
            ),
          ),
        ),
      ),
    ),
  });
}

// The skewer on the phone: the same list of stages and haws, with the same marks, as the office draws.
import type { Haw } from "../../flow";
import type { App } from "../app";
import type { Job } from "../fold";
import type { Pictures } from "../pictures";
import { type Child, h, type Node_ } from "../view";
import { page } from "./frame";
import { locksButton } from "./locks";
import { peopleButton } from "./people";

type Look = "done" | "found" | "now" | "late" | "held" | "waiting" | "maybe" | "skipped" | "returned";

function lookOf(haw: Haw): Look {
  if (haw.overdue) return "late";
  if (haw.found && ["done", "held", "now"].includes(haw.state)) return "found";
  return haw.state;
}

/** The drawing among the page's marks (`haw_marks.html`) that stands around the haw; it leaves room for a photo. */
function markOf(look: Look, state: Haw["state"], hasPhoto: boolean): string {
  if (look === "done") return hasPhoto ? "done" : "done-bare";
  if (look === "found") return state === "now" && !hasPhoto ? "found-now" : "found";
  return hasPhoto && (look === "now" || look === "late") ? `${look}-photo` : look;
}

function box(haw: Haw, look: Look, picture: string | undefined): Node_ {
  const photo = picture !== undefined && h("img.haw-photo", { src: picture, alt: "", width: 96, height: 96 });
  const use = h("use", { href: `#haw-${markOf(look, haw.state, picture !== undefined)}` });
  return h(
    "span.haw-box",
    {},
    h(
      "span.haw-disc",
      {},
      photo,
      h("svg.haw-mark", { "aria-hidden": "true", focusable: "false" }, use),
      haw.n > 1 && h("span.haw-count", {}, `×${haw.n}`),
    ),
  );
}

const EMPTY = new Set<Look>(["waiting", "maybe", "skipped", "returned"]);

/** The last photo of a haw, where it is drawn with one. */
function pictureOf({ job, pictures }: Drawn, haw: Haw, look: Look): string | undefined {
  const last = haw.photos.at(-1);
  return last === undefined || EMPTY.has(look) ? undefined : pictures.url(last, job.shots);
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

/** What may never come is one haw in a line, however many steps it has. */
function gathered(haws: Haw[]): Haw[] {
  return haws.filter((haw, at) => haw.state !== "maybe" || haws[at - 1]?.state !== "maybe");
}

/** A line in a list: the marks alone, and one sentence for those who hear it. */
export function smallSkewer(drawn: Drawn): Node_ {
  const { app, job } = drawn;
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
            gathered(haws).map((haw) => {
              const look = lookOf(haw);
              const picture = pictureOf(drawn, haw, look);
              const bare = picture === undefined ? ".haw-bare" : "";
              return h(`div.haw.haw-${look}${bare}`, { key: haw.path }, box(haw, look, picture));
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
function largeSkewer(drawn: Drawn): Node_ {
  const { app, job } = drawn;
  const { text } = app.words;
  const stopped = job.state.status === "stopped" ? "is-stopped" : "";
  const cut = job.state.leaving !== undefined ? "is-cut" : "";
  let number = 0;
  return h(
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
              const picture = pictureOf(drawn, haw, look);
              const note = noteOf(app, haw, look);
              return h(
                `li.haw.haw-${look}${picture === undefined ? ".haw-bare" : ""}`,
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
  );
}

export function skewerScreen(drawn: Drawn): Child[] {
  const { app, job } = drawn;
  const { text } = app.words;
  return page(app, "skewer", {
    bar: {
      title: app.equipmentOf(job) || text(job.template.document.title),
      note: text(job.template.document.title),
      back: () => app.go({ name: "job", run: job.run }),
    },
    body: [
      largeSkewer(drawn),
      h("div.ends", { key: "ends" }, locksButton(app, job), job.state.status === "open" && peopleButton(app, job)),
    ],
  });
}

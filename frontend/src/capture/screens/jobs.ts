// My jobs: whose turn it is, and what was begun but not finished.
import type { Shot } from "../../lib/idb-store";
import * as acts from "../acts";
import type { App } from "../app";
import { type Job, openSteps } from "../fold";
import { icon, logo } from "../icons";
import type { Pictures } from "../pictures";
import { type Child, h, type Node_ } from "../view";
import { big, page } from "./frame";
import { smallSkewer } from "./skewer";

const LATELY_MS = 24 * 3600_000;

/** Who can do the step that a job waits for. */
export function waitsFor(app: App, job: Job): { who: string; step: string } | undefined {
  const first = openSteps(job)[0];
  if (first === undefined) return undefined;
  const undone = first.activation.tasks.filter((task) => task.done_by === undefined);
  const refs = undone.flatMap((task) =>
    task.member === undefined ? task.parts.flatMap((part) => job.state.people[part] ?? []) : [task.member],
  );
  const names = [...new Set(refs)].map((ref) => app.nameOf(ref));
  const who = new Intl.ListFormat(app.words.language, { type: "conjunction" }).format(names);
  return { who: who || app.words.t("unknown_person"), step: app.words.text(first.place.step.title) };
}

function isMine(job: Job): boolean {
  return job.state.status === "open" && job.tasks.some((task) => task.mine && task.waits_until === undefined);
}

function line(app: App, job: Job): Child {
  const { t } = app.words;
  if (job.state.status === "stopped") return h("span.pill.pill-stop", {}, t("jobs_stopped"));
  if (job.state.status === "ended") return h("span.pill.pill-done", {}, t("jobs_ended"));
  if (isMine(job)) return h("span.pill.pill-turn", {}, t("jobs_your_turn"));
  const waits = waitsFor(app, job);
  if (waits === undefined) return h("span.job-line", {}, t("jobs_waits_photos"));
  return h("span.job-line", {}, t("jobs_waits", waits));
}

function card(app: App, job: Job, pictures: Pictures): Node_ {
  const { text, t } = app.words;
  const title = text(job.template.document.title);
  const equipment = app.equipmentOf(job);
  const done = job.haws.filter((haw) => haw.state === "done").length;
  return h(
    "li",
    { key: job.run },
    h(
      `button.job-card${isMine(job) ? ".job-card-mine" : ""}`,
      { type: "button", on: { click: () => app.go({ name: "job", run: job.run }) } },
      h("span.job-head", {}, h("span.job-title", {}, equipment || title), line(app, job)),
      h("span.job-note", {}, equipment === "" ? "" : `${title} · `, t("jobs_progress", { done, all: job.haws.length })),
      smallSkewer({ app, job, pictures }),
    ),
  );
}

function unused(app: App, pictures: Pictures): Child {
  const shots = app.state.unused.filter((shot) => shot.commitment !== app.state.draft.review?.shot.commitment);
  if (shots.length === 0) return false;
  const { t } = app.words;
  return h(
    "section.unused",
    { "aria-label": t("jobs_unused", { n: shots.length }) },
    h("h2.unused-title", {}, icon("camera"), t("jobs_unused", { n: shots.length })),
    h("p", {}, t("jobs_unused_say")),
    h(
      "ul.unused-list",
      {},
      shots.map((shot) => unusedOne(app, shot, pictures)),
    ),
  );
}

function unusedOne(app: App, shot: Shot, pictures: Pictures): Node_ {
  const { t, text } = app.words;
  const job = app.job(shot.run);
  const step = job?.template.steps.get(shot.step)?.step;
  const title = text(step?.photos[shot.slot]?.title ?? step?.title);
  return h(
    "li.unused-one",
    { key: shot.commitment },
    h("img", { src: pictures.url(shot.commitment, [shot]) ?? "", alt: t("photo_alt", { slot: title }) }),
    h("span.unused-words", {}, title),
    h(
      "div.unused-buttons",
      {},
      job !== undefined &&
        h(
          "button.small.small-primary",
          { type: "button", on: { click: () => void acts.usePhoto(app, job, shot) } },
          t("jobs_unused_use"),
        ),
      h("button.small", { type: "button", on: { click: () => void acts.retake(app, shot) } }, t("jobs_unused_drop")),
    ),
  );
}

export function jobsScreen(app: App, pictures: Pictures): Child[] {
  const { t } = app.words;
  const open = app.state.jobs.filter((job) => job.state.status !== "ended");
  const since = app.clock.now() - LATELY_MS;
  const ended = app.state.jobs.filter(
    (job) => job.state.status === "ended" && Date.parse(job.state.opened_at ?? "") > since,
  );
  const order = (a: Job, b: Job) =>
    Number(isMine(b)) - Number(isMine(a)) || (b.state.opened_at ?? "").localeCompare(a.state.opened_at ?? "");
  return page(app, "jobs", {
    bar: {
      title: t("jobs_title"),
      note: [app.state.session?.name, app.state.session?.tenant_name].filter(Boolean).join(" · "),
      end: h(
        "button.bar-button",
        { type: "button", "aria-label": t("settings_title"), on: { click: () => app.go({ name: "settings" }) } },
        icon("gear"),
      ),
    },
    body: [
      unused(app, pictures),
      open.length === 0 && h("div.empty", {}, logo(), h("h2", {}, t("jobs_none")), h("p", {}, t("jobs_none_say"))),
      h(
        "ul.job-list",
        {},
        open.sort(order).map((job) => card(app, job, pictures)),
      ),
      app.state.unloaded > 0 && h("p.quiet", {}, t("not_loaded")),
      ended.length > 0 && h("h2.heading", {}, t("jobs_done_heading")),
      ended.length > 0 &&
        h(
          "ul.job-list",
          {},
          ended.map((job) => card(app, job, pictures)),
        ),
    ],
    action: big(app, {
      words: t("jobs_start"),
      icon: "plus",
      look: open.some(isMine) ? "plain" : "primary",
      click: () => app.go({ name: "open" }),
    }),
  });
}

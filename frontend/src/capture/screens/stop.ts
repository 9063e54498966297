// Stop: two taps, a reason if there is time. And what comes after it.
import { holdsOne } from "../../flow";
import { entriesIn } from "../../flow/state";
import * as acts from "../acts";
import type { App } from "../app";
import { codesAgainst, type Job } from "../fold";
import { icon } from "../icons";
import type { Pictures } from "../pictures";
import { type Child, h } from "../view";
import { big, page, reasonField } from "./frame";
import { locksButton } from "./locks";
import { stopSeen } from "./news";
import { peopleButton } from "./people";
import { smallSkewer } from "./skewer";

export function stopScreen(app: App, job: Job): Child[] {
  const { t } = app.words;
  return page(app, "stop", {
    bar: {
      title: app.equipmentOf(job),
      note: app.words.text(job.template.document.title),
      back: () => app.go({ name: "job", run: job.run }),
    },
    class: "screen-stop",
    body: [
      h("h2.stop-title", {}, t("stop_title")),
      h("p.stop-say", {}, t("stop_say")),
      reasonField(app, t("stop_reason")),
    ],
    action: [
      big(app, { words: t("stop_now"), look: "alarm", click: () => void acts.stopRun(app, job) }),
      big(app, { words: t("back"), look: "plain", click: () => app.go({ name: "job", run: job.run }) }),
    ],
  });
}

/** Whoever is still inside comes out, also while the job is stopped. */
function wayOut(app: App, job: Job): Child {
  const { t, text } = app.words;
  return Object.entries(job.template.document.registers).map(([name, spec]) => {
    const inside = spec.kind === "locks" ? [] : entriesIn(job.state, name);
    if (inside.length === 0) return false;
    return [
      h("h3.heading", {}, `${text(spec.title)} · ${t("register_inside", { n: inside.length })}`),
      h(
        "ul.toggles",
        {},
        inside.map((entry) =>
          h(
            "li",
            { key: entry.item },
            h(
              "button.toggle.toggle-in",
              {
                type: "button",
                disabled: app.state.busy,
                on: { click: () => void acts.leave(app, job, undefined, name, entry.item) },
              },
              h("span.row-title", {}, spec.kind === "people" ? app.nameOf(entry.item) : entry.item),
              h("span.toggle-word", {}, t("register_out")),
            ),
          ),
        ),
      ),
    ];
  });
}

function isLead(app: App, job: Job): boolean {
  return holdsOne(job.template, job.state, job.template.document.leads, app.member, app.at()).length === 0;
}

export function stoppedBody(app: App, job: Job): { body: Child; action: Child } {
  const { t } = app.words;
  const lead = isLead(app, job);
  const lacks = app.state.draft.reason.trim() === "";
  const abandoned = codesAgainst(job, {
    type: "run.abandoned",
    actor: app.member,
    claimed_at: app.at(),
    data: {},
    commitments: { reason: "" },
  });
  return {
    body: [
      h(
        "div.stopped",
        { role: "alert" },
        h("h2.stopped-title", {}, t("stopped_title")),
        h("p", {}, t("stopped_say")),
        stopSeen(app, job),
      ),
      wayOut(app, job),
      locksButton(app, job),
      lead
        ? [reasonField(app, t("decide_reason_needed")), h("p.quiet", {}, t("resume_say"))]
        : h("p.quiet", {}, t("stopped_by_lead")),
      peopleButton(app, job),
    ],
    action: lead && [
      big(app, { words: t("resume"), icon: "check", disabled: lacks, click: () => void acts.resumeRun(app, job) }),
      abandoned.length === 0 &&
        big(app, { words: t("abandon"), look: "plain", disabled: lacks, click: () => void acts.abandonRun(app, job) }),
    ],
  };
}

export function endedBody(app: App, job: Job, pictures: Pictures): { body: Child; action: Child } {
  const { t, text } = app.words;
  const { outcome } = job.state;
  const completed = outcome === "completed" || outcome === undefined;
  const say = completed ? "job_ended_say" : (`job_ended_${outcome}` as const);
  return {
    body: h(
      "div.ended",
      {},
      h(`span.ended-mark${completed ? "" : ".ended-not"}`, {}, icon(completed ? "check" : "alarm")),
      h("h2.door-title", {}, completed ? t("job_ended") : t("jobs_ended")),
      h("p.door-say", {}, text(job.template.document.title)),
      h("p.door-say", {}, t(say)),
      smallSkewer({ app, job, pictures }),
    ),
    action: big(app, {
      words: t("job_all_steps"),
      look: "plain",
      icon: "string",
      click: () => app.go({ name: "skewer", run: job.run }),
    }),
  };
}

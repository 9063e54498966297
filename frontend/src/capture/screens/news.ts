// What stands over every other screen until it is answered: a stop, or a part that changes hands.
import { entriesIn } from "../../flow/state";
import type { FlowEvent } from "../../lib/events";
import * as acts from "../acts";
import type { App } from "../app";
import type { Job } from "../fold";
import { icon } from "../icons";
import { acknowledgedBy, type HandOver, type News, reasonOf, stopOf } from "../news";
import { type Child, h } from "../view";
import { big, page } from "./frame";

const titleOf = (app: App, job: Job) => app.equipmentOf(job) || app.words.text(job.template.document.title);

function names(app: App, refs: readonly string[]): string {
  return new Intl.ListFormat(app.words.language, { type: "conjunction" }).format(refs.map((ref) => app.nameOf(ref)));
}

/** Who stopped the job, when and why. */
function stopWords(app: App, job: Job, event: FlowEvent): Child {
  const { t, clock } = app.words;
  const reason = reasonOf(job, event.hash);
  return [
    h("p.alarm-who", {}, t("alarm_who", { who: app.nameOf(event.actor), time: clock(event.claimed_at) })),
    reason !== "" && h("blockquote.alarm-why", {}, reason),
  ];
}

function alarm(app: App, job: Job, event: FlowEvent): Child[] {
  const { t, text } = app.words;
  return page(app, `alarm:${event.hash}`, {
    bar: { title: titleOf(app, job), note: text(job.template.document.title) },
    class: "screen-alarm",
    body: h(
      "div.alarm",
      { role: "alert" },
      icon("alarm"),
      h("h2.alarm-title", {}, t("stopped_title")),
      stopWords(app, job, event),
      h("p.alarm-do", {}, t("alarm_do")),
    ),
    action: big(app, {
      words: t("alarm_seen"),
      icon: "check",
      click: () => void acts.acknowledge(app, job, event.hash),
    }),
  });
}

/** Who knows of the stop, and who does not yet. */
export function stopSeen(app: App, job: Job): Child {
  const stop = stopOf(job);
  if (stop === undefined) return false;
  const { t } = app.words;
  const seen = [stop.actor, ...acknowledgedBy(job.events, stop.hash)];
  const waits = [...new Set(Object.values(job.state.people).flat())].filter((ref) => !seen.includes(ref));
  return [
    stopWords(app, job, stop),
    h("p.alarm-seen", {}, waits.length === 0 ? t("alarm_all_seen") : t("alarm_not_seen", { who: names(app, waits) })),
  ];
}

/** What whoever takes over must know first: who is inside, what is locked. */
function inside(app: App, job: Job): Child {
  const { text, t } = app.words;
  const rows = Object.entries(job.template.document.registers).map(([name, spec]) => {
    const entries = entriesIn(job.state, name);
    const items = entries.map(({ item }) => (spec.kind === "people" ? app.nameOf(item) : item));
    return h(
      "div.value",
      { key: name },
      h("dt", {}, text(spec.title)),
      h("dd", {}, items.length === 0 ? t("over_none") : `${items.length} · ${items.join(" · ")}`),
    );
  });
  return rows.length > 0 && h("dl.values", {}, rows);
}

function handOver(app: App, job: Job, over: HandOver): Child[] {
  const { t, text } = app.words;
  const part = text(job.template.document.people[over.part]?.title);
  const takes = over.came.includes(app.member);
  const others = takes ? over.gone : over.came;
  const reason = reasonOf(job, over.event.hash);
  return page(app, `over:${over.event.hash}`, {
    bar: { title: titleOf(app, job), note: text(job.template.document.title) },
    class: "screen-over",
    body: h(
      "div.over",
      {},
      h("h2.step-title", {}, t(takes ? "over_takes" : "over_gives", { part })),
      others.length > 0 && h("p.over-who", {}, t(takes ? "over_from" : "over_to", { who: names(app, others) })),
      h(
        "p.quiet",
        {},
        t("over_by", { who: app.nameOf(over.event.actor), time: app.words.clock(over.event.claimed_at) }),
      ),
      reason !== "" && h("blockquote.over-why", {}, reason),
      inside(app, job),
      h("p.over-do", {}, t(takes ? "over_takes_do" : "over_gives_do")),
    ),
    action: big(app, {
      words: t(takes ? "over_take" : "over_give"),
      icon: "sign",
      look: "done",
      click: () => void acts.acknowledge(app, job, over.event.hash),
    }),
  });
}

/** Whom a change of people still waits for; work may go on meanwhile, but everybody sees it. */
export function handOverNote(app: App, job: Job, open: readonly HandOver[]): Child {
  return open.map(({ event, part, waits }) =>
    h(
      "p.say-held",
      { key: event.hash, role: "status" },
      icon("person"),
      app.words.t("over_waits", {
        part: app.words.text(job.template.document.people[part]?.title),
        who: names(app, waits),
      }),
    ),
  );
}

export function newsScreen(app: App, news: News): Child[] {
  return news.kind === "stop" ? alarm(app, news.job, news.event) : handOver(app, news.job, news.over);
}

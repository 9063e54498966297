// What every screen has: a bar above, a line about photos below, and one place for bad and good news.
import type { App } from "../app";
import { icon } from "../icons";
import { type Child, h, type Node_ } from "../view";
import { standingNotes } from "./notes";

export interface Bar {
  title: Child;
  note?: Child;
  back?: () => void;
  end?: Child;
}

export function bar(app: App, { title, note, back, end }: Bar): Node_ {
  const { t } = app.words;
  return h(
    "header.bar",
    { key: "bar" },
    back && h("button.bar-button", { type: "button", "aria-label": t("back"), on: { click: back } }, icon("back")),
    h("div.bar-words", {}, h("h1.bar-title", {}, title), note && h("p.bar-note", {}, note)),
    end && h("div.bar-end", {}, end),
  );
}

/** Kept, sent, accepted, and in words whether there is a network: always in sight. */
export function foot(app: App): Node_ {
  const { counts, network, sending } = app.state;
  const { t } = app.words;
  const said = networkWords(app);
  const number = (word: "sync_kept" | "sync_sent" | "sync_accepted", n: number) =>
    h("span.foot-count", { "aria-hidden": "true" }, `${t(word)} `, h("b", {}, n));
  const { kept, sent, accepted } = counts;
  const look =
    counts.stuck > 0 ? ".foot-stuck" : network !== "good" ? ".foot-offline" : isDelivered(app) ? ".foot-done" : "";
  return h(
    `button.foot${look}`,
    { key: "foot", type: "button", on: { click: () => app.go({ name: "outbox" }) } },
    h(
      "span.unseen",
      { role: "status", "aria-live": "polite" },
      `${t("sync_summary", { kept, sent, accepted })} · ${said}`,
    ),
    h("span.foot-counts", {}, number("sync_kept", kept), number("sync_sent", sent), number("sync_accepted", accepted)),
    h("span.foot-network", { "aria-hidden": "true" }, sending && network === "good" && h("span.foot-dot"), said),
  );
}

function isDelivered({ state: { counts, sending } }: App): boolean {
  return !sending && counts.waiting === 0 && counts.accepted === counts.kept;
}

function networkWords(app: App): string {
  const { counts, network } = app.state;
  const { t } = app.words;
  if (counts.stuck > 0) return t("sync_stuck", { n: counts.stuck });
  if (network !== "good") return t("sync_offline");
  return t(isDelivered(app) ? "sync_all" : "sync_sending");
}

export function notes(app: App): Child[] {
  const { problem, toast, network } = app.state;
  const { t } = app.words;
  return [
    problem !== undefined &&
      h(
        "div.problem",
        { key: "problem", role: "alert" },
        icon("alarm"),
        h("p", {}, problem),
        h("button.problem-close", { type: "button", on: { click: () => app.complain(undefined) } }, t("close")),
      ),
    network === "signed_out" &&
      h("div.problem.problem-quiet", { key: "signed-out", role: "status" }, h("p", {}, t("signed_out"))),
    ...standingNotes(app),
    h(
      "div.toast-place",
      { key: "toast", role: "status", "aria-live": "polite" },
      toast !== undefined && h("p.toast", {}, icon("check"), toast),
    ),
  ];
}

export interface Page {
  bar: Bar;
  body: Child;
  /** The big button, in reach of the thumb. */
  action?: Child;
  /** What the button is about, where one screen asks one thing after the other. */
  turn?: string;
  class?: string;
}

const SETTLES_MS = 300;

/** The second tap of a trembling hand is not for the button that has just come where the other one was. */
function settle(element: HTMLElement): () => void {
  element.inert = true;
  const timer = setTimeout(() => {
    element.inert = false;
  }, SETTLES_MS);
  return () => clearTimeout(timer);
}

export function page(app: App, name: string, { bar: head, body, action, turn = "", class: look }: Page): Child[] {
  return [
    bar(app, head),
    h(
      "main.screen",
      { key: `screen:${name}`, class: look ?? "", id: "content", tabindex: "-1" },
      ...notes(app),
      h("div.screen-body", { key: "body" }, body),
    ),
    action && h("div.action", { key: `action:${name}:${turn}`, mounted: settle }, action),
    app.state.session?.status === "enrolled" && foot(app),
  ];
}

export interface Big {
  words: string;
  icon?: string;
  look?: "primary" | "plain" | "alarm" | "done";
  disabled?: boolean;
  click: () => void;
}

/** A button for gloves. */
export function big(app: App, { words, icon: drawing, look = "primary", disabled = false, click }: Big): Node_ {
  return h(
    `button.big.big-${look}`,
    { type: "button", disabled: disabled || app.state.busy, on: { click } },
    drawing !== undefined && icon(drawing),
    h("span", {}, words),
  );
}

/** Holds the person's own reason, as typed. */
export function reasonField(app: App, label: string): Node_ {
  return h(
    "label.words-field",
    {},
    h("span", {}, label),
    h("textarea", {
      rows: 3,
      maxlength: 500,
      value: app.state.draft.reason,
      on: { input: (event) => app.change({ reason: (event.target as HTMLTextAreaElement).value }) },
    }),
  );
}

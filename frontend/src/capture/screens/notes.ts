// What a person should know on every screen for as long as it is so: little room, a wrong clock, a new version.
import { spanOf } from "../../lib/steady";
import type { App } from "../app";
import { icon } from "../icons";
import { unsent } from "../update";
import { type Child, h } from "../view";
import type { Words } from "../words";

/** A photo of the live camera, in bytes: for saying how many still fit. */
const PHOTO = 2.5e6;

function quiet(key: string, words: string, end?: Child): Child {
  return h("div.problem.problem-quiet", { key, role: "status" }, h("p", {}, words), end);
}

/** A length of time in words: the two largest units of it. */
function spanWords({ t }: Words, ms: number): string {
  const { days, hours, minutes } = spanOf(ms);
  const parts = [days > 0 && t("span_days", { n: days }), hours > 0 && t("span_hours", { n: hours })];
  const shown = [...parts, (minutes > 0 || days + hours === 0) && t("span_minutes", { n: minutes })].filter(Boolean);
  return shown.slice(0, 2).join(" ");
}

function room(app: App): Child {
  const { space, screen } = app.state;
  const { t } = app.words;
  if (app.isFull) return h("div.problem", { key: "full", role: "alert" }, icon("alarm"), h("p", {}, t("storage_full")));
  if (space?.level !== "low" || (screen.name !== "jobs" && screen.name !== "job")) return false;
  return quiet("room", t("space_low", { n: Math.floor(space.free / PHOTO) }));
}

function clock(app: App): Child {
  const off = app.clock.difference();
  if (off === undefined) return false;
  const span = spanWords(app.words, off);
  return quiet("clock", app.words.t(off > 0 ? "clock_ahead" : "clock_behind", { span }));
}

/** Not in the middle of a step. */
function update(app: App): Child {
  const { update, screen } = app.state;
  const { t } = app.words;
  if (update === undefined || screen.name !== "jobs") return false;
  const left = unsent(app);
  const words = left > 0 ? t("settings_update_unsent", { n: left }) : t("settings_update");
  return quiet(
    "update",
    words,
    h("button.problem-close", { type: "button", on: { click: update } }, t("settings_update_now")),
  );
}

/** Another was first: who, with what, and where that of this person is. */
function overtaken(app: App): Child {
  const { overtaken: found, unused } = app.state;
  if (found === undefined) return false;
  const { t, text } = app.words;
  const step = app.job(found.run)?.template.steps.get(found.path)?.step;
  const thing = found.name === undefined ? undefined : (step?.photos[found.name] ?? step?.readings[found.name]);
  const what = text(thing?.title ?? step?.title);
  const who = found.who === app.member ? t("overtaken_self") : app.nameOf(found.who);
  const waits = unused.some(({ run, step: path, activation }) => {
    return run === found.run && path === found.path && activation === found.n;
  });
  const said = t(found.recorded ? "overtaken_recorded" : "overtaken", { what, who });
  const close = () => app.set({ overtaken: undefined });
  return quiet(
    "overtaken",
    waits ? `${said} ${t("overtaken_photo")}` : said,
    h("button.problem-close", { type: "button", on: { click: close } }, t("close")),
  );
}

/** The server has lost what it had admitted: said, because until it is sent again the office does not see it. */
function restored(app: App): Child {
  const { restored: n } = app.state;
  const { t } = app.words;
  if (!(n > 0)) return false;
  const close = () => app.set({ restored: 0 });
  const button = h("button.problem-close", { type: "button", on: { click: close } }, t("close"));
  return quiet("restored", t("restored", { n }), button);
}

/** What the key before this one has signed is not forgotten. */
function former(app: App): Child {
  const { former } = app.state;
  return former > 0 && quiet("former", app.words.t("former_left", { n: former }));
}

export function standingNotes(app: App): Child[] {
  return [overtaken(app), restored(app), room(app), clock(app), update(app), former(app)];
}

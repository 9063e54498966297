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
export function spanWords({ t }: Words, ms: number): string {
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

/** What the key before this one has signed is not forgotten. */
function former(app: App): Child {
  const { former } = app.state;
  return former > 0 && quiet("former", app.words.t("former_left", { n: former }));
}

export function standingNotes(app: App): Child[] {
  return [room(app), clock(app), update(app), former(app)];
}

// Language, look, and whose phone this is.
import { checkNumber } from "../../lib/keys";
import { LANGUAGES } from "../../lib/languages";
import type { App } from "../app";
import { type Signals, signal } from "../signal";
import { type Child, h, type Node_ } from "../view";
import { page } from "./frame";

/** The other languages, one tap away, each in its own words. */
export function languageSwitch(app: App): Node_[] {
  return LANGUAGES.filter(({ tag }) => tag !== app.words.language).map(({ tag, name }) =>
    h("button.bar-link", { key: tag, type: "button", lang: tag, on: { click: () => void app.speak(tag) } }, name),
  );
}

function choose(name: string, current: boolean, click: () => void, lang?: string): Node_ {
  return h("button.choose", { type: "button", "aria-pressed": String(current), lang, on: { click } }, name);
}

function megabytes(bytes: number): string {
  return bytes > 2e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}

const LETTERS = [100, 125, 150];

export function settingsScreen(app: App): Child[] {
  const { t } = app.words;
  const { session, theme, space, letters, signals } = app.state;
  const turn = (change: Partial<Signals>) => void app.signalBy({ ...signals, ...change }).then(() => signal("done"));
  const looks = [
    ["auto", t("look_auto")],
    ["light", t("look_light")],
    ["dark", t("look_dark")],
  ] as const;
  return page(app, "settings", {
    bar: { title: t("settings_title"), back: () => app.go({ name: "jobs" }) },
    body: [
      h("h2.heading", {}, t("settings_language")),
      h(
        "div.chooses",
        {},
        LANGUAGES.map(({ tag, name }) => choose(name, tag === app.words.language, () => void app.speak(tag), tag)),
      ),
      h("h2.heading", {}, t("settings_look")),
      h(
        "div.chooses",
        {},
        looks.map(([look, name]) => choose(name, theme === look, () => void app.dressUp(look))),
      ),
      h("h2.heading", {}, t("settings_letters")),
      h(
        "div.chooses",
        {},
        LETTERS.map((size) => choose(`${size} %`, size === letters, () => void app.writeLarge(size))),
      ),
      h("h2.heading", {}, t("settings_signals")),
      h(
        "div.chooses",
        {},
        choose(t("settings_vibration"), signals.vibration, () => turn({ vibration: !signals.vibration })),
        choose(t("settings_sound"), signals.sound, () => turn({ sound: !signals.sound })),
      ),
      h("p.quiet", {}, t("settings_alarm")),
      h("h2.heading", {}, t("settings_person")),
      h("p.fact", {}, session?.name ?? "", h("span.fact-note", {}, session?.tenant_name ?? "")),
      h("h2.heading", {}, t("settings_device")),
      h(
        "p.fact",
        {},
        `${t("pending_number")} ${checkNumber(app.key.device)}`,
        h("span.fact-note.fact-code", {}, app.key.device),
      ),
      space !== undefined && [
        h("p.fact", {}, t("space", { used: megabytes(space.used), free: megabytes(space.free) })),
        h("p.quiet", {}, t(space.persisted ? "persisted" : "not_persisted")),
      ],
    ],
  });
}

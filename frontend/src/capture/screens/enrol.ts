// The way in: is this you, and six digits until a second person has said yes.
import { codeIn } from "../../lib/enrol";
import { checkNumber } from "../../lib/keys";
import type { App } from "../app";
import { icon, logo } from "../icons";
import { type Child, h, type Node_ } from "../view";
import { big, page } from "./frame";
import { languageSwitch } from "./settings";

export interface Door {
  lookUp: (code: string) => void;
  enrolMe: () => void;
}

export function enrolScreen(app: App, door: Door): Child[] {
  const { session, enrolment } = app.state;
  if (session?.status === "pending") return pending(app);
  if (enrolment.who !== undefined) return isThisYou(app, door);
  return welcome(app, door);
}

/** Why a code was not taken. */
export function problem(app: App): Child {
  const words = app.state.enrolment.problem;
  return words !== undefined && h("p.say-alarm", { role: "alert" }, icon("alarm"), words);
}

/** Where somebody without a camera puts the code in. */
export function codeField(app: App): Node_ {
  return h(
    "label.words-field",
    {},
    h("span", {}, app.words.t("welcome_code")),
    h("input", {
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      value: app.state.enrolment.code,
      on: {
        input: (event) => {
          const { value } = event.target as HTMLInputElement;
          app.set({ enrolment: { code: value, phase: "typing" } });
        },
      },
    }),
  );
}

function welcome(app: App, door: Door): Child[] {
  const { t } = app.words;
  const { code, phase, offline } = app.state.enrolment;
  const typed = codeIn(code) ?? codeIn(`tanghulu:enrol:${code.trim()}`);
  const refused = app.state.session?.status === "refused";
  return page(app, "welcome", {
    bar: { title: t("app"), end: languageSwitch(app) },
    class: "screen-middle",
    body: h(
      "div.door",
      {},
      logo(),
      h("h2.door-title", {}, t(refused ? "refused_title" : "welcome_title")),
      h("p.door-say", {}, t(refused ? "refused_say" : "welcome_say")),
      phase === "asking" ? h("p.door-wait", { role: "status" }, t("enrol_asking")) : codeField(app),
      problem(app),
    ),
    action: big(app, {
      words: t(offline === true ? "enrol_again" : "welcome_look_up"),
      disabled: typed === null || phase === "asking",
      click: () => typed !== null && door.lookUp(typed),
    }),
  });
}

function isThisYou(app: App, door: Door): Child[] {
  const { t } = app.words;
  const { who, phase } = app.state.enrolment;
  const signing = phase === "signing";
  return page(app, "who", {
    bar: { title: t("welcome_title"), end: languageSwitch(app) },
    class: "screen-middle",
    body: h(
      "div.door",
      {},
      h("p.door-say", {}, t("enrol_is_this_you")),
      h("p.door-name", {}, who?.name ?? ""),
      h("p.door-company", {}, who?.tenant_name ?? ""),
      signing && h("p.door-wait", { role: "status" }, t("enrol_signing")),
      problem(app),
    ),
    action: [
      big(app, { words: t("enrol_yes"), icon: "check", disabled: signing, click: door.enrolMe }),
      big(app, {
        words: t("enrol_no"),
        look: "plain",
        disabled: signing,
        click: () => app.set({ enrolment: { code: "", phase: "typing" } }),
      }),
    ],
  });
}

function pending(app: App): Child[] {
  const { t } = app.words;
  const number = checkNumber(app.key.device);
  return page(app, "pending", {
    bar: { title: app.state.session?.name ?? t("app"), note: app.state.session?.tenant_name, end: languageSwitch(app) },
    class: "screen-middle",
    body: h(
      "div.door",
      {},
      h("h2.door-title", {}, t("pending_title")),
      h(
        "p.door-number",
        { "aria-label": `${t("pending_number")} ${number.split("").join(" ")}` },
        number.slice(0, 3),
        h("span.door-gap"),
        number.slice(3),
      ),
      h("p.door-say", {}, t("pending_say")),
      h("p.door-wait", { role: "status" }, h("span.door-pulse"), t("pending_wait")),
    ),
  });
}

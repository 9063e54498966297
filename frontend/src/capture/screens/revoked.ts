// The office has locked this phone out: what that means, what to do, and that nothing kept here is lost.
import { codeIn } from "../../lib/enrol";
import type { App } from "../app";
import { icon } from "../icons";
import { unsent } from "../update";
import { type Child, h } from "../view";
import { codeField, problem } from "./enrol";
import { big, page } from "./frame";
import { languageSwitch } from "./settings";

export function revokedScreen(app: App, startAnew: (code: string) => void): Child[] {
  const { t } = app.words;
  const { session, enrolment } = app.state;
  const left = unsent(app);
  const code = codeIn(enrolment.code) ?? codeIn(`tanghulu:enrol:${enrolment.code.trim()}`);
  return page(app, "revoked", {
    bar: { title: session?.name ?? t("app"), note: session?.tenant_name, end: languageSwitch(app) },
    class: "screen-middle",
    body: h(
      "div.door",
      {},
      h("h2.door-title", {}, t("revoked_title")),
      h("p.door-say", {}, t("revoked_say")),
      left > 0
        ? h("p.door-wait", { role: "status" }, h("span.door-pulse"), t("revoked_left", { n: left }))
        : h("p.say-good", { role: "status" }, icon("check"), t("revoked_sent")),
      enrolment.phase === "asking" ? h("p.door-wait", { role: "status" }, t("enrol_asking")) : codeField(app),
      problem(app),
    ),
    action: [
      big(app, {
        words: t("revoked_anew"),
        disabled: code === null || enrolment.phase === "asking",
        click: () => code !== null && startAnew(code),
      }),
      big(app, { words: t("revoked_outbox"), look: "plain", click: () => app.go({ name: "outbox" }) }),
    ],
  });
}

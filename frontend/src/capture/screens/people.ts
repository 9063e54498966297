// Other people for a running job: somebody falls ill, another takes over.
import { holdsOne } from "../../flow";
import * as acts from "../acts";
import type { App } from "../app";
import { partsInOrder } from "../eligible";
import type { Job } from "../fold";
import { type Child, h } from "../view";
import { big, page, reasonField } from "./frame";
import { partChooser } from "./open";

const same = (a: string[], b: string[]) => a.length === b.length && a.every((ref) => b.includes(ref));

/** The way to the people of the job, for those who may change them. */
export function peopleButton(app: App, job: Job): Child {
  const { template, state } = job;
  const leads = holdsOne(template, state, template.document.leads, app.member, app.at()).length === 0;
  if (!leads && state.opened_by !== app.member) return false;
  const click = () => app.go({ name: "people", run: job.run });
  return big(app, { words: app.words.t("people_change"), look: "plain", icon: "person", click });
}

export function peopleScreen(app: App, job: Job): Child[] {
  const { t, text } = app.words;
  const { people } = app.state.opening;
  const parts = partsInOrder(job.template);
  const wanted = Object.fromEntries(parts.map((part) => [part, people[part] ?? job.state.people[part] ?? []]));
  const changed = parts.filter((part) => !same(wanted[part] ?? [], job.state.people[part] ?? []));
  const set = (part: string) => (members: string[]) =>
    app.set({ opening: { people: { ...people, [part]: members }, search: "" } });
  return page(app, "people", {
    bar: {
      title: t("people_change"),
      note: text(job.template.document.title),
      back: () => app.go({ name: "job", run: job.run }),
    },
    body: h(
      "div",
      {},
      h("p.quiet", {}, t("over_how")),
      parts.map((part) => partChooser(app, job.template, wanted, part, set(part))),
      changed.length > 0 && reasonField(app, t("over_reason")),
    ),
    action: big(app, {
      words: t("people_save"),
      icon: "check",
      disabled: changed.length === 0 || app.state.draft.reason.trim() === "",
      click: () =>
        void acts.assign(
          app,
          job,
          changed.map((part) => ({ part, members: wanted[part] ?? [] })),
        ),
    }),
  });
}

// Beginning a job: what, on which equipment, by whom. It works from what the phone has, without a network.
import type { PartSpec, Template } from "../../flow/template";
import type { Person } from "../../lib/idb-store";
import * as acts from "../acts";
import type { App, Opening } from "../app";
import { equipmentOf, numberIn } from "../codes";
import { codesFor, isComplete, onlyChoices, partsInOrder, toggled } from "../eligible";
import { templateOf } from "../fold";
import { icon } from "../icons";
import { type Child, h, type Node_ } from "../view";
import { big, page } from "./frame";
import { startScan } from "./scan";

const change = (app: App, opening: Partial<Opening>) => app.set({ opening: { ...app.state.opening, ...opening } });

function chosenTemplate(app: App): Template | undefined {
  const version = app.state.opening.template;
  const document = version === undefined ? undefined : app.state.documents.get(version);
  return version === undefined || document === undefined ? undefined : templateOf(version, document);
}

function row(title: string, note: string, click: () => void, pressed?: boolean): Node_ {
  return h(
    "button.row",
    { type: "button", "aria-pressed": pressed === undefined ? undefined : String(pressed), on: { click } },
    h("span.row-words", {}, h("span.row-title", {}, title), note !== "" && h("span.row-note", {}, note)),
    icon(pressed === true ? "check" : "next"),
  );
}

function choose(app: App, version: string, template: Template): void {
  const people = onlyChoices(template, app.state.directory?.people ?? [], app.at());
  change(app, { template: version, people, search: "" });
}

function templates(app: App): Child {
  const { t, text } = app.words;
  const roles = app.state.session?.roles ?? [];
  const found = app.state.templates.flatMap((name) => {
    const document = app.state.documents.get(name.version);
    return document === undefined ? [] : [{ name, template: templateOf(name.version, document) }];
  });
  if (found.length === 0) return h("p.empty-say", {}, t("open_none_templates"));
  return h(
    "ul.rows",
    {},
    found.map(({ name, template }) => {
      const may = template.document.opened_by.some((role) => roles.includes(role));
      return h(
        "li",
        { key: name.version },
        may
          ? row(text(name.title), text(template.document.about), () => choose(app, name.version, template))
          : h(
              "p.row.row-off",
              {},
              h(
                "span.row-words",
                {},
                h("span.row-title", {}, text(name.title)),
                h("span.row-note", {}, t("open_not_allowed")),
              ),
            ),
      );
    }),
  );
}

/** The machine before which somebody stands, by the code that is stuck on it. */
function scanEquipment(app: App, template: Template): void {
  const { t, text } = app.words;
  const take = (code: string) => {
    const found = equipmentOf(code, app.state.directory);
    if (found === undefined) return t("scan_unknown", { code: numberIn(code) });
    if (found.kind !== template.document.subject.equipment)
      return t("scan_other_kind", { name: found.name, job: text(template.document.title) });
    change(app, { equipment: found.ref });
    return undefined;
  };
  startScan(app, { title: t("scan_equipment"), typed: t("scan_equipment_number"), take });
}

function equipment(app: App, template: Template): Child {
  const { t } = app.words;
  const { search, equipment: chosen } = app.state.opening;
  const kind = template.document.subject.equipment;
  const all = (app.state.directory?.equipment ?? []).filter((thing) => thing.kind === kind);
  const wanted = search.trim().toLowerCase();
  const shown = all.filter((thing) => `${thing.number} ${thing.name} ${thing.place}`.toLowerCase().includes(wanted));
  return [
    all.length > 0 && big(app, { words: t("scan_equipment"), icon: "code", click: () => scanEquipment(app, template) }),
    all.length > 6 &&
      h(
        "label.words-field",
        {},
        h("span", {}, t("open_search")),
        h("input", {
          type: "search",
          value: search,
          on: { input: (event) => change(app, { search: (event.target as HTMLInputElement).value }) },
        }),
      ),
    shown.length === 0 && h("p.empty-say", {}, t("open_none_equipment")),
    h(
      "ul.rows",
      {},
      shown.map((thing) =>
        h(
          "li",
          { key: thing.ref },
          row(
            thing.name,
            [thing.number, thing.place].filter(Boolean).join(" · "),
            () => change(app, { equipment: thing.ref }),
            thing.ref === chosen,
          ),
        ),
      ),
    ),
  ];
}

function person(
  app: App,
  part: string,
  spec: PartSpec,
  who: Person,
  chosen: string[],
  set: (people: string[]) => void,
): Node_ {
  const pressed = chosen.includes(who.ref);
  const until = spec.certificate === undefined ? undefined : who.certificates[spec.certificate];
  return h(
    "li",
    { key: `${part}:${who.ref}` },
    h(
      "button.person",
      { type: "button", "aria-pressed": String(pressed), on: { click: () => set(toggled(spec, chosen, who.ref)) } },
      h("span.person-mark", {}, icon(pressed ? "check" : "person")),
      h(
        "span.row-words",
        {},
        h("span.row-title", {}, who.name, who.ref === app.member && h("span.person-me", {}, app.words.t("me"))),
        h("span.row-note", {}, [who.unit, until].filter(Boolean).join(" · ")),
      ),
    ),
  );
}

/** The people of one part to choose from, and in a fold those who cannot be chosen, with the reason. */
export function partChooser(
  app: App,
  template: Template,
  people: { [part: string]: string[] },
  part: string,
  set: (members: string[]) => void,
): Node_ {
  const { t, text, codes } = app.words;
  const spec = template.document.people[part] as PartSpec;
  const [min, max] = spec.count;
  const chosen = people[part] ?? [];
  const judged = (app.state.directory?.people ?? []).map((who) => ({
    who,
    why: codesFor(template, people, part, who, app.at()),
  }));
  const fit = judged.filter(({ who, why }) => why.length === 0 || chosen.includes(who.ref));
  const unfit = judged.filter(({ who, why }) => why.length > 0 && !chosen.includes(who.ref));
  const complete = chosen.length >= min && chosen.length <= max;
  return h(
    "section.part",
    { key: part, "aria-label": text(spec.title) },
    h(
      "h2.part-title",
      {},
      text(spec.title),
      h(
        `span.part-count${complete ? ".part-complete" : ""}`,
        {},
        t("open_chosen", { n: chosen.length }),
        " · ",
        min === max ? t("open_count", { min }) : t("open_count_range", { min, max }),
      ),
    ),
    fit.length === 0 && h("p.empty-say", {}, t("open_nobody")),
    h(
      "ul.people",
      {},
      fit.map(({ who }) => person(app, part, spec, who, chosen, set)),
    ),
    unfit.length > 0 &&
      h(
        "details.others",
        {},
        h("summary", {}, t("open_show_others")),
        h(
          "ul",
          {},
          unfit.map(({ who, why }) => h("li", { key: who.ref }, who.name, h("span.row-note", {}, codes(why)))),
        ),
      ),
  );
}

function people(app: App, template: Template): Child {
  const chosen = app.state.opening.people;
  return partsInOrder(template).map((part) =>
    partChooser(app, template, chosen, part, (members) => change(app, { people: { ...chosen, [part]: members } })),
  );
}

/** The way back goes through what has been chosen, the last first. */
function back(app: App, template: Template | undefined): void {
  const { template: _, equipment: __, ...rest } = app.state.opening;
  const { opening } = app.state;
  if (template === undefined) app.go({ name: "jobs" });
  else if (opening.equipment === undefined || template.document.subject.equipment === undefined)
    app.set({ opening: { ...rest, people: {} } });
  else app.set({ opening: { ...rest, ...(opening.template === undefined ? {} : { template: opening.template }) } });
}

export function openScreen(app: App): Child[] {
  const { t, text } = app.words;
  const template = chosenTemplate(app);
  const bar = (title: string) => ({ title, note: text(template?.document.title), back: () => back(app, template) });
  if (template === undefined) return page(app, "open-template", { bar: bar(t("open_template")), body: templates(app) });
  if (template.document.subject.equipment !== undefined && app.state.opening.equipment === undefined) {
    return page(app, "open-equipment", { bar: bar(t("open_equipment")), body: equipment(app, template) });
  }
  const parts = Object.keys(template.document.people);
  const chosen = Object.fromEntries(parts.map((part) => [part, app.state.opening.people[part] ?? []]));
  return page(app, "open-people", {
    bar: bar(t("open_people")),
    body: people(app, template),
    action: big(app, {
      words: t("open_begin"),
      disabled: !isComplete(template, chosen),
      click: () => {
        change(app, { people: chosen });
        void acts.openRun(app);
      },
    }),
  });
}

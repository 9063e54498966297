// Who and what goes in and comes out: people by a tap on their name, tools with a count, locks by their owner.
import { type Entry, entriesIn } from "../../flow/state";
import { own } from "../../flow/template";
import * as acts from "../acts";
import type { App } from "../app";
import { numberIn } from "../codes";
import { partsInOrder } from "../eligible";
import { icon } from "../icons";
import { countedIn, type Todo } from "../todo";
import { type Child, h, type Node_ } from "../view";
import { big } from "./frame";
import type { Doing, Shown } from "./job";
import { ownerCannotCome } from "./locks";
import { startScan } from "./scan";

type RegisterTodo = Extract<Todo, { kind: "register" }>;

const mayEnter = ({ use }: RegisterTodo) => use.act !== "out";
const mayLeave = ({ use }: RegisterTodo) => use.act !== "in";

function toggle(
  name: string,
  note: string,
  inside: boolean,
  disabled: boolean,
  words: string,
  click: () => void,
): Node_ {
  return h(
    "li",
    { key: name },
    h(
      `button.toggle${inside ? ".toggle-in" : ""}`,
      { type: "button", disabled, on: { click } },
      h("span.row-words", {}, h("span.row-title", {}, name), note !== "" && h("span.row-note", {}, note)),
      h("span.toggle-word", {}, words),
    ),
  );
}

/** Whether the person is of a part whose members each have something to do themselves. */
function isCrew({ job }: Doing, ref: string): boolean {
  const parts = [...job.template.steps.values()]
    .filter(({ step }) => step.who.each)
    .flatMap(({ step }) => step.who.parts);
  return parts.some((part) => job.state.people[part]?.includes(ref));
}

function people(doing: Doing, todo: RegisterTodo): Child {
  const { app, job, step } = doing;
  const { t, clock } = app.words;
  const inside = entriesIn(job.state, todo.name);
  const entries = own(job.state.registers, todo.name) ?? [];
  // Those who do the work go in; those who only look on come last.
  const all = [...new Set(partsInOrder(job.template).flatMap((part) => job.state.people[part] ?? []))];
  all.sort((a, b) => Number(isCrew(doing, b)) - Number(isCrew(doing, a)));
  // On the way out only those count who went in.
  const shown = mayEnter(todo) ? all : all.filter((ref) => entries.some((one) => one.item === ref));
  if (shown.length === 0) return h("p.empty-say", {}, t("register_nobody"));
  return h(
    "ul.toggles",
    {},
    shown.map((ref) => {
      const entry = inside.find((one) => one.item === ref);
      const out = entries.findLast((one) => one.item === ref)?.out_at;
      const left = out === undefined ? "" : `${t("register_out")} ${clock(out)}`;
      const note = entry === undefined ? left : `${t("register_in")} ${clock(entry.in_at)}`;
      const can = entry === undefined ? mayEnter(todo) : mayLeave(todo);
      const act = () =>
        entry === undefined
          ? void acts.enter(app, job, step, { register: todo.name, item: ref })
          : void acts.leave(app, job, step, todo.name, ref);
      return toggle(
        app.nameOf(ref),
        note,
        entry !== undefined,
        app.state.busy || !can,
        t(entry === undefined ? "register_in" : "register_out"),
        act,
      );
    }),
  );
}

function counter(doing: Doing): Node_ {
  const { app } = doing;
  const { count } = app.state.draft;
  const button = (words: string, next: number) =>
    h(
      "button.count-key",
      { type: "button", disabled: next < 1 || next > 999, on: { click: () => app.change({ count: next }) } },
      words,
    );
  return h(
    "div.count",
    { role: "group", "aria-label": app.words.t("register_count") },
    button("−", count - 1),
    h("output.count-number", { "aria-live": "polite" }, count),
    button("+", count + 1),
  );
}

function textField(label: string, value: string, set: (value: string) => void, numeric = false): Node_ {
  return h(
    "label.words-field",
    {},
    h("span", {}, label),
    h("input", {
      type: "text",
      maxlength: 60,
      autocomplete: "off",
      inputmode: numeric ? "numeric" : undefined,
      value,
      on: { input: (event) => set((event.target as HTMLInputElement).value) },
    }),
  );
}

function things(doing: Doing, todo: RegisterTodo): Child {
  const { app, job, step } = doing;
  const { t, clock } = app.words;
  const inside = entriesIn(job.state, todo.name);
  const { item, count } = app.state.draft;
  const add = () => void acts.enter(app, job, step, { register: todo.name, item: item.trim(), count });
  return [
    mayEnter(todo) &&
      h(
        "form.add",
        { on: { submit: instead(() => item.trim() !== "" && add()) } },
        textField(t("register_item"), item, (value) => app.change({ item: value })),
        h(
          "div.add-row",
          {},
          counter(doing),
          h(
            "button.small.small-primary",
            { type: "submit", disabled: item.trim() === "" || app.state.busy },
            icon("plus"),
            t("register_add"),
          ),
        ),
      ),
    inside.length === 0 && h("p.empty-say", {}, t("register_nothing")),
    h(
      "ul.toggles",
      {},
      inside.map((entry) => {
        const name = entry.count === undefined || entry.count === 1 ? entry.item : `${entry.item} × ${entry.count}`;
        return toggle(
          name,
          clock(entry.in_at),
          true,
          app.state.busy || !mayLeave(todo),
          t(mayLeave(todo) ? "register_out" : "register_in"),
          () => void acts.leave(app, job, step, todo.name, entry.item),
        );
      }),
    ),
  ];
}

/** Sends a form to nobody but us. */
function instead(act: () => unknown): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    act();
  };
}

function lockRow(doing: Doing, todo: RegisterTodo, entry: Entry): Node_ {
  const { app, job, step } = doing;
  const { t, clock } = app.words;
  const mine = entry.holder === app.member;
  return h(
    "li",
    { key: entry.item + entry.in_at },
    h(
      `div.lock${mine ? ".lock-mine" : ""}`,
      {},
      icon("lock"),
      h(
        "span.row-words",
        {},
        h("span.row-title", {}, entry.item),
        h(
          "span.row-note",
          {},
          [t("register_lock_of", { who: app.nameOf(entry.holder) }), entry.point, clock(entry.in_at)]
            .filter(Boolean)
            .join(" · "),
        ),
      ),
      mine &&
        mayLeave(todo) &&
        h(
          "button.small.small-primary",
          {
            type: "button",
            disabled: app.state.busy,
            on: { click: () => void acts.leave(app, job, step, todo.name, entry.item) },
          },
          t("register_lock_off"),
        ),
      ownerCannotCome(app, job, { register: todo.name, item: entry.item, holder: entry.holder ?? "" }),
    ),
  );
}

function scanLock(app: App): void {
  const { t } = app.words;
  const take = (code: string) => {
    app.change({ item: numberIn(code) });
    return undefined;
  };
  startScan(app, { title: t("scan_lock"), typed: t("register_lock"), take });
}

function locks(doing: Doing, todo: RegisterTodo): Child {
  const { app, job, step } = doing;
  const { t } = app.words;
  const inside = entriesIn(job.state, todo.name);
  const { item, point } = app.state.draft;
  const add = () =>
    void acts.enter(app, job, step, {
      register: todo.name,
      item: item.trim(),
      holder: app.member,
      ...(point.trim() === "" ? {} : { point: point.trim() }),
    });
  return [
    mayEnter(todo) &&
      h(
        "form.add",
        { on: { submit: instead(() => item.trim() !== "" && add()) } },
        textField(t("register_lock"), item, (value) => app.change({ item: value })),
        h("button.small", { type: "button", on: { click: () => scanLock(app) } }, icon("code"), t("scan_lock")),
        textField(t("register_point"), point, (value) => app.change({ point: value })),
        h(
          "button.small.small-primary",
          { type: "submit", disabled: item.trim() === "" || app.state.busy },
          icon("lock"),
          t("register_lock_on"),
        ),
      ),
    inside.length === 0 && h("p.empty-say", {}, t("register_none_on")),
    h(
      "ul.toggles",
      {},
      inside.map((entry) => lockRow(doing, todo, entry)),
    ),
  ];
}

function tally({ app, job }: Doing, todo: RegisterTodo): Child {
  const { t } = app.words;
  const inside = entriesIn(job.state, todo.name);
  const kind = job.template.document.registers[todo.name]?.kind;
  const n = kind === "items" ? inside.reduce((sum, entry) => sum + (entry.count ?? 1), 0) : inside.length;
  const all = new Set(Object.values(job.state.people).flat()).size;
  const locks = kind === "locks" && t("register_locks_on", { n });
  return h(
    "p.tally",
    { role: "status", "aria-live": "polite" },
    locks || (kind === "people" ? t("register_inside_of", { n, all }) : t("register_inside", { n })),
  );
}

export function registerBody(doing: Doing, todo: RegisterTodo): Shown {
  const { app, job, step } = doing;
  const { t, text } = app.words;
  const spec = own(job.template.document.registers, todo.name);
  const body =
    spec?.kind === "people" ? people(doing, todo) : spec?.kind === "locks" ? locks(doing, todo) : things(doing, todo);
  const empty = step.place.step.must.some((must) => must.is === "empty" && must.register === todo.name);
  const enough = todo.use.act === "in" && countedIn(job, step, todo.name, app.member) >= todo.use.at_least;
  const ready = todo.done || (!empty && (todo.use.at_least === 0 || enough));
  return {
    body: [
      h("p.aim-title", {}, text(spec?.title)),
      tally(doing, todo),
      body,
      empty && !todo.done && h("p.say-alarm", {}, icon("alarm"), t("register_out_all_first")),
    ],
    action: big(app, {
      words: t("go_on"),
      icon: "check",
      look: ready ? "primary" : "plain",
      disabled: !ready,
      click: () => {
        const { picked: _, ...draft } = app.state.draft;
        app.set({ draft: { ...draft, seen: new Set([...draft.seen, todo.id]), item: "", point: "", count: 1 } });
      },
    }),
  };
}

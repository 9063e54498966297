// A question: yes and no as wide as the screen, a choice, or a number.
import { isDecimal } from "../../lib/decimal";
import type { App } from "../app";
import { icon } from "../icons";
import { signal } from "../signal";
import { isAllowed, type Todo } from "../todo";
import { type Child, h, type Node_ } from "../view";
import { big } from "./frame";
import type { Doing, Shown } from "./job";
import { finished, pad, readout } from "./reading";

type AskTodo = Extract<Todo, { kind: "ask" }>;

function give(app: App, todo: AskTodo, value: boolean | string): void {
  signal("tap");
  const { picked: _, ...draft } = app.state.draft;
  const stays = !isAllowed(todo.spec, value);
  app.set({
    draft: {
      ...draft,
      ...(stays ? { picked: todo.id } : {}),
      digits: "",
      given: { ...draft.given, [todo.name]: value },
    },
  });
}

function answer(app: App, todo: AskTodo, words: string, value: boolean | string): Node_ {
  const chosen = todo.value === value;
  const bad = chosen && !isAllowed(todo.spec, value);
  return h(
    `button.answer${bad ? ".answer-bad" : ""}`,
    { key: String(value), type: "button", "aria-pressed": String(chosen), on: { click: () => give(app, todo, value) } },
    words,
  );
}

export function askBody({ app }: Doing, todo: AskTodo): Shown {
  const { t, text } = app.words;
  const { spec, value } = todo;
  const bad = value !== undefined && !isAllowed(spec, value);
  const must = typeof spec.must !== "boolean" ? "" : t(spec.must ? "ask_must_yes" : "ask_must_no");
  const head: Child = [
    h("p.question", {}, text(spec.title)),
    must !== "" && h("p.quiet", {}, must),
    bad && h("p.say-alarm", { role: "alert" }, icon("alarm"), t("ask_not_allowed")),
  ];
  if (spec.kind === "number") return numberBody(app, todo, head);
  const answers =
    spec.kind === "yes_no"
      ? [answer(app, todo, t("yes"), true), answer(app, todo, t("no"), false)]
      : spec.options.map((option) => answer(app, todo, text(option.title), option.id));
  return { body: head, action: h(`div.answers${spec.kind === "yes_no" ? ".answers-two" : ""}`, {}, answers) };
}

function numberBody(app: App, todo: AskTodo, head: Child): Shown {
  const { t } = app.words;
  const { digits } = app.state.draft;
  const value = finished(digits);
  return {
    body: [head, readout(digits, "", true), pad(app, true)],
    action: big(app, {
      words: isDecimal(value) ? t("reading_save", { value, unit: "" }) : t("ask_number"),
      disabled: !isDecimal(value),
      click: () => give(app, todo, value),
    }),
  };
}

// A measured value: digits as large as a thumb, the limit beside them, and words when it is out of limit.
import type { ReadingSpec } from "../../flow/template";
import { isDecimal } from "../../lib/decimal";
import * as acts from "../acts";
import type { App } from "../app";
import { icon } from "../icons";
import { signal } from "../signal";
import { inLimits, type Todo } from "../todo";
import { type Child, h, type Node_ } from "../view";
import type { Words } from "../words";
import { big } from "./frame";
import type { Doing, Shown } from "./job";

type ReadingTodo = Extract<Todo, { kind: "reading" }>;

/** The limits in words. */
export function limitWords({ t }: Words, { at_least, at_most, unit }: ReadingSpec): string {
  if (at_most !== undefined && at_least === at_most) return t("job_limit_is", { value: at_most, unit });
  return [
    at_least === undefined ? "" : t("job_limit_at_least", { value: at_least, unit }),
    at_most === undefined ? "" : t("job_limit_at_most", { value: at_most, unit }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The digits after one more key; what would not become a number stays as it was. */
export function typed(digits: string, key: string): string {
  if (key === "erase") return digits.slice(0, -1);
  if (key === "-") return digits.startsWith("-") ? digits.slice(1) : `-${digits}`;
  if (key === "." && digits.includes(".")) return digits;
  if (key === "." && (digits === "" || digits === "-")) return `${digits}0.`;
  const next = digits === "0" || digits === "-0" ? digits.replace("0", key === "." ? "0." : key) : digits + key;
  const [whole = "", part = ""] = next.replace("-", "").split(".");
  return whole.length > 12 || part.length > 6 ? digits : next;
}

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", "erase"];

export function pad(app: App, signed: boolean): Node_ {
  const press = (key: string) => () => {
    signal("tap");
    app.change({ digits: typed(app.state.draft.digits, key) });
  };
  return h(
    "div.pad",
    { key: "pad" },
    KEYS.map((key) =>
      h(
        "button.pad-key",
        {
          key,
          type: "button",
          "aria-label": key === "erase" ? app.words.t("reading_delete") : undefined,
          on: { click: press(key) },
        },
        key === "erase" ? icon("erase") : key,
      ),
    ),
    signed && h("button.pad-key.pad-sign", { key: "-", type: "button", on: { click: press("-") } }, "±"),
  );
}

/** A number that is whole: "5." counts as 5. */
export function finished(digits: string): string {
  const plain = digits.endsWith(".") ? digits.slice(0, -1) : digits;
  return plain === "-0" ? "0" : plain;
}

function instrument(app: App, spec: ReadingSpec): Child {
  if (!spec.instrument) return false;
  return h(
    "label.words-field.instrument",
    {},
    h("span", {}, app.words.t("reading_instrument")),
    h("input", {
      type: "text",
      maxlength: 60,
      autocomplete: "off",
      value: app.state.draft.instrument,
      on: { input: (event) => app.change({ instrument: (event.target as HTMLInputElement).value }) },
    }),
  );
}

export function readout(digits: string, unit: string, ok: boolean): Node_ {
  return h(
    `output.readout${ok ? "" : ".readout-out"}`,
    { "aria-live": "polite" },
    h("span.readout-digits", {}, digits === "" ? "–" : digits),
    unit !== "" && h("span.readout-unit", {}, unit),
  );
}

/** Where something is measured: the usual places by their words, others as the template names them. */
export function pointWords({ t }: Words, point: string): string {
  if (point === "top") return t("point_top");
  if (point === "middle") return t("point_middle");
  return point === "bottom" ? t("point_bottom") : point;
}

/** What was measured here before, and whether that still counts. */
function last(words: Words, { latest, stale }: ReadingTodo): Child {
  if (latest === undefined) return false;
  const old = stale ? ` · ${words.t("reading_stale")}` : "";
  const said = words.t("reading_last", { value: latest.value, unit: latest.unit });
  return h(`p.quiet${latest.ok ? "" : ".reading-bad"}`, {}, said, old);
}

/** A negative value makes sense where a limit is one, or where there is none. */
const mayBeNegative = ({ at_least, at_most }: ReadingSpec) =>
  at_least?.startsWith("-") === true || (at_least === undefined && at_most === undefined);

export function readingBody({ app, job, step }: Doing, todo: ReadingTodo): Shown {
  const { t, text } = app.words;
  const { spec, name, point } = todo;
  const { digits, instrument: number } = app.state.draft;
  const value = finished(digits);
  const whole = isDecimal(value);
  const ok = !whole || inLimits(spec, value);
  const limit = limitWords(app.words, spec);
  const save = () => {
    app.change({ digits: value });
    void acts.takeReading(app, job, step, name, spec, point);
  };
  return {
    body: [
      h(
        "p.aim-title",
        {},
        text(spec.title),
        point !== undefined && h("span.reading-point", {}, t("reading_point", { point: pointWords(app.words, point) })),
      ),
      last(app.words, todo),
      readout(digits, spec.unit, ok),
      h(
        `p.limit${ok ? "" : ".limit-out"}`,
        { role: ok ? undefined : "alert" },
        !ok && icon("alarm"),
        ok ? limit : t("reading_out", { limit }),
      ),
      instrument(app, spec),
      pad(app, mayBeNegative(spec)),
    ],
    action: big(app, {
      words: whole ? t("reading_save", { value, unit: spec.unit }) : t("reading_none"),
      look: ok ? "primary" : "alarm",
      disabled: !whole || (spec.instrument && number.trim() === ""),
      click: save,
    }),
  };
}

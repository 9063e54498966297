// Conditions: an OR of ANDs with three values (docs/formats/template.md, "Condition").
import type { Json } from "../lib/canonical";
import { compareDecimals } from "../lib/decimal";
import { type Activation, activations, entriesIn, kindOf, type State } from "./state";
import { type Condition, type Operation, own, type Template, type Test } from "./template";

export type Truth = true | false | "unknown";

function newest(state: State, path: string): Activation | undefined {
  return activations(state, path).findLast((activation) => activation.state !== "void");
}

function answer(template: Template, state: State, path: string, name: string): Json | undefined {
  if (template.steps.get(path)?.step.who.each !== false) return undefined;
  const activation = newest(state, path);
  return activation === undefined ? undefined : own(activation.answers, name);
}

function reading(state: State, path: string, name: string, point: string | undefined): Json | undefined {
  return newest(state, path)?.readings.findLast(
    (taken) => taken.reading === name && (point === undefined || taken.point === point),
  )?.value;
}

/** The value that a reference names now; undefined when there is none. */
export function lookUp(template: Template, state: State, ref: string): Json | undefined {
  const [kind = "", rest = ""] = [ref.slice(0, ref.indexOf(":")), ref.slice(ref.indexOf(":") + 1)];
  if (kind === "count") return own(state.registers, rest) ? String(entriesIn(state, rest).length) : undefined;
  if (kind === "part") {
    const members = own(state.people, rest);
    return members === undefined ? undefined : String(members.length);
  }
  const [path = "", name = "", point] = rest.split(".");
  if (kind === "answer") return answer(template, state, path, name);
  return kind === "reading" ? reading(state, path, name, point) : undefined;
}

const COMPARE: Record<Exclude<Operation, "is" | "is_not">, (order: number) => boolean> = {
  at_most: (order) => order <= 0,
  at_least: (order) => order >= 0,
  less_than: (order) => order < 0,
  more_than: (order) => order > 0,
};

function evaluateTest(template: Template, state: State, test: Test): Truth {
  const value = lookUp(template, state, test.value);
  const kind = kindOf(value);
  if (kind === null || kind !== kindOf(test.to)) return "unknown";
  if (test.op === "is" || test.op === "is_not") {
    const same = kind === "decimal" ? compareDecimals(value, test.to) === 0 : value === test.to;
    return same === (test.op === "is");
  }
  const order = compareDecimals(value, test.to);
  return order === null ? "unknown" : COMPARE[test.op](order);
}

function join(truths: Truth[], decisive: boolean): Truth {
  if (truths.includes(decisive)) return decisive;
  return truths.includes("unknown") ? "unknown" : !decisive;
}

/** The condition's value by Kleene's logic. */
export function evaluate(template: Template, state: State, condition: Condition): Truth {
  const groups = condition.any.map(({ all }) =>
    join(
      all.map((test) => evaluateTest(template, state, test)),
      false,
    ),
  );
  return join(groups, true);
}

export interface Explanation {
  truth: Truth;
  tests: { test: Test; value?: Json; truth: Truth }[];
}

/** The condition's value with the value found for each of its tests; a test without one was missing it. */
export function explain(template: Template, state: State, condition: Condition): Explanation {
  const tests = condition.any.flatMap(({ all }) =>
    all.map((test) => {
      const value = lookUp(template, state, test.value);
      return { test, truth: evaluateTest(template, state, test), ...(value === undefined ? {} : { value }) };
    }),
  );
  return { truth: evaluate(template, state, condition), tests };
}

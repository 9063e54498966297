// What a step still asks before it can be confirmed (docs/formats/flow.md, "missing").
import { isObject, type Json } from "../lib/canonical";
import { compareDecimals, isDecimal } from "../lib/decimal";
import { type Activation, type AnswerMap, elapsed, entriesIn, isRetaken, type State, sorted } from "./state";
import { type AskSpec, own, type ReadingSpec, type SampledSpec, type StepNode, type StepPlace } from "./template";

const isStale = (fresh: number | undefined, from: string, at: string) =>
  fresh !== undefined && elapsed(from, at) > fresh * 1000;

function photoCodes(step: StepNode, activation: Activation, mine: (by: string) => boolean, at: string): string[] {
  return Object.entries(step.photos).flatMap(([slot, spec]) => {
    const taken = activation.photos.filter((photo) => photo.slot === slot && !photo.refused && mine(photo.by));
    if (taken.length < spec.count) return ["photo_missing"];
    const fresh = taken.filter((photo) => !isStale(spec.fresh, photo.at, at));
    return fresh.length < spec.count ? ["photo_stale"] : [];
  });
}

function readingCodes(
  name: string,
  spec: ReadingSpec,
  activation: Activation,
  mine: (by: string) => boolean,
  at: string,
  retaken: boolean,
): string[] {
  const points: (string | undefined)[] = spec.points.length > 0 ? spec.points : [undefined];
  return points.flatMap((point) => {
    const latest = activation.readings.findLast(
      (taken) => taken.reading === name && taken.point === point && mine(taken.by),
    );
    if (latest === undefined) return ["reading_missing"];
    const codes = latest.ok ? [] : ["reading_out_of_limit"];
    // What was measured in time is not measured again for a photo: meanwhile the work may have gone on.
    return !retaken && isStale(spec.fresh, latest.sampled_at, at) ? [...codes, "reading_stale"] : codes;
  });
}

function registerCodes(step: StepNode, state: State, member: string): string[] {
  const codes: string[] = [];
  const { each } = step.who;
  for (const [name, use] of Object.entries(step.register)) {
    const inside = entriesIn(state, name);
    const counted = each ? inside.filter((entry) => entry.holder === member || entry.item === member) : inside;
    if (use.act !== "out" && counted.length < use.at_least) codes.push("register_incomplete");
    if (use.act === "out" && each && inside.some((entry) => entry.holder === member)) codes.push("register_not_empty");
  }
  return codes;
}

function mustCodes(step: StepNode, state: State): string[] {
  return step.must.flatMap((must) => {
    if (must.is === "sampled_within") return [];
    const inside = entriesIn(state, must.register);
    if (must.is === "empty") return inside.length > 0 ? ["register_not_empty"] : [];
    const members = own(state.people, must.part) ?? [];
    const has = (member: string) => inside.some((entry) => entry.holder === member || entry.item === member);
    return members.every(has) ? [] : ["register_incomplete"];
  });
}

/** What is wrong at that time with the newest of these readings. */
export function sampleCodes(state: State, { readings, steps, seconds }: SampledSpec, at: string): string[] {
  const counted = steps
    .flatMap((path) => own(state.steps, path) ?? [])
    .flatMap((activation) => (activation.state === "void" ? [] : activation.readings));
  return readings.flatMap((wanted) => {
    const [name, point] = wanted.split(".");
    const [first, ...others] = counted.filter((taken) => taken.reading === name && taken.point === point);
    if (first === undefined) return ["reading_missing"];
    const newest = others.reduce((best, taken) => (taken.sampled_at >= best.sampled_at ? taken : best), first);
    const codes = newest.ok ? [] : ["reading_out_of_limit"];
    return isStale(seconds, newest.sampled_at, at) ? [...codes, "reading_stale"] : codes;
  });
}

/** What is wrong at that time with the samples that a step relies on. */
export function sampledCodes(step: StepNode, state: State, at: string): string[] {
  return sorted(step.must.flatMap((must) => (must.is === "sampled_within" ? sampleCodes(state, must, at) : [])));
}

function isAllowed(ask: AskSpec, value: Json): boolean {
  if (ask.kind === "yes_no") return typeof value === "boolean" && (ask.must === undefined || value === ask.must);
  if (ask.kind === "number") {
    return isDecimal(value) && (ask.must === undefined || compareDecimals(value, ask.must) === 0);
  }
  const offered = ask.options.some((option) => option.id === value);
  return offered && (ask.must === undefined || value === ask.must);
}

function answerCodes(step: StepNode, answers: AnswerMap): string[] {
  const codes = Object.keys(answers).some((name) => !Object.hasOwn(step.ask, name)) ? ["answer_not_allowed"] : [];
  for (const [name, ask] of Object.entries(step.ask)) {
    const value = own(answers, name);
    if (value === undefined) codes.push("answer_missing");
    else if (!isAllowed(ask, value)) codes.push("answer_not_allowed");
  }
  return codes;
}

/** The answers stored in an activation that count for this member. */
function storedAnswers(step: StepNode, activation: Activation, member: string): AnswerMap {
  if (!step.who.each) return activation.answers;
  const mine = own(activation.answers, member);
  return isObject(mine) ? mine : {};
}

/** The codes of everything that the member's task still lacks at that time, with these answers over those stored. */
export function missing(
  state: State,
  place: StepPlace,
  activation: Activation,
  member: string,
  at: string,
  answers: AnswerMap,
): string[] {
  const { step } = place;
  const mine = (by: string) => !step.who.each || by === member;
  const retaken = isRetaken(activation, member);
  const readings = Object.entries(step.readings).flatMap(([name, spec]) =>
    spec.optional === true ? [] : readingCodes(name, spec, activation, mine, at, retaken),
  );
  return sorted([
    ...photoCodes(step, activation, mine, at),
    ...readings,
    ...(retaken
      ? []
      : [...registerCodes(step, state, member), ...mustCodes(step, state), ...sampledCodes(step, state, at)]),
    ...answerCodes(step, { ...storedAnswers(step, activation, member), ...answers }),
  ]);
}

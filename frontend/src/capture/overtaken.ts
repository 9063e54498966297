// Two people before the same step: one of them is first. What this person was about to do, or has done without knowing,
// is then done by another; they are told by whom, and nothing of theirs is lost.
import type { FlowEvent } from "../lib/events";
import { type Job, type OpenStep, openSteps } from "./fold";

export interface Overtaken {
  run: string;
  path: string;
  n: number;
  /** The slot or the reading that was filled, where the step itself goes on. */
  name?: string;
  /** Who was first: perhaps this person, on another phone. */
  who: string;
  /** Whether this phone has signed the same: that is recorded as well, and a person looks at it. */
  recorded: boolean;
}

const ENDS = new Set(["step.confirmed", "decision.made"]);
const FILLS = new Set(["photo.taken", "reading.taken"]);

const isAt = (event: FlowEvent, path: string | undefined, n: number | undefined) =>
  event.step === path && event.activation === n;

/** An act of this phone that counts for nothing since the log is known, because another had been first. */
function outrun(before: Job, after: Job, own: Set<string>): Overtaken | undefined {
  const known = new Set(before.state.contradictions.map(({ event }) => event));
  const fresh = after.state.contradictions.filter(({ event }) => own.has(event) && !known.has(event));
  for (const { event: hash } of fresh.reverse()) {
    const mine = after.events.find((event) => event.hash === hash);
    const first = after.events.find(
      (event) => ENDS.has(event.type) && !own.has(event.hash) && isAt(event, mine?.step, mine?.activation),
    );
    if (mine?.step === undefined || mine.activation === undefined || first === undefined) continue;
    return { run: after.run, path: mine.step, n: mine.activation, who: first.actor, recorded: true };
  }
  return undefined;
}

const mineOf = (job: Job, at: string) =>
  openSteps(job).find(({ task }) => task.mine && task.waits_until === undefined && `${task.path}#${task.n}` === at);

/** The newest of another's events that filled something which was empty here. */
function filled({ place, activation }: OpenStep, news: FlowEvent[]): string | undefined {
  const { photos, readings, who } = place.step;
  const names = news.filter(({ type }) => FILLS.has(type)).map(({ data }) => String(data.slot ?? data.reading));
  return names.findLast((name) => {
    const slot = photos[name];
    const has = activation.photos.filter((photo) => photo.slot === name && photo.refused === undefined).length;
    const isNew = slot === undefined ? !activation.readings.some(({ reading }) => reading === name) : has < slot.count;
    return !who.each && isNew && (slot !== undefined || readings[name] !== undefined);
  });
}

function met(before: Job, after: Job, own: Set<string>, at: string): Overtaken | undefined {
  const step = mineOf(before, at);
  if (step === undefined) return undefined;
  const { path, n } = step.task;
  const seen = new Set(before.events.map((event) => event.hash));
  const news = after.events.filter(({ hash }) => !seen.has(hash) && !own.has(hash)).filter((one) => isAt(one, path, n));
  const found = { run: after.run, path, n, recorded: false };
  if (mineOf(after, at) === undefined) {
    const end = news.findLast(({ type }) => ENDS.has(type));
    return end === undefined ? undefined : { ...found, who: end.actor };
  }
  const name = filled(step, news);
  const by = news.findLast(({ data }) => name !== undefined && (data.slot ?? data.reading) === name);
  return name === undefined || by === undefined ? undefined : { ...found, name, who: by.actor };
}

/**
 * What another device did first. `own` are the hashes of what this phone has signed; `at` is the step that the person has
 * before them, as path#n, where it is one of this job.
 */
export function overtaken(before: Job, after: Job, own: Set<string>, at?: string): Overtaken | undefined {
  return outrun(before, after, own) ?? (at === undefined ? undefined : met(before, after, own, at));
}

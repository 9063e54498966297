// What others did that this person must answer before anything else: a stop, or a part that changes hands.
import type { FlowEvent } from "../lib/events";
import type { Job } from "./fold";

const ACKNOWLEDGED = "act.acknowledged";

/** Who has acknowledged the act with this hash. */
export function acknowledgedBy(events: readonly FlowEvent[], about: string): string[] {
  return events.filter((event) => event.type === ACKNOWLEDGED && event.data.about === about).map(({ actor }) => actor);
}

/** Acts that the rules allowed; what was against them moved nothing. */
function allowed(job: Job): FlowEvent[] {
  const against = new Set(job.state.contradictions.map(({ event }) => event));
  return job.events.filter((event) => !against.has(event.hash));
}

/** The stop that holds this job now; undefined when it is not stopped. */
export function stopOf(job: Job): FlowEvent | undefined {
  if (job.state.status !== "stopped") return undefined;
  return allowed(job).findLast((event) => event.type === "run.stopped");
}

/** The stop that this person has neither called nor acknowledged yet. */
export function unseenStop(job: Job, member: string): FlowEvent | undefined {
  const stop = stopOf(job);
  if (stop === undefined || stop.actor === member) return undefined;
  return acknowledgedBy(job.events, stop.hash).includes(member) ? undefined : stop;
}

/** People who changed in a part, and who of them has not said yet that they know. */
export interface HandOver {
  event: FlowEvent;
  part: string;
  gone: string[];
  came: string[];
  waits: string[];
}

type People = { [part: string]: string[] };

/** Every change of people in a job, oldest first. */
export function handOvers(job: Job): HandOver[] {
  let people: People = {};
  const found: HandOver[] = [];
  for (const event of allowed(job)) {
    if (event.type === "run.opened") people = { ...(event.data.people as People) };
    if (event.type !== "people.assigned") continue;
    const { part, members } = event.data as { part: string; members: string[] };
    const before = people[part] ?? [];
    people = { ...people, [part]: members };
    const gone = before.filter((ref) => !members.includes(ref));
    const came = members.filter((ref) => !before.includes(ref));
    const said = [...acknowledgedBy(job.events, event.hash), event.actor];
    found.push({ event, part, gone, came, waits: [...gone, ...came].filter((ref) => !said.includes(ref)) });
  }
  return found;
}

/** Changes that still count: a later change of the same part has not overtaken them. */
export function openHandOvers(job: Job): HandOver[] {
  if (job.state.status === "ended") return [];
  const all = handOvers(job);
  return all.filter((one, at) => one.waits.length > 0 && !all.slice(at + 1).some(({ part }) => part === one.part));
}

/** The newest change that waits for this person's word. */
export function myHandOver(job: Job, member: string): HandOver | undefined {
  return openHandOvers(job).findLast(({ waits }) => waits.includes(member));
}

/** Why somebody did it, where the phone knows. */
export function reasonOf(job: Job, hash: string): string {
  return job.known.events.find((event) => event.hash === hash)?.reason ?? "";
}

/** What this person must answer first, over all jobs: a stop before a change of people. */
export type News = { kind: "stop"; job: Job; event: FlowEvent } | { kind: "hand_over"; job: Job; over: HandOver };

export function newsFor(jobs: readonly Job[], member: string): News | undefined {
  for (const job of jobs) {
    const event = unseenStop(job, member);
    if (event !== undefined) return { kind: "stop", job, event };
  }
  for (const job of jobs) {
    const over = myHandOver(job, member);
    if (over !== undefined) return { kind: "hand_over", job, over };
  }
  return undefined;
}

// A job as this phone sees it: what the server has admitted, and on top of it what this phone has signed since.
import {
  type Activation,
  fold,
  type Haw,
  haws,
  loadTemplate,
  type OpenTask,
  refusal,
  type State,
  type StepPlace,
  type Template,
  type TemplateDocument,
  tasks,
} from "../flow";
import type { JsonObject } from "../lib/canonical";
import type { FlowEvent } from "../lib/events";
import type { Directory, KnownRun, Outgoing, Person, Shot } from "../lib/idb-store";

export interface Job {
  run: string;
  known: KnownRun;
  template: Template;
  state: State;
  haws: Haw[];
  tasks: OpenTask[];
  shots: Shot[];
  /** Payload hashes by which decisions name what they saw. */
  events: FlowEvent[];
}

const templates = new Map<string, Template>();

/** The worked-out template of a version document. */
export function templateOf(version: string, document: unknown): Template {
  const known = templates.get(version);
  if (known !== undefined) return known;
  const template = loadTemplate(document as TemplateDocument, version);
  templates.set(version, template);
  return template;
}

function facts(person: Person, at: string): FlowEvent {
  const { ref, roles, certificates } = person;
  const data: JsonObject = { member: ref, roles: [...roles].sort(), certificates };
  // Said by nobody: until the server says who people are, the phone goes by the list that it has.
  return {
    type: "people.resolved",
    actor: "server",
    claimed_at: at,
    data,
    hash: `here:${ref}`,
  } as unknown as FlowEvent;
}

function peopleNamed(event: FlowEvent): string[] {
  const { people, members } = event.data as { people?: { [part: string]: string[] }; members?: string[] };
  return [event.actor, ...Object.values(people ?? {}).flat(), ...(members ?? [])];
}

/** Events in the order in which they are folded: the log's, then this phone's own that the log does not show yet. */
export function eventsOf(known: FlowEvent[], own: FlowEvent[], directory: Directory | undefined): FlowEvent[] {
  const admitted = new Set(known.map((event) => event.hash));
  const resolved = new Set(
    known.filter((event) => event.type === "people.resolved").map((event) => String(event.data.member)),
  );
  const all = [...known];
  for (const event of own) {
    if (admitted.has(event.hash)) continue;
    const unknown = [...new Set(peopleNamed(event))].filter((ref) => !resolved.has(ref));
    const people = (directory?.people ?? []).filter((person) => unknown.includes(person.ref));
    for (const person of people) resolved.add(person.ref);
    const stated = people.map((person) => facts(person, event.claimed_at));
    // A run must be open before anybody can be anything in it.
    all.push(...(event.type === "run.opened" ? [event, ...stated] : [...stated, event]));
  }
  return all;
}

/** As the kernel takes them: where the server says that a key had ended, with that beside the event. */
function asEvents(items: { hash: string; payload: object; standing?: string }[]): FlowEvent[] {
  return items.map(
    ({ hash, payload, standing }) =>
      ({ ...payload, hash, ...(standing === "revoked" ? { revoked: true } : {}) }) as FlowEvent,
  );
}

export interface Sources {
  known: KnownRun;
  document: unknown;
  outbox: Outgoing[];
  shots: Shot[];
  directory: Directory | undefined;
  member: string;
  at: string;
}

/** The job at this moment, for this person. */
export function jobOf(sources: Sources): Job {
  const { known, member, at } = sources;
  const template = templateOf(known.version, sources.document);
  const own = sources.outbox.filter((item) => item.payload.run === known.run && item.state !== "forked");
  const events = eventsOf(asEvents(known.events), asEvents(own), sources.directory);
  const state = fold(template, events);
  return {
    run: known.run,
    known,
    template,
    state,
    haws: haws(template, state),
    tasks: tasks(template, state, member, at),
    shots: sources.shots.filter((shot) => shot.run === known.run),
    events,
  };
}

/** The record of a job that this phone has opened itself. */
export function ownRun(item: Outgoing, title: { [tag: string]: string }, equipment: string): KnownRun {
  const data = item.payload.data as { template?: string; version?: string };
  return {
    run: item.payload.run ?? "",
    template: data.template ?? "",
    version: data.version ?? "",
    title,
    equipment,
    opened_at: item.payload.claimed_at,
    status: "open",
    my_turn: true,
    announced: 0,
    events: [],
  };
}

/** What somebody wants to do, as far as the rules look at it. */
export interface Attempt {
  type: string;
  actor: string;
  claimed_at: string;
  data: object;
  step?: string | undefined;
  activation?: number | undefined;
  commitments?: Record<string, string>;
  photos?: object[];
}

/** Why an act would not be allowed now; empty when it is. */
export function codesAgainst(job: Job, act: Attempt): string[] {
  return refusal(job.template, job.state, { hash: "", ...act } as unknown as FlowEvent);
}

export interface OpenStep {
  task: OpenTask;
  place: StepPlace;
  activation: Activation;
}

/** The open steps, mine first. */
export function openSteps(job: Job): OpenStep[] {
  const open = job.tasks.flatMap((task) => {
    const place = job.template.steps.get(task.path);
    const activation = job.state.steps[task.path]?.find((one) => one.n === task.n);
    return place === undefined || activation === undefined ? [] : [{ task, place, activation }];
  });
  const rank = ({ task }: OpenStep) => (task.mine ? 0 : 2) + (task.waits_until === undefined ? 0 : 1);
  return open.sort((a, b) => rank(a) - rank(b));
}

// From a command to the events to append, or to the codes that refuse it (docs/formats/flow.md, "decide").
import type { JsonObject } from "../lib/canonical";
import type { FlowEvent, PhotoRef } from "../lib/events";
import { peopleOf, refusal, textsOf } from "./refusals";
import { type Facts, type State, sorted } from "./state";
import { own, put, type Template } from "./template";

export interface Command {
  type: string;
  actor: string;
  step?: string;
  activation?: number;
  data: JsonObject;
  photos?: PhotoRef[];
  commitments?: Record<string, string>;
}
export interface Directory {
  [ref: string]: Facts;
}
/** An event before its device gives it a place: who, what and when. */
export interface Draft extends Command {
  claimed_at: string;
}
export type Decided = { events: Draft[] } | { refused: string[] };

function resolved(member: string, { roles, certificates }: Facts, at: string): Draft {
  const data = { member, roles: sorted(roles), certificates };
  return { type: "people.resolved", actor: "server", data, claimed_at: at };
}

/** Judges a command at that time as if the facts of everybody it names were there. */
export function decide(template: Template, state: State, command: Command, at: string, directory: Directory): Decided {
  const act: Draft = { ...command, claimed_at: at };
  // Only what the rules read is there; the rest of a payload is added when it is signed.
  const event = { ...act, hash: "" } as unknown as FlowEvent;
  const assigned = command.type === "people.assigned" ? textsOf(event, "members") : [];
  const opening = command.type === "run.opened" ? Object.values(peopleOf(event)).flat() : [];
  const unknown = (refs: string[]) =>
    sorted(refs).flatMap((ref) => {
      const facts = own(state.facts, ref) === undefined ? own(directory, ref) : undefined;
      return facts === undefined ? [] : [{ ref, facts }];
    });
  const isOpening = command.type === "run.opened";
  const before = isOpening ? [] : unknown([command.actor]);
  const after = isOpening
    ? unknown([command.actor, ...opening])
    : unknown(assigned).filter(({ ref }) => ref !== command.actor);
  const facts = { ...state.facts };
  for (const person of [...before, ...after]) put(facts, person.ref, person.facts);
  const refused = refusal(template, { ...state, facts }, event);
  if (refused.length > 0) return { refused };
  const draft = ({ ref, facts: known }: { ref: string; facts: Facts }) => resolved(ref, known, at);
  return { events: [...before.map(draft), act, ...after.map(draft)] };
}

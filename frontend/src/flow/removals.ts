// The lock of somebody who does not come back: who may have it removed, and on what word (docs/formats/flow.md).
import type { FlowEvent } from "../lib/events";
import { holdsOne } from "./people";
import { type Entry, entriesIn, type State } from "./state";
import { own, type Template } from "./template";

/** What the person who decides confirms of the owner, in the order in which it is asked. */
export const STATEMENTS = ["not_on_site", "tried_to_reach", "told_before_return"] as const;
export type Statement = (typeof STATEMENTS)[number];

/** The parts that may have a lock of this register removed without its owner; undefined where nobody may. */
export function removersOf(template: Template, register: string): string[] | undefined {
  return own(template.document.registers, register)?.absent_owner?.decided_by;
}

/** The entry that is in and that an event names by item and holder. */
export function lockOf(state: State, { data }: Pick<FlowEvent, "data">): Entry | undefined {
  const inside = entriesIn(state, String(data.register));
  return inside.findLast(({ item, holder }) => item === data.item && holder === data.holder);
}

/** Whether the registers have somebody inside: then he is on site, or they have to be put right first. */
function isInside(template: Template, state: State, member: unknown): boolean {
  return Object.entries(template.document.registers).some(
    ([name, { kind }]) => kind === "people" && entriesIn(state, name).some(({ item }) => item === member),
  );
}

/** Why a lock may not be removed without its owner; empty when it may. */
export function removalCodes(template: Template, state: State, event: FlowEvent): string[] {
  const { actor, data, commitments } = event;
  const deciders = removersOf(template, String(data.register));
  if (deciders === undefined) return ["removal_not_offered"];
  const codes = holdsOne(template, state, deciders, actor, event.claimed_at);
  if (codes.length > 0) return codes;
  if (lockOf(state, event) === undefined) return ["not_in"];
  if (data.holder === actor) return ["own_lock"];
  if (isInside(template, state, data.holder)) return ["owner_inside"];
  const confirmed: unknown[] = Array.isArray(data.confirmed) ? data.confirmed : [];
  if (!STATEMENTS.every((statement) => confirmed.includes(statement))) return ["statement_missing"];
  if (!Array.isArray(data.saw) || data.saw.length === 0) return ["saw_missing"];
  return commitments !== undefined && Object.hasOwn(commitments, "reason") ? [] : ["reason_missing"];
}

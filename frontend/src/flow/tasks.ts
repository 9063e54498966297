// What a member can do now, and what is still asked of them (docs/formats/flow.md, "Tasks, and what is still asked").
import { missing } from "./missing";
import { isMine } from "./people";
import { currentOpen, type State, timerId } from "./state";
import type { Template } from "./template";

export interface OpenTask {
  path: string;
  n: number;
  mine: boolean;
  missing: string[];
  waits_until?: string;
}

/** Every open step in document order, as this member sees it at that time. */
export function tasks(template: Template, state: State, member: string, at: string): OpenTask[] {
  return [...template.steps.values()].flatMap((place) => {
    const activation = currentOpen(state, place.path);
    if (activation === undefined) return [];
    const { n, not_before } = activation;
    const waits =
      not_before !== undefined && at < not_before && !state.fired.includes(timerId("not_before", place.path, n));
    return [
      {
        path: place.path,
        n,
        mine: isMine(template, state, activation, member, at),
        missing: missing(state, place, activation, member, at, {}),
        ...(waits ? { waits_until: not_before } : {}),
      },
    ];
  });
}

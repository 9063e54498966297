// Who somebody is to the run, and whether a task is theirs (docs/formats/flow.md, "Who somebody is").
import { type Activation, type State, sorted, type Task } from "./state";
import { own, type PartSpec, type Template } from "./template";

function differs(template: Template, part: string, other: string): boolean {
  const names = (from: string, to: string) => own(template.document.people, from)?.not_same_as.includes(to) === true;
  return names(part, other) || names(other, part);
}

function certificateCodes(spec: PartSpec, certificates: { [kind: string]: string }, at: string): string[] {
  if (spec.certificate === undefined) return [];
  const until = own(certificates, spec.certificate);
  if (until === undefined) return ["certificate_missing"];
  return until < at.slice(0, 10) ? ["certificate_expired"] : [];
}

/** Why the member does not hold the part at that time; empty when they do. */
export function holds(template: Template, state: State, part: string, member: string, at: string): string[] {
  const spec = own(template.document.people, part);
  if (spec === undefined || !own(state.people, part)?.includes(member)) return ["not_your_part"];
  const facts = own(state.facts, member);
  if (facts === undefined) return ["person_unknown"];
  const codes = certificateCodes(spec, facts.certificates, at);
  if (!facts.roles.some((role) => spec.roles.includes(role))) codes.push("role_missing");
  const elsewhere = Object.entries(state.people).filter(([, members]) => members.includes(member));
  if (elsewhere.some(([other]) => differs(template, part, other))) codes.push("same_person");
  return sorted(codes);
}

/** Why the member holds none of the parts; empty when they hold one. */
export function holdsOne(template: Template, state: State, parts: string[], member: string, at: string): string[] {
  let first: string[] | undefined;
  for (const part of parts) {
    const codes = holds(template, state, part, member, at);
    if (codes.length === 0) return [];
    if (own(state.people, part)?.includes(member)) first ??= codes;
  }
  return first ?? ["not_your_part"];
}

/** Why the people of a run cannot be these: all parts as they would be, and those among them that change. */
export function assignmentCodes(template: Template, people: { [part: string]: string[] }, changed: string[]): string[] {
  const codes: string[] = [];
  for (const part of changed) {
    const spec = own(template.document.people, part);
    const members = own(people, part) ?? [];
    if (spec === undefined) codes.push("part_unknown");
    else if (new Set(members).size !== members.length) codes.push("part_count");
    else if (members.length < spec.count[0] || members.length > spec.count[1]) codes.push("part_count");
  }
  const parts = Object.keys(template.document.people);
  for (const part of parts) {
    const rivals = parts.filter((other) => other !== part && differs(template, part, other));
    const taken = new Set(rivals.flatMap((other) => own(people, other) ?? []));
    if ((own(people, part) ?? []).some((member) => taken.has(member))) codes.push("same_person");
  }
  return sorted(codes);
}

/** Whether the task is of the member's kind, done or not. */
export function fits(template: Template, state: State, task: Task, member: string, at: string): boolean {
  if (task.member !== undefined) return task.member === member;
  return task.parts.some((part) => holds(template, state, part, member, at).length === 0);
}

export function fittingTasks(
  template: Template,
  state: State,
  activation: Activation,
  member: string,
  at: string,
): Task[] {
  return activation.tasks.filter((task) => fits(template, state, task, member, at));
}

/** Why the member may not act in the activation; empty when they may. */
export function actorCodes(
  template: Template,
  state: State,
  activation: Activation,
  member: string,
  at: string,
): string[] {
  const fitting = fittingTasks(template, state, activation, member, at);
  const named = fitting[0];
  if (named === undefined) {
    const listed = activation.tasks
      .flatMap((task) => task.parts)
      .find((part) => own(state.people, part)?.includes(member));
    const codes = listed === undefined ? [] : holds(template, state, listed, member, at);
    return codes.length > 0 ? codes : ["not_your_task"];
  }
  if (fitting.some((task) => task.member === undefined)) return [];
  return holds(template, state, named.parts[0] ?? "", member, at);
}

/** Whether a task of the activation waits for this member. */
export function isMine(template: Template, state: State, activation: Activation, member: string, at: string): boolean {
  return fittingTasks(template, state, activation, member, at).some(
    (task) =>
      task.done_by === undefined &&
      (task.member === undefined || holds(template, state, task.parts[0] ?? "", member, at).length === 0),
  );
}

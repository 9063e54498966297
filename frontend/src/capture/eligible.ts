// Who may hold a part, by the list of people that the phone has.
import { assignmentCodes } from "../flow";
import { own, type PartSpec, type Template } from "../flow/template";
import type { Person } from "../lib/idb-store";

/** Why this person may not hold this part today, the others being chosen as they are; empty when they may. */
export function codesFor(
  template: Template,
  people: { [part: string]: string[] },
  part: string,
  person: Person,
  at: string,
): string[] {
  const spec = own(template.document.people, part);
  if (spec === undefined) return ["part_unknown"];
  const codes: string[] = [];
  if (!person.roles.some((role) => spec.roles.includes(role))) codes.push("role_missing");
  if (spec.certificate !== undefined) {
    const until = own(person.certificates, spec.certificate);
    if (until === undefined) codes.push("certificate_missing");
    else if (until < at.slice(0, 10)) codes.push("certificate_expired");
  }
  const chosen = { ...people, [part]: [...new Set([...(own(people, part) ?? []), person.ref])] };
  if (assignmentCodes(template, chosen, []).includes("same_person")) codes.push("same_person");
  return codes;
}

/** Whether every part has as many people as it needs. */
export function isComplete(template: Template, people: { [part: string]: string[] }): boolean {
  return assignmentCodes(template, people, Object.keys(template.document.people)).length === 0;
}

/** The choice after a tap on a person: out when in; in a part of one, instead of the other. */
export function toggled(spec: PartSpec, chosen: string[], ref: string): string[] {
  if (chosen.includes(ref)) return chosen.filter((other) => other !== ref);
  const most = spec.count[1];
  if (most === 1) return [ref];
  return chosen.length < most ? [...chosen, ref] : chosen;
}

/** The parts in the order of the template's author; where it is not known, leads first, then as the steps name them. */
export function partsInOrder(template: Template): string[] {
  if (template.document.order?.people !== undefined) return Object.keys(template.document.people);
  const named = [...template.steps.values()].flatMap((place) => place.step.who.parts);
  const all = [...template.document.leads, ...named, ...Object.keys(template.document.people)];
  return [...new Set(all)].filter((part) => Object.hasOwn(template.document.people, part));
}

/** Parts that only one person can hold, with that person: nobody needs to look for them. */
export function onlyChoices(template: Template, people: readonly Person[], at: string): { [part: string]: string[] } {
  const chosen: { [part: string]: string[] } = {};
  for (const part of partsInOrder(template)) {
    const fit = people.filter((person) => codesFor(template, {}, part, person, at).length === 0);
    const [only] = fit;
    if (fit.length === 1 && only !== undefined && codesFor(template, chosen, part, only, at).length === 0)
      chosen[part] = [only.ref];
  }
  return chosen;
}

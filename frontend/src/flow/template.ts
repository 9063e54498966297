// A version document (docs/formats/template.md) and the same tree with paths, order and surroundings worked out once.
import { canonicalText, type Json } from "../lib/canonical";
import { sha256Hex, utf8 } from "../lib/encoding";

export type Text = { [tag: string]: string };

export interface PartSpec {
  title: Text;
  roles: string[];
  certificate?: string;
  count: [number, number];
  not_same_as: string[];
}
export interface PhotoSpec {
  title: Text;
  show: Text[];
  count: number;
  camera_only: boolean;
  fresh?: number;
  provisional: boolean;
  /** The name of a drawing of what the photo is to show; one that is not known here is left out. */
  illustration?: string;
}
export interface ReadingSpec {
  title: Text;
  unit: string;
  at_most?: string;
  at_least?: string;
  points: string[];
  instrument: boolean;
  fresh?: number;
  /** May be taken, and is not asked. */
  optional?: true;
}
export interface RegisterSpec {
  title: Text;
  kind: "people" | "items" | "locks";
  absent_owner?: { decided_by: string[] };
}
export interface RegisterUse {
  act: "in" | "out" | "both";
  at_least: number;
}
export interface AskSpec {
  title: Text;
  kind: "yes_no" | "choice" | "number";
  options: { id: string; title: Text }[];
  must?: boolean | string;
}
export interface SampledSpec {
  is: "sampled_within";
  /** Each as `name` or `name.point`. */
  readings: string[];
  steps: string[];
  seconds: number;
}
export type MustSpec =
  | { register: string; is: "empty" }
  | { register: string; is: "one_each"; part: string }
  | SampledSpec;
export interface DecisionSpec {
  verdicts: string[];
  back_to: string[];
  reason: "always" | "unless_ok";
}
export type Operation = "is" | "is_not" | "at_most" | "at_least" | "less_than" | "more_than";
export interface Test {
  value: string;
  op: Operation;
  to: boolean | string;
}
export interface Condition {
  any: { all: Test[] }[];
}

export interface StepNode {
  node: "step";
  id: string;
  title: Text;
  say?: Text;
  who: { parts: string[]; each: boolean; policy: "all" | "any"; newcomers?: true };
  photos: { [slot: string]: PhotoSpec };
  readings: { [name: string]: ReadingSpec };
  register: { [name: string]: RegisterUse };
  ask: { [name: string]: AskSpec };
  must: MustSpec[];
  decision?: DecisionSpec;
  not_before?: { wait: number; after?: string };
  due?: number;
  order?: { photos?: string[]; readings?: string[]; register?: string[]; ask?: string[] };
  source: string[];
}
export interface GroupNode {
  node: "seq" | "par";
  do: TemplateNode[];
}
export interface ChoiceNode {
  node: "choice";
  id: string;
  options: { when: Condition; do: TemplateNode[] }[];
  otherwise: TemplateNode[];
}
export interface RepeatNode {
  node: "repeat";
  id: string;
  title?: Text;
  every?: number;
  at_least: number;
  at_most?: number;
  until: { ended_by: string[] } | { when: Condition };
  do: TemplateNode[];
}
export interface CallNode {
  node: "call";
  id: string;
  template: string;
  version: string;
  title?: Text;
  do: TemplateNode[];
}
export type TemplateNode = StepNode | GroupNode | ChoiceNode | RepeatNode | CallNode;

export interface StageSpec {
  stage: string;
  title: Text;
  exit: boolean;
  do: TemplateNode[];
}
export interface TemplateDocument {
  v: number;
  template: string;
  title: Text;
  about?: Text;
  category?: string;
  subject: { equipment?: string; scan?: boolean };
  opened_by: string[];
  leads: string[];
  expires_after?: number;
  people: { [part: string]: PartSpec };
  registers: { [name: string]: RegisterSpec };
  stages: StageSpec[];
  order?: { people?: string[]; registers?: string[] };
  source?: string[];
}

/** A choice or repeat around a place; `branch` is the option that the place lies in (-1: otherwise; 0 in a repeat). */
export interface Around {
  place: ChoicePlace | RepeatPlace;
  branch: number;
}
interface Spot {
  path: string;
  /** Document order: steps, choices and repeats counted as they begin. */
  order: number;
  stage: StageSpec;
  around: Around[];
}
export interface StepPlace extends Spot {
  kind: "step";
  step: StepNode;
}
export interface ChoicePlace extends Spot {
  kind: "choice";
  options: { when: Condition; body: Place[] }[];
  otherwise: Place[];
}
export interface RepeatPlace extends Spot {
  kind: "repeat";
  repeat: RepeatNode;
  body: Place[];
}
export type Place = StepPlace | ChoicePlace | RepeatPlace | { kind: "seq" | "par"; body: Place[] };

export interface Template {
  /** With its tables in the order of its author. */
  document: TemplateDocument;
  /** SHA-256 of the canonical document, in hex. */
  version: string;
  stages: { stage: StageSpec; body: Place[] }[];
  /** In document order, as all three maps are. */
  steps: Map<string, StepPlace>;
  choices: Map<string, ChoicePlace>;
  repeats: Map<string, RepeatPlace>;
}

class Placer {
  constructor(
    private readonly template: Template,
    private readonly stage: StageSpec,
  ) {}

  all(nodes: TemplateNode[], path: string, around: Around[]): Place[] {
    return nodes.map((node) => this.one(node, path, around));
  }

  private one(node: TemplateNode, path: string, around: Around[]): Place {
    switch (node.node) {
      case "seq":
      case "par":
        return { kind: node.node, body: this.all(node.do, path, around) };
      case "call":
        return { kind: "seq", body: this.all(node.do, `${path}/${node.id}`, around) };
      case "step":
        return this.step(node, this.spot(`${path}/${node.id}`, around));
      case "choice":
        return this.choice(node, this.spot(`${path}/${node.id}`, around), path);
      default:
        return this.repeat(node, this.spot(`${path}/${node.id}`, around));
    }
  }

  private spot(path: string, around: Around[]): Spot {
    const { steps, choices, repeats } = this.template;
    return { path, order: steps.size + choices.size + repeats.size, stage: this.stage, around };
  }

  private step(node: StepNode, spot: Spot): Place {
    const { photos, readings, register, ask, order } = node;
    const step: StepNode = {
      ...node,
      photos: ordered(photos, order?.photos),
      readings: ordered(readings, order?.readings),
      register: ordered(register, order?.register),
      ask: ordered(ask, order?.ask),
    };
    const place: StepPlace = { ...spot, kind: "step", step };
    this.template.steps.set(place.path, place);
    return place;
  }

  private choice(node: ChoiceNode, spot: Spot, path: string): Place {
    const place: ChoicePlace = { ...spot, kind: "choice", options: [], otherwise: [] };
    this.template.choices.set(place.path, place);
    // A choice adds nothing to the paths of what lies in it.
    const body = (nodes: TemplateNode[], branch: number) => this.all(nodes, path, [...spot.around, { place, branch }]);
    place.options = node.options.map((option, k) => ({ when: option.when, body: body(option.do, k) }));
    place.otherwise = body(node.otherwise, -1);
    return place;
  }

  private repeat(node: RepeatNode, spot: Spot): Place {
    const place: RepeatPlace = { ...spot, kind: "repeat", repeat: node, body: [] };
    this.template.repeats.set(place.path, place);
    place.body = this.all(node.do, place.path, [...spot.around, { place, branch: 0 }]);
    return place;
  }
}

/** The same table: those named first and in that order, the others after them by name. */
function ordered<T>(table: { [name: string]: T }, names: string[] = []): { [name: string]: T } {
  const named = names.filter((name) => Object.hasOwn(table, name));
  const others = Object.keys(table).filter((name) => !named.includes(name));
  return Object.fromEntries([...named, ...others.sort()].map((name) => [name, table[name] as T]));
}

/** Works a version document out; `version` is its hash, which the caller knows. */
export function loadTemplate(document: TemplateDocument, version: string): Template {
  const { people, registers, order } = document;
  const template: Template = {
    document: {
      ...document,
      people: ordered(people, order?.people),
      registers: ordered(registers, order?.registers),
    },
    version,
    stages: [],
    steps: new Map(),
    choices: new Map(),
    repeats: new Map(),
  };
  for (const stage of document.stages) {
    template.stages.push({ stage, body: new Placer(template, stage).all(stage.do, stage.stage, []) });
  }
  return template;
}

/** SHA-256 of the canonical document. */
export async function versionHash(document: TemplateDocument): Promise<string> {
  return sha256Hex(utf8(canonicalText(document as unknown as Json)));
}

/** Hashes a version document and works it out. */
export async function readTemplate(document: TemplateDocument): Promise<Template> {
  return loadTemplate(document, await versionHash(document));
}

/** The member of a map by its own name only: "constructor" is a name like any other. */
export function own<T>(map: { [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Sets a member of a map, also one named "__proto__". */
export function put<T>(map: { [key: string]: T }, key: string, value: T): void {
  Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true });
}

// A small template and its people, for tests of the phone.
import type { StepNode, TemplateDocument } from "../flow/template";
import type { Directory, Person } from "../lib/idb-store";

export const WEN = "11".repeat(16);
export const LI = "22".repeat(16);
export const VERA = "33".repeat(16);
export const RUN = "aa".repeat(16);
export const VERSION = "ab".repeat(32);

const text = (en: string) => ({ en });

function step(id: string, change: Partial<StepNode>): StepNode {
  const who = { parts: ["crew"], each: false, policy: "all" as const };
  return {
    node: "step",
    id,
    title: text(id),
    who,
    photos: {},
    readings: {},
    register: {},
    ask: {},
    must: [],
    source: [],
    ...change,
  };
}

const photo = { title: text("Isolator"), show: [text("open")], count: 1, camera_only: true, provisional: true };
const voltage = { title: text("Voltage"), unit: "V", at_most: "0", points: ["L1", "L2"], instrument: true };
const answer = { title: text("Still?"), kind: "yes_no" as const, options: [], must: true };

export const DOCUMENT: TemplateDocument = {
  v: 1,
  template: "belt",
  title: text("Belt"),
  subject: {},
  opened_by: ["worker"],
  leads: ["guardian"],
  people: {
    crew: { title: text("Crew"), roles: ["worker"], count: [1, 2], not_same_as: [] },
    electrician: {
      title: text("Electrician"),
      roles: ["worker"],
      certificate: "electrical",
      count: [1, 1],
      not_same_as: [],
    },
    guardian: { title: text("Guardian"), roles: ["guardian"], count: [1, 1], not_same_as: ["crew", "electrician"] },
  },
  registers: { people: { title: text("People"), kind: "people" }, locks: { title: text("Locks"), kind: "locks" } },
  stages: [
    {
      stage: "before",
      title: text("Before"),
      exit: false,
      do: [
        step("power_off", { photos: { isolator: photo }, readings: { voltage }, ask: { still: answer } }),
        step("enter", {
          who: { parts: ["guardian"], each: false, policy: "all" },
          register: { people: { act: "in", at_least: 1 } },
        }),
      ],
    },
    {
      stage: "after",
      title: text("After"),
      exit: true,
      do: [
        step("clear", {
          who: { parts: ["guardian"], each: false, policy: "all" },
          register: { people: { act: "out", at_least: 0 } },
          must: [{ register: "people", is: "empty" }],
        }),
      ],
    },
  ],
};

const person = (ref: string, name: string, roles: string[], certificates = {}): Person => ({
  ref,
  name,
  roles,
  certificates,
  unit: "",
});

export const DIRECTORY: Directory = {
  people: [
    person(WEN, "Wen", ["worker"], { electrical: "2027-01-01" }),
    person(LI, "Li", ["worker"], { electrical: "2026-02-28" }),
    person(VERA, "Vera", ["guardian"]),
  ],
  equipment: [],
};

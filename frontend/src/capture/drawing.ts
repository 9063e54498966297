// Drawings of what a photo is to show: files of library/drawings, put into the program when it is built.
import { h, type Node_ } from "./view";

declare const DRAWINGS: { [name: string]: string };

const known = new Map<string, Node_ | undefined>();

/** What may stand in a drawing; anything else is left out. */
const ELEMENTS = new Set(["g", "path", "rect", "circle"]);
const ATTRIBUTES = new Set(["class", "cx", "cy", "d", "height", "r", "rx", "transform", "width", "x", "y"]);

function nodeOf(element: Element): Node_[] {
  if (!ELEMENTS.has(element.tagName)) return [];
  const kept = [...element.attributes].filter(({ name }) => ATTRIBUTES.has(name));
  const props = Object.fromEntries(kept.map(({ name, value }) => [name, value]));
  return [h(element.tagName, props, ...[...element.children].map(nodeOf))];
}

function parsed(text: string): Node_ {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const viewBox = svg.getAttribute("viewBox") ?? "0 0 160 120";
  return h("svg.drawing", { viewBox, "aria-hidden": "true", focusable: "false" }, [...svg.children].map(nodeOf));
}

/** The drawing of this name, if this program has it. */
export function drawing(name: string | undefined): Node_ | undefined {
  if (name === undefined) return undefined;
  const all = typeof DRAWINGS === "undefined" ? {} : DRAWINGS;
  if (!known.has(name)) {
    const text = Object.hasOwn(all, name) ? all[name] : undefined;
    known.set(name, text === undefined ? undefined : parsed(text));
  }
  return known.get(name);
}

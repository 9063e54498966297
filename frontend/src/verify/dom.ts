// Elements from values. Text goes in as text only: nothing that a pack says can become markup.

export type Child = Node | string | null | undefined | false;
type Attributes = { [name: string]: string | number | boolean | undefined | ((event: Event) => void) };

const SVG = "http://www.w3.org/2000/svg";

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false),
  );
}

/** An HTML element; an attribute that is a function listens to the event of its name. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** An SVG element. */
export function s(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  fill(element, attributes, children);
  return element;
}

const SIGNS = {
  tick: "M2.5 8.5l3.5 4 7.5-9",
  warn: "M8 2l6.5 12h-13zM8 6.5v3.5M8 12v.1",
  open: "M8 1.5a6.5 6.5 0 1 0 .01 0zM5 8h6",
  back: "M10 2.5L4.5 8l5.5 5.5",
  on: "M6 2.5L11.5 8 6 13.5",
  pack: "M8 10.3V1.7M4.5 5.200L8 1.7l3.5 3.500M2 11.5v3h12v-3",
};

/** A small sign in the colour of its text; the word beside it says the same. */
export function sign(name: keyof typeof SIGNS): SVGElement {
  const box = { viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false", class: "sign" };
  return s("svg", box, s("path", { d: SIGNS[name] }));
}

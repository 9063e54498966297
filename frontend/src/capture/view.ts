// Pages as values: `h` describes an element, `render` makes the document look like the description.
// Elements stay where they are when they can: a running camera, the focus and a scroll position survive a new state.

type Handler = (event: Event) => void;
type Attribute = string | number | boolean | undefined;
export interface Props {
  key?: string;
  /** Called once when the element exists; what it returns is called when it goes. */
  mounted?: (element: HTMLElement) => (() => void) | undefined;
  on?: { [event: string]: Handler };
  [attribute: string]: Attribute | Handler | { [event: string]: Handler } | Props["mounted"];
}
export interface Node_ {
  tag: string;
  props: Props;
  children: (Node_ | string)[];
}
export type Child = Node_ | string | number | false | null | undefined | Child[];

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "path", "circle", "g", "rect", "line", "text", "polyline", "use"]);
const OWN = new Set(["key", "mounted", "on"]);

interface Live {
  props: Props;
  listeners: { [event: string]: Handler };
  leave: (() => void) | undefined;
}
const lives = new WeakMap<Element, Live>();

function flat(children: Child[]): (Node_ | string)[] {
  return children.flatMap((child) => {
    if (Array.isArray(child)) return flat(child);
    if (child === false || child === null || child === undefined) return [];
    return typeof child === "number" ? [String(child)] : [child];
  });
}

/** An element: `h("button.big", { on: { click } }, "Go")`. */
export function h(selector: string, props: Props = {}, ...children: Child[]): Node_ {
  const [tag = "div", ...classes] = selector.split(".");
  const all = [...classes, typeof props.class === "string" ? props.class : ""].filter(Boolean).join(" ");
  return { tag, props: all === "" ? props : { ...props, class: all }, children: flat(children) };
}

function setAttribute(element: Element, name: string, value: Attribute): void {
  if (name === "value" && (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)) {
    if (element.value !== String(value ?? "")) element.value = String(value ?? "");
    return;
  }
  if (value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value === true ? "" : value)) {
    element.setAttribute(name, String(value === true ? "" : value));
  }
}

function dress(element: Element, live: Live, props: Props): void {
  for (const name of new Set([...Object.keys(live.props), ...Object.keys(props)])) {
    if (!OWN.has(name)) setAttribute(element, name, props[name] as Attribute);
  }
  const wanted = props.on ?? {};
  for (const event of Object.keys(wanted)) {
    // One listener for the element's whole life; what it calls changes with each description.
    if (!Object.hasOwn(live.listeners, event)) {
      element.addEventListener(event, (happened) => live.listeners[event]?.(happened));
    }
  }
  for (const event of Object.keys(live.listeners)) live.listeners[event] = wanted[event] ?? (() => undefined);
  for (const [event, handler] of Object.entries(wanted)) live.listeners[event] = handler;
  live.props = props;
}

function create(node: Node_ | string): Node {
  if (typeof node === "string") return document.createTextNode(node);
  const element = DRAWN.has(node.tag) ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
  const live: Live = { props: {}, listeners: {}, leave: undefined };
  lives.set(element, live);
  fill(element, node.children);
  dress(element, live, node.props);
  if (node.props.mounted !== undefined && element instanceof HTMLElement) {
    const { mounted } = node.props;
    queueMicrotask(() => {
      live.leave = mounted(element);
      if (!element.isConnected) live.leave?.();
    });
  }
  return element;
}

function remove(node: Node): void {
  if (node instanceof Element) {
    for (const inner of [node, ...node.querySelectorAll("*")]) {
      const live = lives.get(inner);
      live?.leave?.();
      if (live !== undefined) live.leave = undefined;
    }
  }
  node.parentNode?.removeChild(node);
}

function matches(node: Node, wanted: Node_ | string): boolean {
  if (typeof wanted === "string") return node.nodeType === Node.TEXT_NODE;
  if (!(node instanceof Element) || node.tagName.toLowerCase() !== wanted.tag) return false;
  return lives.get(node)?.props.key === wanted.props.key;
}

function update(node: Node, wanted: Node_ | string): void {
  if (typeof wanted === "string") {
    if (node.nodeValue !== wanted) node.nodeValue = wanted;
    return;
  }
  const element = node as Element;
  const live = lives.get(element);
  if (live === undefined) return;
  fill(element, wanted.children);
  dress(element, live, wanted.props);
}

function fill(parent: Element, wanted: (Node_ | string)[]): void {
  const old = [...parent.childNodes];
  const used = new Set<Node>();
  const kept = wanted.map((child, at) => {
    const here = old[at];
    const found =
      here !== undefined && !used.has(here) && matches(here, child)
        ? here
        : typeof child !== "string" && child.props.key !== undefined
          ? old.find((node) => !used.has(node) && matches(node, child))
          : undefined;
    if (found !== undefined) used.add(found);
    return found;
  });
  for (const node of old) if (!used.has(node)) remove(node);
  for (const [at, child] of wanted.entries()) {
    const found = kept[at];
    const node = found ?? create(child);
    if (found !== undefined) update(found, child);
    if (parent.childNodes[at] !== node) parent.insertBefore(node, parent.childNodes[at] ?? null);
  }
}

/** Makes the inside of an element look like this. */
export function render(into: Element, ...children: Child[]): void {
  fill(into, flat(children));
}

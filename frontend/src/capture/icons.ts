// Small drawings of 24 by 24; each stands beside a word or has one in its label.
import { h, type Node_ } from "./view";

const LINES: Record<string, string> = {
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  check: "M5 12.5l4.6 4.8L19 7",
  camera: "M4 8.5h3.2L9 6h6l1.8 2.5H20v10.200H4zM12 16.400a3.2 3.2 0 1 0 0-6.400 3.2 3.2 0 0 0 0 6.400z",
  again: "M19 12a7 7 0 1 1-2.200-5.100M19.200 4v4.200H15",
  alarm: "M12 4.500l9 15.500H3zM12 10.500v4.200M12 17.300v.2",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.300l2.800 1.700",
  up: "M12 19V6M6.500 11L12 5.500 17.500 11",
  person:
    "M12 11.500a3.700 3.700 0 1 0 0-7.400 3.700 3.700 0 0 0 0 7.400zM4.800 20c.6-3.900 3.500-5.700 7.200-5.700s6.600 1.800 7.200 5.700",
  tool: "M14.500 6.500a4 4 0 0 0 5 5l-9.300 8.300a2.300 2.300 0 0 1-3.300-3.300z",
  lock: "M6.500 11h11v8.500h-11zM8.700 11V8.200a3.300 3.300 0 0 1 6.600 0V11",
  gauge: "M4 17a8 8 0 1 1 16 0M12 17l4-5.500",
  question: "M9 9.200a3 3 0 1 1 4.400 2.700c-.9.5-1.400 1.100-1.400 2.100M12 17.300v.2",
  erase: "M9 6h11v12H9l-5.500-6zM12 9.700l4.600 4.600M16.600 9.700L12 14.300",
  light: "M13 3L6 13.500h5L10 21l7.500-11H12.500z",
  gear: "M5 7.500h9M18 7.500h1M5 16.500h1M10 16.500h9M16 5.500v4M8 14.500v4",
  string: "M12 3v18M12 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  code: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8h3v3H8zM13 8h3v3h-3zM8 13h3v3H8zM13.500 13.500h2.500M16 16v.2",
  plus: "M12 5v14M5 12h14",
  sign: "M4 18.500h16M6 14.500c2-6 4-8.500 5.200-8 1.800.8-2.700 8-.7 8s2.500-3.300 3.800-3.300c1 0 .3 2.800 2.200 2.800",
};

export function icon(name: keyof typeof LINES & string): Node_ {
  return h(
    "svg.icon",
    { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    h("path", { d: LINES[name] ?? "" }),
  );
}

/** The sign of the product: three haws on a stick. */
export function logo(): Node_ {
  const haw = (cx: number, cy: number) => h("circle", { cx, cy, r: 10.6 });
  return h(
    "svg.logo",
    { viewBox: "0 0 68 52", "aria-hidden": "true", focusable: "false" },
    h("path.logo-stick", { d: "M3.5 48.500 62 6.200l3.600-4-4.900 2.200L1.900 46.300a1.600 1.600 0 0 0 1.600 2.200z" }),
    h("g.logo-haws", {}, haw(17.5, 37.4), haw(33.4, 26), haw(49.3, 14.6)),
  );
}

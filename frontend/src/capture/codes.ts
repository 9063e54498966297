// What a scanned or typed code means here.
import type { Directory, Equipment } from "../lib/idb-store";

const EQUIPMENT = /^tanghulu:equipment:([0-9a-f]{32})$/;

/** The equipment that a code, or a number as it stands on the machine, names; undefined when there is none. */
export function equipmentOf(code: string, directory: Directory | undefined): Equipment | undefined {
  const text = code.trim();
  const ref = EQUIPMENT.exec(text)?.[1];
  const all = directory?.equipment ?? [];
  if (ref !== undefined) return all.find((thing) => thing.ref === ref);
  return all.find((thing) => thing.number.toLowerCase() === text.toLowerCase());
}

/** The number of a lock or an instrument from its code: the last part of an address, or the text as it is. */
export function numberIn(code: string): string {
  const text = code.trim();
  const last = /^https?:\/\//.test(text) ? (text.split(/[/?#=]/).findLast((part) => part !== "") ?? text) : text;
  return last.slice(0, 40);
}

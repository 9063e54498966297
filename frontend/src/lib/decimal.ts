// Decimal strings (docs/formats/canonical-json.md), compared exactly: "19.50" and "19.5" are the same number.

const FORM = /^(-?)(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,9}))?$/;
const PLACES = 9;

function scaled(text: string): bigint | null {
  const found = FORM.exec(text);
  if (found === null) return null;
  const size = BigInt((found[2] ?? "") + (found[3] ?? "").padEnd(PLACES, "0"));
  if (found[1] === "-") return size === 0n ? null : -size;
  return size;
}

/** Whether the text is a decimal; there is no "-0". */
export function isDecimal(text: unknown): text is string {
  return typeof text === "string" && scaled(text) !== null;
}

/** -1, 0 or 1; null when either is not a decimal. */
export function compareDecimals(a: unknown, b: unknown): -1 | 0 | 1 | null {
  const x = typeof a === "string" ? scaled(a) : null;
  const y = typeof b === "string" ? scaled(b) : null;
  if (x === null || y === null) return null;
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

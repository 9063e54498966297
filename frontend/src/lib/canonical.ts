// Canonical JSON (docs/formats/canonical-json.md): RFC 8785 without null, fractions, exponents and duplicate keys.
// JSON.parse would lose duplicate keys and round large numbers, so the reader is our own.
import { type Bytes, equalBytes, fromUtf8, utf8 } from "./encoding";

export type Json = boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type CanonicalCode =
  | "json_malformed"
  | "json_duplicate_key"
  | "json_bad_key"
  | "json_null"
  | "json_fraction"
  | "json_number_too_large"
  | "json_lone_surrogate"
  | "json_too_deep"
  | "json_too_large"
  | "json_not_canonical";

export class CanonicalError extends Error {
  constructor(readonly code: CanonicalCode) {
    super(code);
    this.name = "CanonicalError";
  }
}

/** A fact that is signed has at most this many bytes; files of a pack are bounded by the pack's own limits. */
export const MAX_BYTES = 65_535;
const MAX_DEPTH = 32;
const KEY = /^[\x20-\x7e]+$/;
const SURROGATE = /\p{Surrogate}/u;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && !Array.isArray(value);
}

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`, and a moment that exists; years are 0001 to 9999. */
export function isTime(value: Json | undefined): value is string {
  if (typeof value !== "string" || !TIME.test(value) || value.startsWith("0000")) return false;
  const at = Date.parse(value);
  return !Number.isNaN(at) && new Date(at).toISOString() === value;
}

function writeString(text: string): string {
  if (SURROGATE.test(text)) throw new CanonicalError("json_lone_surrogate");
  return JSON.stringify(text);
}

function writeObject(value: JsonObject, depth: number): string {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (!KEY.test(key)) throw new CanonicalError("json_bad_key");
    // An absent key and an undefined one are the same to a caller; null is a mistake.
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${write(member, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

function write(value: Json | null, depth: number): string {
  if (typeof value === "string") return writeString(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number") {
    if (!Number.isInteger(value)) throw new CanonicalError("json_fraction");
    if (!Number.isSafeInteger(value)) throw new CanonicalError("json_number_too_large");
    return String(value);
  }
  if (value === null) throw new CanonicalError("json_null");
  if (depth >= MAX_DEPTH) throw new CanonicalError("json_too_deep");
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  return writeObject(value, depth);
}

/** The canonical text, of any length. */
export function canonicalText(value: Json): string {
  return write(value, 0);
}

/** The canonical bytes. Throws CanonicalError for what has none, or has more than `limit`. */
export function dumps(value: Json, limit: number = MAX_BYTES): Bytes {
  const bytes = utf8(canonicalText(value));
  if (bytes.length > limit) throw new CanonicalError("json_too_large");
  return bytes;
}

const ESCAPES: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.value(0);
    this.space();
    if (this.at !== this.text.length) throw new CanonicalError("json_malformed");
    return value;
  }

  private space(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  private take(mark: string): boolean {
    this.space();
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private expect(mark: string): void {
    if (!this.take(mark)) throw new CanonicalError("json_malformed");
  }

  private value(depth: number): Json {
    this.space();
    const next = this.text[this.at];
    if (next === '"') return this.string();
    if (next === "{" || next === "[") {
      if (depth >= MAX_DEPTH) throw new CanonicalError("json_too_deep");
      this.at += 1;
      return next === "{" ? this.object(depth + 1) : this.array(depth + 1);
    }
    return this.scalar();
  }

  private scalar(): Json {
    for (const [word, value] of [
      ["true", true],
      ["false", false],
    ] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    if (this.text.startsWith("null", this.at)) throw new CanonicalError("json_null");
    return this.number();
  }

  private number(): number {
    const pattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) throw new CanonicalError("json_malformed");
    if (found[1] !== undefined || found[2] !== undefined) throw new CanonicalError("json_fraction");
    const value = Number(found[0]);
    if (!Number.isSafeInteger(value)) throw new CanonicalError("json_number_too_large");
    this.at = pattern.lastIndex;
    return value;
  }

  private string(): string {
    this.at += 1;
    let text = "";
    for (;;) {
      const from = this.at;
      while (this.at < this.text.length && !this.isSpecial(this.text.charCodeAt(this.at))) this.at += 1;
      text += this.text.slice(from, this.at);
      const mark = this.text[this.at];
      this.at += 1;
      if (mark === '"') break;
      if (mark !== "\\") throw new CanonicalError("json_malformed");
      text += this.escape();
    }
    if (SURROGATE.test(text)) throw new CanonicalError("json_lone_surrogate");
    return text;
  }

  private isSpecial(code: number): boolean {
    return code < 0x20 || code === 0x22 || code === 0x5c;
  }

  private escape(): string {
    const mark = this.text[this.at] ?? "";
    this.at += 1;
    if (mark === "u") {
      const digits = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new CanonicalError("json_malformed");
      this.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = Object.hasOwn(ESCAPES, mark) ? ESCAPES[mark] : undefined;
    if (plain === undefined) throw new CanonicalError("json_malformed");
    return plain;
  }

  private array(depth: number): Json[] {
    const items: Json[] = [];
    if (this.take("]")) return items;
    do items.push(this.value(depth));
    while (this.take(","));
    this.expect("]");
    return items;
  }

  private object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    if (!this.take("}")) {
      do {
        this.space();
        if (this.text[this.at] !== '"') throw new CanonicalError("json_malformed");
        const key = this.string();
        if (!KEY.test(key)) throw new CanonicalError("json_bad_key");
        if (members.has(key)) throw new CanonicalError("json_duplicate_key");
        this.expect(":");
        members.set(key, this.value(depth));
      } while (this.take(","));
      this.expect("}");
    }
    // fromEntries defines own properties, so that "__proto__" is a key like any other.
    return Object.fromEntries(members);
  }
}

/** Reads JSON that keeps the restrictions, whatever its white space and order of keys. Throws CanonicalError. */
export function parse(bytes: Uint8Array, limit: number = MAX_BYTES): Json {
  if (bytes.length > limit) throw new CanonicalError("json_too_large");
  const text = fromUtf8(bytes);
  if (text === null) throw new CanonicalError("json_malformed");
  return new Reader(text).whole();
}

/** Reads canonical bytes; throws CanonicalError for anything that does not print back to the same bytes. */
export function loads(bytes: Uint8Array, limit: number = MAX_BYTES): Json {
  const value = parse(bytes, limit);
  if (!equalBytes(dumps(value, limit), bytes)) throw new CanonicalError("json_not_canonical");
  return value;
}

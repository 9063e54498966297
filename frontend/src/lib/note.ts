// Signed notes, verifier keys, checkpoints and proofs as C2SP writes them (docs/formats/log.md).
import { type Bytes, concat, equalBytes, fromBase64, fromHex, fromUtf8, sha256, toHex, utf8 } from "./encoding";

const ED25519 = 0x01;
const NAME = /^[^\s+\p{Cc}]+$/u;
const DECIMAL = /^(0|[1-9][0-9]{0,15})$/;

export interface VerifierKey {
  name: string;
  /** First four bytes of the key's hash. */
  id: Bytes;
  /** Ed25519 public key, 32 bytes. */
  key: Bytes;
}
export interface NoteSignature {
  name: string;
  id: Bytes;
  sig: Bytes;
}
export interface Note {
  /** With its last line feed: the bytes that are signed. */
  text: string;
  signatures: NoteSignature[];
}
export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
  note: Note;
}
export interface Proof {
  index: number;
  hashes: Bytes[];
  /** The checkpoint, verbatim. */
  checkpoint: string;
}

/** Reads `<name>+<hex key id>+<base64(0x01 || key)>`; null when it is none, or its id does not follow from it. */
export async function parseVerifierKey(text: string): Promise<VerifierKey | null> {
  const found = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  const [name, idHex, body] = [found?.[1] ?? "", found?.[2] ?? "", found?.[3] ?? ""];
  const [id, bytes] = [fromHex(idHex), fromBase64(body)];
  if (!NAME.test(name) || id === null || bytes?.length !== 33 || bytes[0] !== ED25519) return null;
  const hash = await sha256(concat(utf8(`${name}\n`), bytes));
  return equalBytes(hash.subarray(0, 4), id) ? { name, id, key: bytes.slice(1) } : null;
}

function parseSignature(line: string): NoteSignature | null {
  const found = /^— (\S+) (\S+)$/.exec(line);
  const bytes = fromBase64(found?.[2] ?? "");
  const name = found?.[1] ?? "";
  if (!NAME.test(name) || bytes === null || bytes.length < 5) return null;
  return { name, id: bytes.slice(0, 4), sig: bytes.slice(4) };
}

/** Reads a signed note: text, a blank line, signature lines. Null when it is none. */
function parseNote(whole: string): Note | null {
  const split = whole.lastIndexOf("\n\n");
  if (split < 0 || !whole.endsWith("\n") || /[^\n\P{Cc}]/u.test(whole)) return null;
  const lines = whole.slice(split + 2, -1).split("\n");
  const signatures = lines.map(parseSignature);
  if (signatures.length === 0 || signatures.length > 100 || signatures.includes(null)) return null;
  return { text: whole.slice(0, split + 1), signatures: signatures.filter((line) => line !== null) };
}

function parseNumber(text: string | undefined): number | null {
  const value = DECIMAL.test(text ?? "") ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

/** Reads a checkpoint: origin, size and root on three lines of a signed note. */
export function parseCheckpoint(whole: string): Checkpoint | null {
  const note = parseNote(whole);
  const lines = note?.text.split("\n") ?? [];
  const [origin = "", sizeText, rootText = ""] = lines;
  const [size, root] = [parseNumber(sizeText), fromBase64(rootText)];
  if (note === null || lines.length !== 4 || lines[3] !== "") return null;
  if (origin === "" || size === null || root?.length !== 32) return null;
  return { origin, size, root, note };
}

/** Reads a `c2sp.org/tlog-proof@v1` text. */
export function parseProof(bytes: Uint8Array): Proof | null {
  const whole = fromUtf8(bytes) ?? "";
  const split = whole.indexOf("\n\n");
  const [head, indexLine = "", ...hashLines] = whole.slice(0, Math.max(0, split)).split("\n");
  const index = indexLine.startsWith("index ") ? parseNumber(indexLine.slice(6)) : null;
  const hashes = hashLines.map(fromBase64);
  if (head !== "c2sp.org/tlog-proof@v1" || index === null || hashes.length > 64) return null;
  if (hashes.some((hash) => hash?.length !== 32)) return null;
  return { index, hashes: hashes.filter((hash) => hash !== null), checkpoint: whole.slice(split + 2) };
}

/** Whether this browser can verify Ed25519 at all. */
export async function hasEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1), { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch (error) {
    // A browser that knows the algorithm may still refuse the bytes of this key.
    return error instanceof DOMException && error.name === "DataError";
  }
}

/**
 * Whether the note is signed by the key. As signed-note asks, one signature under the key's name and id that does not
 * verify spoils the note, and signatures of other keys are passed over.
 */
export async function isSignedBy(note: Note, key: VerifierKey): Promise<boolean> {
  const own = note.signatures.filter(({ name, id }) => name === key.name && toHex(id) === toHex(key.id));
  if (own.length === 0) return false;
  const algorithm = { name: "Ed25519" };
  try {
    const handle = await crypto.subtle.importKey("raw", key.key, algorithm, false, ["verify"]);
    const text = utf8(note.text);
    const verdicts = await Promise.all(own.map(({ sig }) => crypto.subtle.verify(algorithm, handle, sig, text)));
    return verdicts.every((verdict) => verdict);
  } catch {
    return false;
  }
}

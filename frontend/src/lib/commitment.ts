// Salted commitments and their openings (docs/formats/commitment.md).
import { canonicalText, type Json } from "./canonical";
import { type Bytes, concat, fromBase64, sha256Hex, toBase64, utf8 } from "./encoding";

const LABEL = utf8("tanghulu-commit-v1");
const SALT_BYTES = 32;

export interface Opening {
  commitment: string;
  salt: string;
  value: Json;
}

/** 32 random bytes, new for each commitment. */
function newSalt(): Bytes {
  return crypto.getRandomValues(new Uint8Array(SALT_BYTES));
}

/** hex(SHA-256(label || length of value || salt || value)), the value in canonical bytes. */
export async function commit(value: Json, salt: Uint8Array): Promise<string> {
  const bytes = utf8(canonicalText(value));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length));
  return sha256Hex(concat(LABEL, length, salt, bytes));
}

/** Commits to a value under a new salt. */
export async function newOpening(value: Json): Promise<Opening> {
  const salt = newSalt();
  return { commitment: await commit(value, salt), salt: toBase64(salt), value };
}

/** Whether the opening's salt and value give its commitment. */
export async function opens(opening: Opening): Promise<boolean> {
  const salt = fromBase64(opening.salt);
  return salt !== null && salt.length === SALT_BYTES && (await commit(opening.value, salt)) === opening.commitment;
}

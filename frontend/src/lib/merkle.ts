// RFC 6962 hashing and inclusion proofs (docs/formats/log.md).
import { type Bytes, concat, sha256 } from "./encoding";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** SHA-256(0x00 || entry). */
export async function leafHash(entry: Uint8Array): Promise<Bytes> {
  return sha256(concat(LEAF, entry));
}

/** SHA-256(0x01 || left || right). */
export async function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(concat(NODE, left, right));
}

const half = (n: number) => Math.floor(n / 2);
const isOdd = (n: number) => n % 2 === 1;

/**
 * The root that an inclusion proof leads to, or null when it has not the length that index and size ask for.
 * RFC 9162, section 2.1.3.2. Numbers above 2^53 do not occur: they do not parse.
 */
export async function rootOfProof(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  if (index >= size) return null;
  let [here, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return null;
    if (isOdd(here) || here === last) {
      hash = await nodeHash(sibling, hash);
      while (!isOdd(here) && here !== 0) [here, last] = [half(here), half(last)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [here, last] = [half(here), half(last)];
  }
  return last === 0 ? hash : null;
}

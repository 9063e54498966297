// DSSE envelopes in canonical JSON, signed with ECDSA P-256 (docs/formats/event.md).
import { CanonicalError, dumps, isObject, type Json, loads, MAX_BYTES } from "./canonical";
import { type Bytes, concat, fromBase64, sha256Hex, toBase64, utf8 } from "./encoding";

export const EVENT_PAYLOAD = "application/vnd.tanghulu.event.v1+json";
export const ADMISSION_PAYLOAD = "application/vnd.tanghulu.admission.v1+json";

const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const MAX_SIGNATURES = 4;
const HASH = /^[0-9a-f]{64}$/;

export interface Signature {
  /** Device: hash of the key's SubjectPublicKeyInfo. */
  keyid: string;
  /** r || s, 64 bytes. */
  sig: Bytes;
}

export interface Envelope {
  payload: Bytes;
  payloadType: string;
  signatures: Signature[];
}

export class EnvelopeError extends Error {
  readonly code = "envelope_malformed";
}

/** The bytes that are signed: `DSSEv1 <length> <type> <length> <payload>`. */
export function pae(payloadType: string, payload: Uint8Array): Bytes {
  const length = utf8(payloadType).length;
  return concat(utf8(`DSSEv1 ${length} ${payloadType} ${payload.length} `), payload);
}

/** The canonical bytes of an envelope, which are its entry in the log. */
export function encodeEnvelope(envelope: Envelope): Bytes {
  return dumps({
    payload: toBase64(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig: toBase64(sig) })),
  });
}

function malformed(): never {
  throw new EnvelopeError("envelope_malformed");
}

function readSignature(value: Json): Signature {
  if (!isObject(value) || Object.keys(value).sort().join() !== "keyid,sig") malformed();
  const { keyid, sig } = value;
  const bytes = typeof sig === "string" ? fromBase64(sig) : null;
  if (typeof keyid !== "string" || !HASH.test(keyid) || bytes === null || bytes.length !== 64) malformed();
  return { keyid, sig: bytes };
}

/** Reads the canonical bytes of an envelope of the given payload type. Throws EnvelopeError. */
export function parseEnvelope(bytes: Uint8Array, payloadType: string = EVENT_PAYLOAD): Envelope {
  let value: Json;
  try {
    value = loads(bytes, MAX_BYTES);
  } catch (error) {
    if (error instanceof CanonicalError) malformed();
    throw error;
  }
  if (!isObject(value) || Object.keys(value).sort().join() !== "payload,payloadType,signatures") malformed();
  const payload = typeof value.payload === "string" ? fromBase64(value.payload) : null;
  if (payload === null || value.payloadType !== payloadType || !Array.isArray(value.signatures)) malformed();
  const signatures = value.signatures.map(readSignature);
  const keys = new Set(signatures.map((signature) => signature.keyid));
  if (keys.size !== signatures.length || keys.size < 1 || keys.size > MAX_SIGNATURES) malformed();
  return { payload, payloadType, signatures };
}

/** The device id of a public key in DER. */
async function deviceId(spki: Uint8Array): Promise<string> {
  return sha256Hex(spki);
}

/** The public key in DER, and the device id that follows from it. */
export async function describeKey(key: CryptoKey): Promise<{ spki: Bytes; device: string }> {
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", key));
  return { spki, device: await deviceId(spki) };
}

/** A new P-256 pair; the private key never leaves the browser unless `extractable`. */
export async function newDeviceKey(extractable = false): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, extractable, ["sign", "verify"]);
}

/** Reads a P-256 public key in DER; null when it is none. */
export async function importPublicKey(spki: Uint8Array): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey("spki", spki as Bytes, CURVE, true, ["verify"]);
  } catch {
    return null;
  }
}

/** One signature (r || s) over a payload. */
export async function signPayload(
  payload: Uint8Array,
  key: CryptoKey,
  payloadType: string = EVENT_PAYLOAD,
): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(SIGNATURE, key, pae(payloadType, payload)));
}

/** The canonical envelope of a payload with one signature: what the outbox stores and sends, and never signs again. */
export async function sealEnvelope(
  payload: Bytes,
  device: string,
  key: CryptoKey,
  payloadType: string = EVENT_PAYLOAD,
): Promise<Bytes> {
  const sig = await signPayload(payload, key, payloadType);
  return encodeEnvelope({ payload, payloadType, signatures: [{ keyid: device, sig }] });
}

/** Whether the signature over this envelope's payload was made with the key. */
export async function verifySignature(key: CryptoKey, envelope: Envelope, signature: Signature): Promise<boolean> {
  return crypto.subtle.verify(SIGNATURE, key, signature.sig, pae(envelope.payloadType, envelope.payload));
}

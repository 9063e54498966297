// @vitest-environment node
import { describe, expect, it } from "vitest";
import { dumps } from "./canonical";
import { fromUtf8, toBase64, utf8 } from "./encoding";
import {
  ADMISSION_PAYLOAD,
  describeKey,
  EnvelopeError,
  EVENT_PAYLOAD,
  encodeEnvelope,
  importPublicKey,
  newDeviceKey,
  pae,
  parseEnvelope,
  sealEnvelope,
  signPayload,
  verifySignature,
} from "./envelope";

async function sealed() {
  const pair = await newDeviceKey();
  const { spki, device } = await describeKey(pair.publicKey);
  const payload = dumps({ hello: "世界" });
  const bytes = await sealEnvelope(payload, device, pair.privateKey);
  return { pair, spki, device, payload, bytes, envelope: parseEnvelope(bytes) };
}

describe("pae", () => {
  it("is the encoding of the DSSE specification", () => {
    expect(fromUtf8(pae("http://example.com/HelloWorld", utf8("hello world")))).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
  });
});

describe("sealEnvelope", () => {
  it("makes an envelope whose signature verifies under the device's key", async () => {
    const { spki, device, payload, envelope } = await sealed();
    const [signature] = envelope.signatures;
    const key = await importPublicKey(spki);
    expect(envelope.payload).toEqual(payload);
    expect(signature?.keyid).toBe(device);
    expect(signature?.sig).toHaveLength(64);
    expect(key && signature && (await verifySignature(key, envelope, signature))).toBe(true);
  });

  it("gives a signature for nothing else", async () => {
    const { pair, payload, device, envelope } = await sealed();
    const signature = { keyid: device, sig: await signPayload(payload, pair.privateKey, ADMISSION_PAYLOAD) };
    expect(await verifySignature(pair.publicKey, envelope, signature)).toBe(false);
  });
});

describe("parseEnvelope", () => {
  it("prints back to the same bytes, countersigned too", async () => {
    const { envelope, payload } = await sealed();
    const second = await newDeviceKey();
    const { device } = await describeKey(second.publicKey);
    const both = encodeEnvelope({
      ...envelope,
      signatures: [...envelope.signatures, { keyid: device, sig: await signPayload(payload, second.privateKey) }],
    });
    expect(encodeEnvelope(parseEnvelope(both))).toEqual(both);
  });

  const sig = { keyid: "a".repeat(64), sig: toBase64(new Uint8Array(64)) };
  const good = { payload: "AAAA", payloadType: EVENT_PAYLOAD, signatures: [sig] };
  it.each([
    ["another member", { ...good, x: 1 }],
    ["a member missing", { payload: "AAAA", payloadType: EVENT_PAYLOAD }],
    ["another type", { ...good, payloadType: ADMISSION_PAYLOAD }],
    ["no signature", { ...good, signatures: [] }],
    ["a key twice", { ...good, signatures: [sig, sig] }],
    ["five signatures", { ...good, signatures: [1, 2, 3, 4, 5].map((n) => ({ ...sig, keyid: `${n}`.repeat(64) })) }],
    ["a short signature", { ...good, signatures: [{ ...sig, sig: "AAAA" }] }],
    ["a bad key id", { ...good, signatures: [{ ...sig, keyid: "A".repeat(64) }] }],
    ["base64 that is none", { ...good, payload: "AAA" }],
    ["more in a signature", { ...good, signatures: [{ ...sig, x: 1 }] }],
  ])("refuses %s", (_, value) => {
    expect(() => parseEnvelope(dumps(value))).toThrow(EnvelopeError);
  });

  it("refuses bytes that are not canonical", () => {
    expect(() => parseEnvelope(utf8(` ${JSON.stringify(good)}`))).toThrow(EnvelopeError);
  });
});

describe("importPublicKey", () => {
  it("is null for what is no key", async () => {
    expect(await importPublicKey(utf8("no key"))).toBeNull();
  });
});

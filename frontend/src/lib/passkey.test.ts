import { describe, expect, it } from "vitest";
import { answer, bytesOf, creation, request, textOf } from "./passkey";

const bytes = (...values: number[]): ArrayBuffer => new Uint8Array(values).buffer;

describe("bytesOf and textOf", () => {
  it("undo each other, in the alphabet of addresses", () => {
    const text = textOf(bytes(251, 255, 190, 0));
    expect(text).toBe("-_--AA");
    expect(new Uint8Array(bytesOf(text))).toEqual(new Uint8Array([251, 255, 190, 0]));
  });
});

describe("creation", () => {
  it("asks for a key that is found without a name and opens for its owner only", () => {
    const options = creation({
      publicKey: {
        challenge: "AQ",
        user: { id: "Ag", name: "wen" },
        excludeCredentials: [{ id: "Aw", type: "public-key" }],
      },
    }).publicKey as PublicKeyCredentialCreationOptions;
    expect(new Uint8Array(options.challenge as ArrayBuffer)).toEqual(new Uint8Array([1]));
    expect(new Uint8Array(options.user.id as ArrayBuffer)).toEqual(new Uint8Array([2]));
    expect(new Uint8Array(options.excludeCredentials?.[0]?.id as ArrayBuffer)).toEqual(new Uint8Array([3]));
    expect(options.authenticatorSelection?.userVerification).toBe("required");
    expect(options.authenticatorSelection?.residentKey).toBe("required");
  });
});

describe("request", () => {
  it("works without a list of keys", () => {
    const options = request({ publicKey: { challenge: "AQ" } }).publicKey as PublicKeyCredentialRequestOptions;
    expect(options.allowCredentials).toEqual([]);
  });
});

describe("answer", () => {
  const credential = (response: object): PublicKeyCredential =>
    ({ id: "x", rawId: bytes(9), type: "public-key", response, getClientExtensionResults: () => ({}) }) as never;

  it("has what a new key says", () => {
    const made = JSON.parse(answer(credential({ clientDataJSON: bytes(1), attestationObject: bytes(2) })));
    expect(made.response).toEqual({ clientDataJSON: "AQ", attestationObject: "Ag", transports: [] });
    expect(made.rawId).toBe("CQ");
  });

  it("has what a known key signs", () => {
    const given = { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: null };
    const made = JSON.parse(answer(credential(given)));
    expect(made.response).toEqual({ clientDataJSON: "AQ", authenticatorData: "Ag", signature: "Aw", userHandle: null });
  });
});

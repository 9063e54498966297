// WebAuthn as JSON. Browsers before 2024 lack `parseCreationOptionsFromJSON` and `toJSON`, so the few fields that hold
// bytes are turned by hand (https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON).

type Json = { [name: string]: unknown };

interface Descriptor {
  id: string;
  type: PublicKeyCredentialType;
  transports?: AuthenticatorTransport[];
}

export function bytesOf(text: string): ArrayBuffer {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let place = 0; place < binary.length; place += 1) bytes[place] = binary.charCodeAt(place);
  return bytes.buffer;
}

export function textOf(bytes: ArrayBuffer): string {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function known(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list ?? []) as Descriptor[]).map((one) => ({ ...one, id: bytesOf(one.id) }));
}

/** The server's options for a new passkey: one that is found without a name, and opens for its owner only. */
export function creation(options: Json): CredentialCreationOptions {
  const given = options.publicKey as Json & { challenge: string; user: Json & { id: string } };
  const made = {
    ...given,
    challenge: bytesOf(given.challenge),
    user: { ...given.user, id: bytesOf(given.user.id) },
    excludeCredentials: known(given.excludeCredentials),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
  return { publicKey: made as unknown as PublicKeyCredentialCreationOptions };
}

/** The server's options for using a passkey. */
export function request(options: Json): CredentialRequestOptions {
  const given = options.publicKey as Json & { challenge: string };
  const made = { ...given, challenge: bytesOf(given.challenge), allowCredentials: known(given.allowCredentials) };
  return { publicKey: made as unknown as PublicKeyCredentialRequestOptions };
}

/** What the authenticator answered, as the server reads it. */
export function answer(credential: PublicKeyCredential): string {
  const given = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const response: Json = { clientDataJSON: textOf(given.clientDataJSON) };
  if (given.attestationObject) {
    response.attestationObject = textOf(given.attestationObject);
    response.transports = given.getTransports?.() ?? [];
  } else {
    response.authenticatorData = textOf(given.authenticatorData);
    response.signature = textOf(given.signature);
    response.userHandle = given.userHandle ? textOf(given.userHandle) : null;
  }
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

// The API contract in memory, for tests of the phone: it checks what a server checks and can be made to fail.
import { type Bytes, fromBase64, fromUtf8, sha256Hex, utf8 } from "./encoding";
import { importPublicKey, parseEnvelope, verifySignature } from "./envelope";
import { type Payload, parsePayload } from "./events";

type Reply = { status: number; body?: unknown; html?: string };
type Posted = { envelope: unknown; openings: unknown[] };

export class FakeServer {
  /** While true nobody answers. */
  down = false;
  /** Given each request, may answer in the server's place. */
  interrupt: ((method: string, path: string, body: Bytes) => Reply | undefined) | undefined;
  /** Payload hashes in the order of the log. */
  readonly log: { hash: string; payload: Payload; envelope: string }[] = [];
  readonly photos = new Map<string, Bytes>();
  readonly keys = new Map<string, CryptoKey>();
  readonly requests: string[] = [];
  readonly routes = new Map<string, Reply>();

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? "GET";
    const path = String(input).replace("/api/v1", "");
    const body = typeof init.body === "string" ? utf8(init.body) : ((init.body as Bytes | undefined) ?? utf8(""));
    this.requests.push(`${method} ${path}`);
    if (this.down) throw new TypeError("network");
    const reply = this.interrupt?.(method, path, body) ?? (await this.answer(method, path, body));
    if (reply.html !== undefined) {
      return new Response(reply.html, { status: reply.status, headers: { "content-type": "text/html" } });
    }
    const text = reply.body === undefined ? null : JSON.stringify(reply.body);
    return new Response(text, { status: reply.status, headers: { "content-type": "application/json" } });
  };

  async enrol(device: string, spki: Bytes): Promise<void> {
    const key = await importPublicKey(spki);
    if (key !== null) this.keys.set(device, key);
  }

  private async answer(method: string, path: string, body: Bytes): Promise<Reply> {
    if (method === "POST" && path === "/events") return this.events(body);
    if (method === "PUT" && path.startsWith("/photos/")) return this.photo(path.slice("/photos/".length), body);
    return (
      this.routes.get(`${method} ${path}`) ?? { status: 404, body: { code: "not_found", message: "", details: {} } }
    );
  }

  private async events(body: Bytes): Promise<Reply> {
    const posted = JSON.parse(fromUtf8(body) ?? "") as { events: Posted[] };
    const results: (Reply["body"] & { status: number })[] = [];
    for (const one of posted.events) results.push((await this.admit(one)) as { status: number });
    const [only] = results;
    return results.length === 1 && only !== undefined
      ? { status: only.status, body: only }
      : { status: 200, body: { results } };
  }

  private async admit(posted: Posted): Promise<unknown> {
    const text = JSON.stringify(posted.envelope);
    const envelope = parseEnvelope(utf8(text));
    const [signature] = envelope.signatures;
    const key = signature === undefined ? undefined : this.keys.get(signature.keyid);
    if (key === undefined || signature === undefined) return refused(422, "signature_unknown_key");
    if (!(await verifySignature(key, envelope, signature))) return refused(422, "signature_invalid");
    const payload = parsePayload(envelope.payload);
    const hash = await sha256Hex(envelope.payload);
    const known = this.log.find(
      (entry) => entry.payload.device === payload.device && entry.payload.dseq === payload.dseq,
    );
    if (known !== undefined && known.hash !== hash) return refused(409, "event_forked");
    if (known === undefined) this.log.push({ hash, payload, envelope: text });
    return { status: known === undefined ? 201 : 200, admission: { payload: "", of: hash } };
  }

  private async photo(name: string, body: Bytes): Promise<Reply> {
    if ((await sha256Hex(body)) !== name) {
      return { status: 422, body: { code: "photo_hash_differs", message: "not these bytes", details: {} } };
    }
    const again = this.photos.has(name);
    this.photos.set(name, body);
    return { status: again ? 200 : 201, body: { sha256: name, size: body.length, checks: [] } };
  }
}

function refused(status: number, code: string): unknown {
  return { status, error: { code, message: `in words: ${code}`, details: {} } };
}

/** The payload of an envelope's canonical text. */
export function payloadOf(envelope: string): Payload {
  const { payload } = JSON.parse(envelope) as { payload: string };
  return parsePayload(fromBase64(payload) ?? utf8(""));
}

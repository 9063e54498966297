// The server's JSON API, as a device uses it (docs/reference/api.md).
import type { Bytes } from "./encoding";
import { timeIn } from "./steady";

/** What came back: status 0 means that nobody answered. */
export interface Answer {
  status: number;
  body: unknown;
  etag?: string;
  /** Seconds that the server asks us to wait. */
  retry_after?: number;
}

export interface Ask {
  json?: unknown;
  /** JSON text that is sent as it is. */
  text?: string;
  bytes?: Bytes;
  media_type?: string;
  etag?: string;
  token?: string;
}

export type Api = (method: "GET" | "POST" | "PUT", path: string, ask?: Ask) => Promise<Answer>;

const PATIENCE_MS = 30_000;
/** A large photo over a bad network takes this long, and no longer. */
const PHOTO_PATIENCE_MS = 10 * 60_000;

function bodyOf(ask: Ask): { body?: BodyInit; type?: string } {
  if (ask.bytes !== undefined) return { body: ask.bytes, type: ask.media_type ?? "application/octet-stream" };
  if (ask.text !== undefined) return { body: ask.text, type: "application/json" };
  if (ask.json !== undefined) return { body: JSON.stringify(ask.json), type: "application/json" };
  return {};
}

async function read(response: Response): Promise<unknown> {
  if (!(response.headers.get("content-type") ?? "").includes("json")) return undefined;
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

export interface ApiOptions {
  base: string;
  language: () => string;
  /** Token for requests that bring none; an office page has a session and a form token instead. */
  token?: () => string | undefined;
  form_token?: string;
  fetch?: typeof fetch;
  /** Told the server's time in milliseconds, and how long the answer that named it took. */
  heard?: (server: number, trip: number) => void;
  /** Told when the server says that this device's key was revoked: from then on its token only sends. */
  lockedOut?: () => void;
}

function headersOf(options: ApiOptions, ask: Ask, type: string | undefined): Record<string, string> {
  const token = ask.token ?? options.token?.();
  const headers = {
    "Accept-Language": options.language(),
    "Content-Type": type,
    "If-None-Match": ask.etag,
    // An empty one is none: what is asked with a one-time code is not for the key that this device had before.
    Authorization: token === undefined || token === "" ? undefined : `Bearer ${token}`,
    "X-CSRFToken": options.form_token,
  };
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}

async function answerOf(response: Response): Promise<Answer> {
  const answer: Answer = { status: response.status, body: await read(response) };
  const etag = response.headers.get("etag");
  if (etag !== null) answer.etag = etag;
  const wait = Number(response.headers.get("retry-after"));
  if (Number.isFinite(wait) && wait > 0) answer.retry_after = wait;
  return answer;
}

/** Talks to the server. Never throws: a broken network is an answer of status 0. */
export function connect(options: ApiOptions): Api {
  const send = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init));
  return async (method, path, ask = {}) => {
    const { body, type } = bodyOf(ask);
    const asked = performance.now();
    try {
      const response = await send(`${options.base}${path}`, {
        method,
        headers: headersOf(options, ask, type),
        cache: "no-store",
        signal: AbortSignal.timeout(ask.bytes === undefined ? PATIENCE_MS : PHOTO_PATIENCE_MS),
        ...(body === undefined ? {} : { body }),
      });
      const came = performance.now();
      const answer = await answerOf(response);
      const time = timeIn(response.headers);
      // Only an answer of the server itself tells its time: a sign-in page of some network is none.
      if (time !== undefined && answer.body !== undefined) options.heard?.(time, came - asked);
      if (answer.status === 403 && reasonOf(403, answer.body).code === "device_revoked") options.lockedOut?.();
      return answer;
    } catch {
      return { status: 0, body: undefined };
    }
  };
}

/** The server's own code and sentence for what it did not do. */
export function reasonOf(status: number, body: unknown): { code: string; message: string } {
  const found = typeof body === "object" && body !== null ? (body as { [key: string]: unknown }) : {};
  const code = typeof found.code === "string" ? found.code : `http_${status}`;
  const message = typeof found.message === "string" ? found.message : "";
  return { code, message };
}

// @vitest-environment node
import { describe, expect, it } from "vitest";
import { type ApiOptions, connect, reasonOf } from "./api";

const DATE = "Sun, 01 Mar 2026 08:00:00 GMT";
const NOON = Date.parse(DATE);

interface Sent {
  address: string;
  init: RequestInit;
}

function phone(answer: () => Response, options: Partial<ApiOptions> = {}) {
  const sent: Sent[] = [];
  const heard: number[] = [];
  const api = connect({
    base: "/api/v1",
    language: () => "zh-Hans",
    heard: (server) => heard.push(server),
    fetch: async (input, init = {}) => {
      sent.push({ address: String(input), init });
      return answer();
    },
    ...options,
  });
  return { api, sent, heard };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", date: DATE, ...headers },
  });

describe("connect", () => {
  it("asks in the reader's language, with the token", async () => {
    const { api, sent } = phone(() => json({}), { token: () => "secret" });
    await api("POST", "/events", { json: { a: 1 } });
    expect(sent[0]).toMatchObject({ address: "/api/v1/events", init: { method: "POST", body: '{"a":1}' } });
    expect(sent[0]?.init.headers).toEqual({
      "Accept-Language": "zh-Hans",
      Authorization: "Bearer secret",
      "Content-Type": "application/json",
    });
  });

  it("gives status, body, mark and the pause that the server asks for", async () => {
    const { api } = phone(() => json({ a: 1 }, 429, { etag: '"7"', "retry-after": "12" }));
    expect(await api("GET", "/runs")).toEqual({ status: 429, body: { a: 1 }, etag: '"7"', retry_after: 12 });
  });

  it("answers with status 0 when nobody does", async () => {
    const { api, heard } = phone(() => {
      throw new TypeError("network");
    });
    expect(await api("GET", "/runs")).toEqual({ status: 0, body: undefined });
    expect(heard).toEqual([]);
  });

  it("has no body where the answer is cut off or is none of ours", async () => {
    const cut = phone(() => new Response('{"a":', { headers: { "content-type": "application/json" } }));
    expect(await cut.api("GET", "/runs")).toEqual({ status: 200, body: undefined });
    const page = phone(() => new Response("<h1>Wi-Fi</h1>", { headers: { "content-type": "text/html" } }));
    expect(await page.api("GET", "/runs")).toEqual({ status: 200, body: undefined });
  });

  it("hears the time of the server, and of nobody else", async () => {
    const ours = phone(() => json({}));
    await ours.api("GET", "/runs");
    expect(ours.heard.map((time) => Math.floor(time / 1000))).toEqual([NOON / 1000]);
    const page = phone(() => new Response("<h1>Wi-Fi</h1>", { headers: { "content-type": "text/html", date: DATE } }));
    await page.api("GET", "/runs");
    expect(page.heard).toEqual([]);
    const silent = phone(() => new Response("{}", { headers: { "content-type": "application/json" } }));
    await silent.api("GET", "/runs");
    expect(silent.heard).toEqual([]);
  });
});

describe("reasonOf", () => {
  it("is the server's own code and sentence, or the status", () => {
    expect(reasonOf(422, { code: "payload_malformed", message: "no" })).toEqual({
      code: "payload_malformed",
      message: "no",
    });
    expect(reasonOf(500, undefined)).toEqual({ code: "http_500", message: "" });
    expect(reasonOf(500, { code: 7 })).toEqual({ code: "http_500", message: "" });
  });
});

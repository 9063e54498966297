import { describe, expect, it } from "vitest";
import { answerFrom, isKeptLater, keptOrFetched } from "./shell";

const SHELL = { version: "1", urls: ["/capture/", "/static/dist/capture.js"] };
const HERE = "http://localhost:8000";
const answer = (path: string, mode = "no-cors", method = "GET", origin = HERE) =>
  answerFrom(SHELL, new URL(path, origin), HERE, method, mode);

describe("answerFrom", () => {
  it("answers the page and its parts from what is kept", () => {
    expect(answer("/capture/?a=1#enrol=x", "navigate")).toBe("/capture/");
    expect(answer("/static/dist/capture.js")).toBe("/static/dist/capture.js");
  });

  it("leaves data, other pages and other hosts to the network", () => {
    expect(answer("/api/v1/runs")).toBeUndefined();
    expect(answer("/api/v1/events", "cors", "POST")).toBeUndefined();
    expect(answer("/jobs/", "navigate")).toBeUndefined();
    expect(answer("/static/dist/office.js")).toBeUndefined();
    expect(answer("/static/dist/capture.js", "cors", "GET", "https://elsewhere.example")).toBeUndefined();
  });
});

describe("isKeptLater", () => {
  const shell = { ...SHELL, later: ["/static/dist/reader.js"] };
  const kept = (path: string, method = "GET", origin = HERE) => isKeptLater(shell, new URL(path, origin), HERE, method);

  it("keeps only what is named, from here", () => {
    expect(kept("/static/dist/reader.js")).toBe(true);
    expect(kept("/static/dist/office.js")).toBe(false);
    expect(kept("/static/dist/reader.js", "POST")).toBe(false);
    expect(kept("/static/dist/reader.js", "GET", "https://elsewhere.example")).toBe(false);
    expect(isKeptLater(SHELL, new URL("/static/dist/reader.js", HERE), HERE, "GET")).toBe(false);
  });
});

describe("keptOrFetched", () => {
  const request = { url: `${HERE}/static/dist/reader.js` } as Request;

  it("asks the network once", async () => {
    const kept = new Map<string, Response>();
    const cache = {
      match: async (url: unknown) => kept.get(String(url))?.clone(),
      put: async (url: unknown, answer: Response) => void kept.set(String(url), answer),
    };
    let asked = 0;
    const network = async () => {
      asked += 1;
      return new Response("the reader");
    };
    for (let time = 0; time < 2; time += 1) {
      const answer = await keptOrFetched(async () => cache, request, network);
      expect(await answer.text()).toBe("the reader");
    }
    expect(asked).toBe(1);
  });

  it("answers from the network where nothing can be kept", async () => {
    const full = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    const network = async () => new Response("the reader");
    const narrow = async () => ({ match: async () => undefined, put: full });
    expect(await (await keptOrFetched(narrow, request, network)).text()).toBe("the reader");
    expect(await (await keptOrFetched(full, request, network)).text()).toBe("the reader");
  });
});

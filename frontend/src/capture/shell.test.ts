import { describe, expect, it } from "vitest";
import { answerFrom, isKeptLater } from "./shell";

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

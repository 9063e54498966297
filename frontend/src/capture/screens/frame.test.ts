import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { App, State } from "../app";
import { render } from "../view";
import { wordsIn } from "../words";
import { big, foot, page } from "./frame";

const counts = { kept: 1, sent: 1, accepted: 1, stuck: 0, waiting: 0 };

function phone(change: Partial<State> = {}): App {
  const state = { counts, network: "good", sending: false, busy: false, screen: { name: "outbox" }, ...change };
  const clock = { difference: () => undefined };
  return { state, clock, isFull: false, words: wordsIn("en"), camera: {} } as unknown as App;
}

describe("page", () => {
  const action = () => document.querySelector<HTMLElement>(".action");
  const show = (turn: string, click: () => void = () => undefined) => {
    const app = phone();
    render(
      document.body,
      ...page(app, "job", { bar: { title: "" }, body: "", action: big(app, { words: "Go", click }), turn }),
    );
  };

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    render(document.body);
    vi.useRealTimers();
  });

  it("lets a button that has just come be pressed only once it has settled", async () => {
    show("photo");
    await vi.advanceTimersByTimeAsync(299);
    expect(action()?.inert).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(action()?.inert).toBe(false);
  });

  it("settles anew where the button is about something else, and not where it is about the same", async () => {
    show("photo");
    await vi.advanceTimersByTimeAsync(300);
    show("photo");
    await vi.advanceTimersByTimeAsync(0);
    expect(action()?.inert).toBe(false);
    show("ask");
    await vi.advanceTimersByTimeAsync(0);
    expect(action()?.inert).toBe(true);
  });
});

describe("foot", () => {
  const look = (change: Partial<State>) => String(foot(phone(change)).props.class);

  it("says whether everything has arrived", () => {
    expect(look({})).toBe("foot foot-done");
    expect(look({ counts: { ...counts, waiting: 1 } })).toBe("foot");
    expect(look({ counts: { ...counts, accepted: 0 } })).toBe("foot");
    expect(look({ sending: true })).toBe("foot");
    expect(look({ network: "silent" })).toBe("foot foot-offline");
    expect(look({ network: "silent", counts: { ...counts, stuck: 1 } })).toBe("foot foot-stuck");
  });
});

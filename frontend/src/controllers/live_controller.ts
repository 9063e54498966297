// A part of a page that keeps itself up to date.
//
//   <div data-controller="live" data-live-etag-value="abc" hx-get="/jobs/" hx-trigger="live:tick" hx-swap="outerHTML">
//     <time data-live-target="clock" data-zone="Asia/Shanghai">14:32:08</time>
//     <span data-live-target="lost" hidden>No connection</span>
//   </div>
//
// While the page is seen it asks every few seconds whether there is something newer than its ETag. When an answer does
// not come it says so, because an old picture of a running job must not pass for a new one.
//
// It waits while somebody writes inside it: replacing the page would take the pen out of their hand, and break off a
// character that is being composed.
import { Controller } from "@hotwired/stimulus";
import { timeIn } from "../lib/time-of-day";

interface RequestDetail {
  readonly elt: Element;
  readonly headers: Record<string, string>;
  readonly triggeringEvent?: Event;
}

interface ResponseDetail {
  readonly elt: Element;
  readonly xhr: { readonly status: number };
}

export default class LiveController extends Controller<HTMLElement> {
  static override values = { etag: String, every: { type: Number, default: 3000 } };
  static override targets = ["clock", "lost"];

  declare readonly etagValue: string;
  declare readonly everyValue: number;
  declare readonly clockTargets: HTMLElement[];
  declare readonly lostTargets: HTMLElement[];

  private timer = 0;

  override connect(): void {
    this.timer = window.setInterval(() => this.tick(), this.everyValue);
    this.element.addEventListener("htmx:configRequest", this.ask);
    this.element.addEventListener("htmx:afterRequest", this.answered);
    document.addEventListener("visibilitychange", this.seen);
  }

  override disconnect(): void {
    window.clearInterval(this.timer);
    this.element.removeEventListener("htmx:configRequest", this.ask);
    this.element.removeEventListener("htmx:afterRequest", this.answered);
    document.removeEventListener("visibilitychange", this.seen);
  }

  private tick(): void {
    if (document.visibilityState === "visible" && !this.isWrittenIn()) this.dispatch("tick", { bubbles: false });
  }

  private isWrittenIn(): boolean {
    const focused = document.activeElement;
    return focused?.matches("input, textarea, select") === true && this.element.contains(focused);
  }

  private readonly seen = (): void => this.tick();

  // Only the element's own question is conditional: a link inside it asks for something else.
  private readonly ask = (event: Event): void => {
    const { elt, headers } = (event as CustomEvent<RequestDetail>).detail;
    if (elt === this.element && this.etagValue) headers["If-None-Match"] = `"${this.etagValue}"`;
  };

  private readonly answered = (event: Event): void => {
    const { elt, xhr } = (event as CustomEvent<ResponseDetail>).detail;
    if (elt !== this.element) return;
    const lost = xhr.status === 0 || xhr.status >= 400;
    this.element.classList.toggle("is-lost", lost);
    for (const target of this.lostTargets) target.hidden = !lost;
    if (!lost) for (const clock of this.clockTargets) clock.textContent = timeIn(clock.dataset.zone);
  };
}

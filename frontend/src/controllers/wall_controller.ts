// The wall screen: a clock, jobs that turn over page by page when they do not all fit, and a plain word when the server
// is silent. Around the living part, so that it stays when that part is replaced.
//
//   <main data-controller="wall" data-wall-every-value="12000">
//     <time data-wall-target="clock" data-zone="Asia/Shanghai"></time>
//     <p data-wall-target="lost" hidden>.. <b data-wall-target="since"></b></p>
//     <div data-controller="live" ..>
//       <ul data-wall-target="grid"><li>..</li></ul> <span data-wall-target="pages"></span>
import { Controller } from "@hotwired/stimulus";
import { timeIn } from "../lib/time-of-day";

interface ResponseDetail {
  readonly xhr: { readonly status: number };
}

export default class WallController extends Controller<HTMLElement> {
  static override values = { every: { type: Number, default: 12000 }, patience: { type: Number, default: 15000 } };
  static override targets = ["clock", "lost", "since", "grid", "pages"];

  declare readonly everyValue: number;
  declare readonly patienceValue: number;
  declare readonly clockTargets: HTMLTimeElement[];
  declare readonly lostTargets: HTMLElement[];
  declare readonly sinceTargets: HTMLElement[];
  declare readonly gridTargets: HTMLElement[];
  declare readonly pagesTargets: HTMLElement[];

  private page = 0;
  private answeredAt = Date.now();
  private ticking = 0;
  private turning = 0;

  override connect(): void {
    this.answeredAt = Date.now();
    this.element.addEventListener("htmx:afterRequest", this.answered);
    this.element.addEventListener("htmx:afterSwap", this.arrange);
    window.addEventListener("resize", this.arrange);
    this.ticking = window.setInterval(() => this.tick(), 1000);
    this.turning = window.setInterval(() => this.turn(), this.everyValue);
    this.tick();
    this.arrange();
  }

  override disconnect(): void {
    this.element.removeEventListener("htmx:afterRequest", this.answered);
    this.element.removeEventListener("htmx:afterSwap", this.arrange);
    window.removeEventListener("resize", this.arrange);
    window.clearInterval(this.ticking);
    window.clearInterval(this.turning);
  }

  async fill(): Promise<void> {
    await (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  }

  private readonly answered = (event: Event): void => {
    const { status } = (event as CustomEvent<ResponseDetail>).detail.xhr;
    if (status > 0 && status < 400) this.answeredAt = Date.now();
    this.tick();
  };

  /** Silence counts from the last answer, whether questions fail or hang: old data must not pass for new. */
  private tick(): void {
    const zone = this.clockTargets[0]?.dataset.zone;
    for (const clock of this.clockTargets) clock.textContent = timeIn(zone, new Date(), false);
    const lost = Date.now() - this.answeredAt > this.patienceValue;
    this.element.classList.toggle("is-lost", lost);
    for (const target of this.lostTargets) target.hidden = !lost;
    for (const target of this.sinceTargets) target.textContent = timeIn(zone, new Date(this.answeredAt), false);
  }

  private turn(): void {
    this.page += 1;
    this.arrange();
  }

  /** From the top down, because what is left out above makes room below. */
  private readonly arrange = (): void => {
    const told = this.gridTargets.map((grid) => this.show(grid)).filter((pages) => pages > 1);
    const most = Math.max(...told, 1);
    for (const target of this.pagesTargets) target.textContent = most > 1 ? `${(this.page % most) + 1} / ${most}` : "";
  };

  /** Show the page of a grid whose turn it is; how many there are. */
  private show(grid: HTMLElement): number {
    const things = [...grid.children] as HTMLElement[];
    for (const thing of things) thing.hidden = false;
    const fits = fitting(grid, things);
    const pages = Math.max(Math.ceil(things.length / fits), 1);
    things.forEach((thing, index) => {
      thing.hidden = Math.floor(index / fits) !== this.page % pages;
    });
    return pages;
  }
}

/** How many things a grid has room for: those that end above its lower edge. At least one. */
function fitting(grid: HTMLElement, things: readonly HTMLElement[]): number {
  const bottom = grid.getBoundingClientRect().bottom;
  const beyond = things.findIndex((thing) => thing.getBoundingClientRect().bottom > bottom + 1);
  return beyond < 0 ? Math.max(things.length, 1) : Math.max(beyond, 1);
}

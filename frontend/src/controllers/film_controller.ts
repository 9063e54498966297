// The replay of a job: a scrubber on its time axis, play and pause, and keys.
//
//   <div data-controller="film" data-film-number-value="1" data-action="keydown@window->film#key click->film#follow">
//     <a data-film-target="mark" href="?event=1" data-x="0" data-wait="800" data-part="0" data-said=".." data-time="..">
//     <input type="range" data-film-target="scrubber" data-action="input->film#scrub"> ...
//     <div data-film-target="moment">..</div>
//   </div>
//
// A mark is one event: `x` in thousandths of the axis, `wait` milliseconds until the next one, `part` its stretch of a
// stage. What a moment shows is folded and drawn by the server; without this script the links lead there as well.
import { Controller } from "@hotwired/stimulus";

const WRITING = "textarea, select, [contenteditable], input:not([type=range])";
const PRESSED = "a, button, summary";
// Slower than a person can see is no use, neither is faster.
const LEAST_WAIT = 400;
const EVEN_WAIT = 2000;

export default class FilmController extends Controller<HTMLElement> {
  static override targets = [
    ...["bare", "compare", "cursor", "halt", "keys", "lost", "mark", "moment", "photo", "play"],
    ...["said", "scrubber", "speed", "start", "steer", "time"],
  ];
  static override values = { number: Number };

  declare numberValue: number;
  declare readonly bareTargets: HTMLElement[];
  declare readonly compareTargets: HTMLDetailsElement[];
  declare readonly cursorTarget: SVGLineElement;
  declare readonly haltTarget: HTMLElement;
  declare readonly keysTarget: HTMLDetailsElement;
  declare readonly lostTarget: HTMLElement;
  declare readonly markTargets: SVGAElement[];
  declare readonly momentTarget: HTMLElement;
  declare readonly photoTargets: HTMLElement[];
  declare readonly playTarget: HTMLElement;
  declare readonly saidTarget: HTMLElement;
  declare readonly scrubberTarget: HTMLInputElement;
  declare readonly speedTarget: HTMLSelectElement;
  declare readonly startTarget: HTMLElement;
  declare readonly steerTarget: HTMLElement;
  declare readonly timeTarget: HTMLElement;

  private timer: ReturnType<typeof setTimeout> | undefined;
  private playing = false;
  private asked = 0;
  /** Whether the moment that the number names could not be loaded. */
  private isLost = false;

  override connect(): void {
    if (this.markTargets.length === 0) return;
    for (const link of this.bareTargets) link.hidden = true;
    this.steerTarget.hidden = false;
    this.scrubberTarget.hidden = false;
    this.cursorTarget.removeAttribute("visibility");
    this.point();
  }

  override disconnect(): void {
    this.pause();
  }

  back(): void {
    this.leave(this.numberValue - 1);
  }

  on(): void {
    this.leave(this.numberValue + 1);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  scrub(): void {
    const x = Number(this.scrubberTarget.value);
    let nearest = 1;
    this.markTargets.forEach((mark, index) => {
      const best = this.markTargets[nearest - 1] as SVGAElement;
      if (Math.abs(Number(mark.dataset.x) - x) < Math.abs(Number(best.dataset.x) - x)) nearest = index + 1;
    });
    this.leave(nearest);
  }

  /** A link to a moment of this job is shown here instead of on a new page. */
  follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const target = new URL(link?.getAttribute("href") ?? "", window.location.href);
    const number = Number(target.searchParams.get("event") ?? Number.NaN);
    if (!link || target.pathname !== window.location.pathname || Number.isNaN(number)) return;
    event.preventDefault();
    this.leave(number);
  }

  enlarge(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    for (const photo of this.photoTargets) photo.classList.toggle("is-large");
  }

  key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = event.target instanceof Element ? event.target : document.body;
    if (this.markTargets.length === 0 || at.closest(WRITING)) return;
    if (event.key === " " && at.closest(PRESSED)) return;
    const act = this.actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  private actOf(event: KeyboardEvent): (() => void) | undefined {
    const rightToLeft = document.documentElement.dir === "rtl";
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const way = (event.key === "ArrowRight") !== rightToLeft ? 1 : -1;
      return () => this.leave(event.shiftKey ? this.nextStage(way) : this.numberValue + way);
    }
    const acts: { [key: string]: () => void } = {
      Home: () => this.leave(1),
      End: () => this.leave(this.markTargets.length),
      " ": () => this.toggle(),
      z: () => this.photoTargets[0]?.click(),
      c: () => this.compareTargets[0]?.toggleAttribute("open"),
      "?": () => this.keysTarget.toggleAttribute("open"),
    };
    return acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  }

  /** The first event of the stretch after this one, or of this one, or, from there, of the one before. */
  private nextStage(way: number): number {
    const parts = this.markTargets.map((mark) => mark.dataset.part);
    const first = (part: string | undefined) => parts.indexOf(part) + 1;
    const here = parts[this.numberValue - 1];
    if (way > 0) return first(String(Number(here) + 1)) || parts.length;
    const start = first(here);
    return start < this.numberValue ? start : first(String(Number(here) - 1)) || 1;
  }

  /** Somebody steers: what was playing pauses. */
  private leave(number: number): void {
    this.pause();
    void this.show(number);
  }

  private play(): void {
    this.playing = true;
    this.press();
    if (this.numberValue >= this.markTargets.length) void this.show(1).then(() => this.wait());
    else this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    if (!this.playing) return;
    if (this.numberValue >= this.markTargets.length) {
      this.pause();
      return;
    }
    const speed = Number(this.speedTarget.value);
    const real = Number(this.markTargets[this.numberValue - 1]?.dataset.wait);
    const wait = speed === 0 ? EVEN_WAIT : Math.max(real / speed, LEAST_WAIT);
    this.timer = setTimeout(() => void this.show(this.numberValue + 1).then(() => this.wait()), wait);
  }

  private pause(): void {
    clearTimeout(this.timer);
    if (!this.playing) return;
    this.playing = false;
    this.press();
  }

  private press(): void {
    this.playTarget.setAttribute("aria-pressed", String(this.playing));
    this.startTarget.hidden = this.playing;
    this.haltTarget.hidden = !this.playing;
  }

  private async show(wanted: number): Promise<void> {
    const number = Math.min(Math.max(wanted, 1), this.markTargets.length);
    if (number === this.numberValue && !this.isLost) {
      this.point();
      return;
    }
    this.numberValue = number;
    this.point();
    this.asked += 1;
    const turn = this.asked;
    const address = `${window.location.pathname}?event=${number}`;
    const page = await this.fetched(address, turn);
    // Whoever scrubs has gone on meanwhile.
    if (page === undefined || turn !== this.asked) return;
    this.isLost = false;
    this.lostTarget.hidden = true;
    this.momentTarget.hidden = false;
    this.momentTarget.innerHTML = page;
    window.history.replaceState(null, "", address);
  }

  private async fetched(address: string, turn: number): Promise<string | undefined> {
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      const elsewhere = answer.headers.get("HX-Redirect");
      // Nobody is signed in any more.
      if (elsewhere !== null) {
        this.pause();
        window.location.assign(elsewhere);
        return undefined;
      }
      if (answer.status !== 200) throw new Error(String(answer.status));
      return await answer.text();
    } catch {
      if (turn === this.asked) this.lose();
      return undefined;
    }
  }

  /** The moment before must not pass for the one that was asked for. */
  private lose(): void {
    this.pause();
    this.isLost = true;
    this.momentTarget.hidden = true;
    this.lostTarget.hidden = false;
  }

  private point(): void {
    const mark = this.markTargets[this.numberValue - 1];
    if (!mark) return;
    const said = mark.dataset.said ?? "";
    const percent = `${Number(mark.dataset.x) / 10}%`;
    this.cursorTarget.setAttribute("x1", percent);
    this.cursorTarget.setAttribute("x2", percent);
    this.scrubberTarget.value = mark.dataset.x ?? "0";
    this.scrubberTarget.setAttribute("aria-valuetext", said);
    this.saidTarget.textContent = said;
    this.timeTarget.textContent = mark.dataset.time ?? "";
  }
}

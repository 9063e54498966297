// Going through a job photo by photo to decide, by keys or buttons.
//
//   <div data-controller="inspect" data-action="keydown@window->inspect#key" data-inspect-rest-value='["hash"]'>
//     <article data-inspect-target="frame" data-event="hash" data-step="path" data-title=".." data-shows="hash hash">
//       <a class="moment-photo"><img></a> <div data-inspect-target="why"><input></div>
//     <form data-inspect-target="form" data-controller="review"> ... </form>
//   </div>
//
// One frame is seen at a time, and counts the seconds for which it is. A frame can be marked as good only after its
// picture has been on the screen; accepting is possible only when every frame is marked as good. What the decision
// says that it saw are the events of the frames that were on the screen, and what the registers beside them show.
import { Controller } from "@hotwired/stimulus";
import { officeWord } from "../lib/office-words";

const WRITING = "input, textarea, select, [contenteditable]";
const TICK = 250;
const LEAST_LOOK = 1000;

type Mark = "good" | "bad" | undefined;

export default class InspectController extends Controller<HTMLElement> {
  static override targets = [
    ...["accept", "bad", "dot", "dots", "form", "frame", "good", "keys", "looked", "missing", "onward"],
    ...["place", "reason", "reject", "steer", "sum", "to", "why"],
  ];
  static override values = { rest: Array };

  declare readonly acceptTargets: HTMLInputElement[];
  declare readonly badTarget: HTMLElement;
  declare readonly dotTargets: HTMLElement[];
  declare readonly dotsTarget: HTMLElement;
  declare readonly formTarget: HTMLFormElement;
  declare readonly frameTargets: HTMLElement[];
  declare readonly goodTarget: HTMLElement;
  declare readonly keysTarget: HTMLDialogElement;
  declare readonly lookedTargets: HTMLElement[];
  declare readonly missingTargets: HTMLElement[];
  declare readonly onwardTargets: HTMLElement[];
  declare readonly placeTarget: HTMLElement;
  declare readonly reasonTargets: HTMLTextAreaElement[];
  declare readonly rejectTargets: HTMLInputElement[];
  declare readonly steerTarget: HTMLElement;
  declare readonly sumTarget: HTMLElement;
  declare readonly toTargets: HTMLSelectElement[];
  declare readonly whyTargets: HTMLElement[];
  declare readonly restValue: string[];

  private here = 0;
  private marks: Mark[] = [];
  private looks: number[] = [];
  private written = "";
  private timer: ReturnType<typeof setInterval> | undefined;

  override connect(): void {
    if (this.frameTargets.length === 0) return;
    this.marks = this.frameTargets.map(() => undefined);
    this.looks = this.frameTargets.map(() => 0);
    this.steerTarget.hidden = false;
    this.dotsTarget.hidden = false;
    this.timer = setInterval(() => this.look(), TICK);
    this.show(0);
  }

  override disconnect(): void {
    clearInterval(this.timer);
  }

  back(): void {
    this.show(this.here - 1);
  }

  on(): void {
    this.show(this.here + 1);
  }

  go(event: Event): void {
    this.show(Number((event.currentTarget as HTMLElement).dataset.number) - 1);
  }

  /** Good, and on to the next; nothing while the picture has not been looked at. */
  good(): void {
    if (!this.mark("good")) return;
    this.show(this.here + 1);
  }

  bad(): void {
    if (!this.mark("bad")) return;
    this.whyTargets[this.here]?.querySelector("input")?.focus();
  }

  tell(): void {
    this.settle();
  }

  /** Enter in the reason goes on, Escape leaves it. */
  told(event: KeyboardEvent): void {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    if (event.isComposing) return;
    event.preventDefault();
    (event.target as HTMLElement).blur();
    if (event.key === "Enter") this.on();
  }

  enlarge(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    (event.currentTarget as HTMLElement).classList.toggle("is-large");
  }

  help(): void {
    if (this.keysTarget.open) this.keysTarget.close();
    else this.keysTarget.showModal();
  }

  /** The decision is signed: nothing more is marked, and the next job is one click away. */
  signed(): void {
    clearInterval(this.timer);
    for (const link of this.onwardTargets) link.hidden = false;
    this.onwardTargets[0]?.querySelector("a")?.focus();
  }

  key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || this.frameTargets.length === 0)
      return;
    if (event.target instanceof Element && event.target.closest(WRITING)) return;
    const act = this.actOf(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!act || (this.keysTarget.open && event.key !== "?")) return;
    event.preventDefault();
    // A key that is held down goes through pictures, and marks none.
    if (event.repeat && !event.key.startsWith("Arrow")) return;
    act();
  }

  private actOf(key: string): (() => void) | undefined {
    const rightToLeft = document.documentElement.dir === "rtl";
    const acts: { [key: string]: () => void } = {
      ArrowLeft: () => (rightToLeft ? this.on() : this.back()),
      ArrowRight: () => (rightToLeft ? this.back() : this.on()),
      Home: () => this.show(0),
      End: () => this.show(this.frameTargets.length - 1),
      g: () => this.good(),
      n: () => this.bad(),
      u: () => this.show(this.nextUnmarked()),
      z: () => this.frameTargets[this.here]?.querySelector<HTMLElement>(".moment-photo")?.click(),
      "?": () => this.help(),
    };
    return acts[key];
  }

  private nextUnmarked(): number {
    const after = this.marks.findIndex((mark, index) => index > this.here && mark === undefined);
    const first = this.marks.indexOf(undefined);
    return after >= 0 ? after : first >= 0 ? first : this.here;
  }

  private show(wanted: number): void {
    this.here = Math.min(Math.max(wanted, 0), this.frameTargets.length - 1);
    this.frameTargets.forEach((frame, index) => {
      frame.hidden = index !== this.here;
    });
    this.placeTarget.textContent = `${this.here + 1} / ${this.frameTargets.length}`;
    this.dotTargets[this.here]?.scrollIntoView({ block: "nearest", inline: "center" });
    // The one after it is fetched meanwhile.
    this.frameTargets[this.here + 1]?.querySelector("img")?.setAttribute("loading", "eager");
    this.settle();
  }

  /** What is not on the screen is not looked at: a page in the background, a picture that has not come. */
  private look(): void {
    const frame = this.frameTargets[this.here];
    const picture = frame?.querySelector<HTMLImageElement>(".moment-photo img");
    if (document.visibilityState !== "visible" || this.keysTarget.open) return;
    if (picture && !(picture.complete && picture.naturalWidth > 0)) return;
    this.looks[this.here] = (this.looks[this.here] ?? 0) + TICK;
    const seconds = Math.floor((this.looks[this.here] ?? 0) / 1000);
    const looked = this.lookedTargets[this.here];
    if (looked) looked.textContent = officeWord("looked", { seconds: String(seconds) });
    this.settle();
  }

  private isSeen(index: number): boolean {
    return (this.looks[index] ?? 0) >= LEAST_LOOK;
  }

  private mark(mark: Mark): boolean {
    if (!this.isSeen(this.here)) return false;
    this.marks[this.here] = mark;
    this.settle();
    return true;
  }

  /** Everything that follows from what was looked at and marked. */
  private settle(): void {
    const mark = this.marks[this.here];
    this.goodTarget.toggleAttribute("disabled", !this.isSeen(this.here));
    this.badTarget.toggleAttribute("disabled", !this.isSeen(this.here));
    this.goodTarget.setAttribute("aria-pressed", String(mark === "good"));
    this.badTarget.setAttribute("aria-pressed", String(mark === "bad"));
    this.whyTargets.forEach((why, index) => {
      why.hidden = this.marks[index] !== "bad";
    });
    this.dotTargets.forEach((dot, index) => {
      dot.dataset.mark = this.marks[index] ?? (this.isSeen(index) ? "seen" : "");
      dot.toggleAttribute("aria-current", index === this.here);
    });
    const count = (wanted: Mark) => this.marks.filter((one) => one === wanted).length;
    const numbers = { good: count("good"), bad: count("bad"), left: count(undefined) };
    const words = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)]));
    const sum = officeWord("marked", words);
    // Said again only when it changed, or a screen reader would read it four times a second.
    if (this.sumTarget.textContent !== sum) this.sumTarget.textContent = sum;
    const may = numbers.good === this.frameTargets.length;
    for (const accept of this.acceptTargets) {
      accept.disabled = !may;
      if (!may) accept.checked = false;
    }
    for (const missing of this.missingTargets) missing.hidden = may;
    this.write();
    this.state();
  }

  /** The reasons under the pictures become the reason of the decision, as long as nobody has written another. */
  private write(): void {
    const bad = this.frameTargets.filter((_, index) => this.marks[index] === "bad");
    const lines = bad.map((frame) => {
      const why = frame.querySelector<HTMLInputElement>("[data-inspect-target~='why'] input")?.value.trim() ?? "";
      return why === "" ? frame.dataset.title : `${frame.dataset.title}: ${why}`;
    });
    const text = lines.join("\n");
    const reason = this.reasonTargets[0];
    if (!reason || text === this.written || (reason.value !== this.written && reason.value !== "")) return;
    reason.value = text;
    this.written = text;
    const step = bad[0]?.dataset.step;
    for (const to of this.toTargets) if ([...to.options].some((option) => option.value === step)) to.value = step ?? "";
  }

  private state(): void {
    const seen = this.frameTargets.filter((_, index) => this.isSeen(index));
    const saw = new Set([...this.restValue, ...seen.flatMap((frame) => frame.dataset.shows?.split(" ") ?? [])]);
    const looked: { [event: string]: number } = {};
    this.frameTargets.forEach((frame, index) => {
      const event = frame.dataset.event ?? "";
      if (event !== "" && this.isSeen(index)) looked[event] = Math.floor((this.looks[index] ?? 0) / 1000);
    });
    saw.delete("");
    this.formTarget.dataset.reviewSawValue = JSON.stringify([...saw].sort());
    this.formTarget.dataset.reviewLookedValue = JSON.stringify(looked);
  }
}

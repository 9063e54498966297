// Walking along the skewer: one stop for the tab key, then haw by haw with the arrows.
//
//   <div data-controller="skewer"><a data-skewer-target="haw" href="...">..</a> ...</div>
import { Controller } from "@hotwired/stimulus";

const BACK = new Set(["ArrowUp"]);
const ON = new Set(["ArrowDown"]);

export default class SkewerController extends Controller<HTMLElement> {
  static override targets = ["haw"];

  declare readonly hawTargets: HTMLElement[];

  override connect(): void {
    const start = this.hawTargets.find((haw) => haw.hasAttribute("aria-current")) ?? this.hawTargets[0];
    this.leaveOneStop(start);
    this.element.addEventListener("keydown", this.walk);
    this.element.addEventListener("focusin", this.remember);
  }

  override disconnect(): void {
    this.element.removeEventListener("keydown", this.walk);
    this.element.removeEventListener("focusin", this.remember);
  }

  private leaveOneStop(stop: HTMLElement | undefined): void {
    for (const haw of this.hawTargets) haw.tabIndex = haw === stop ? 0 : -1;
  }

  private readonly remember = (event: FocusEvent): void => {
    const haw = this.hawTargets.find((candidate) => candidate === event.target);
    if (haw) this.leaveOneStop(haw);
  };

  private readonly walk = (event: KeyboardEvent): void => {
    const here = this.hawTargets.indexOf(document.activeElement as HTMLElement);
    if (here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = this.target(event.key, here);
    if (to === undefined) return;
    event.preventDefault();
    this.hawTargets[Math.min(Math.max(to, 0), this.hawTargets.length - 1)]?.focus();
  };

  private target(key: string, here: number): number | undefined {
    const rightToLeft = document.documentElement.dir === "rtl";
    if (key === "Home") return 0;
    if (key === "End") return this.hawTargets.length - 1;
    if (BACK.has(key) || key === (rightToLeft ? "ArrowRight" : "ArrowLeft")) return here - 1;
    if (ON.has(key) || key === (rightToLeft ? "ArrowLeft" : "ArrowRight")) return here + 1;
    return undefined;
  }
}

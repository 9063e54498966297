// Stepping through a job with the arrow keys.
//
//   <div data-controller="replay" data-action="keydown@window->replay#key">
//     <a data-replay-target="previous" href="...">..</a> <a data-replay-target="following" href="...">..</a>
//   </div>
//
// The keys do what the links do. They are left alone where somebody writes, or walks along the skewer.
//
// On a phone the picture lies below the skewer: after a touch on a haw (`click->replay#look`) it is brought into sight.
import { Controller } from "@hotwired/stimulus";

const BUSY = "input, textarea, select, [contenteditable], [data-controller~='skewer'] a";

// The part of a page that shows a picture is replaced with it; what was asked for outlives it here.
let wanted = false;

export default class ReplayController extends Controller<HTMLElement> {
  static override targets = ["previous", "following", "view"];

  declare readonly previousTargets: HTMLElement[];
  declare readonly followingTargets: HTMLElement[];
  declare readonly viewTargets: HTMLElement[];

  override connect(): void {
    const view = this.viewTargets[0];
    if (wanted && view && view.getBoundingClientRect().top > window.innerHeight * 0.7) view.scrollIntoView();
    wanted = false;
  }

  look(event: Event): void {
    if (event.target instanceof Element && event.target.closest("a")) wanted = true;
  }

  key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target instanceof Element && event.target.closest(BUSY)) return;
    const link = this.linkFor(event.key);
    if (!link) return;
    event.preventDefault();
    link.click();
  }

  private linkFor(key: string): HTMLElement | undefined {
    const rightToLeft = document.documentElement.dir === "rtl";
    if (key === (rightToLeft ? "ArrowRight" : "ArrowLeft")) return this.previousTargets[0];
    if (key === (rightToLeft ? "ArrowLeft" : "ArrowRight")) return this.followingTargets[0];
    return undefined;
  }
}

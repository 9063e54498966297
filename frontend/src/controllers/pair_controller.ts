// Two jobs side by side: one key moves both.
//
//   <div data-controller="pair" data-action="keydown@window->pair#key">
//     <a data-pair-target="previous" href="..">..</a> <a data-pair-target="following" href="..">..</a>
//     <a data-pair-target="stageBefore|stageAfter|first|last" href=".."> <details data-pair-target="keys">
//   </div>
//
// The keys do what the links do. They are left alone where somebody writes.
import { Controller } from "@hotwired/stimulus";

const WRITING = "input, textarea, select, [contenteditable]";

type Name = "previous" | "following" | "stageBefore" | "stageAfter" | "first" | "last";

export default class PairController extends Controller<HTMLElement> {
  static override targets = ["previous", "following", "stageBefore", "stageAfter", "first", "last", "keys"];

  declare readonly keysTargets: HTMLDetailsElement[];

  key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target instanceof Element && event.target.closest(WRITING)) return;
    if (event.key === "?") {
      event.preventDefault();
      for (const keys of this.keysTargets) keys.toggleAttribute("open");
      return;
    }
    const name = this.nameFor(event);
    const link = name === undefined ? undefined : (this.targets.find(name) as HTMLElement | undefined);
    if (!link) return;
    event.preventDefault();
    link.click();
  }

  private nameFor(event: KeyboardEvent): Name | undefined {
    if (event.key === "Home") return "first";
    if (event.key === "End") return "last";
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return undefined;
    const on = (event.key === "ArrowRight") !== (document.documentElement.dir === "rtl");
    if (event.shiftKey) return on ? "stageAfter" : "stageBefore";
    return on ? "following" : "previous";
  }
}

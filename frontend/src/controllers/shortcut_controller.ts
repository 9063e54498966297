// <input data-controller="shortcut" data-shortcut-key-value="/">: one key leads here, unless somebody is writing.
import { Controller } from "@hotwired/stimulus";

const WRITING = "input, textarea, select, [contenteditable]";

export default class ShortcutController extends Controller<HTMLInputElement> {
  static override values = { key: { type: String, default: "/" } };

  declare readonly keyValue: string;

  override connect(): void {
    document.addEventListener("keydown", this.pressed);
  }

  override disconnect(): void {
    document.removeEventListener("keydown", this.pressed);
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.key !== this.keyValue || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches(WRITING)) return;
    event.preventDefault();
    this.element.focus();
    this.element.select();
  };
}

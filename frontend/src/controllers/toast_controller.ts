// <p class="toast" data-controller="toast" data-action="click->toast#close">Saved.</p>
//
// A note that goes by itself, but not while somebody points at it, and never one that reports a failure.
import { Controller } from "@hotwired/stimulus";

export default class ToastController extends Controller<HTMLElement> {
  static override values = { stays: { type: Number, default: 6000 } };

  declare readonly staysValue: number;
  private timer: number | undefined;

  override connect(): void {
    if (!this.element.classList.contains("toast-alarm")) this.wait();
  }

  override disconnect(): void {
    window.clearTimeout(this.timer);
  }

  close(): void {
    this.element.remove();
  }

  private wait(): void {
    this.timer = window.setTimeout(() => {
      if (this.element.matches(":hover")) this.wait();
      else this.close();
    }, this.staysValue);
  }
}

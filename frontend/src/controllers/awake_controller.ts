// <main data-controller="awake">: the screen stays on while this is seen, where the browser can do that.
import { Controller } from "@hotwired/stimulus";

export default class AwakeController extends Controller<HTMLElement> {
  private lock: WakeLockSentinel | undefined;

  override connect(): void {
    document.addEventListener("visibilitychange", this.hold);
    void this.hold();
  }

  override disconnect(): void {
    document.removeEventListener("visibilitychange", this.hold);
    void this.lock?.release();
    this.lock = undefined;
  }

  // A lock ends whenever the page is hidden, and must then be asked for anew.
  private readonly hold = async (): Promise<void> => {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    try {
      this.lock = await navigator.wakeLock.request("screen");
    } catch {
      // Refused, as on a nearly empty battery: the screen then sleeps when its owner lets it.
      this.lock = undefined;
    }
  };
}

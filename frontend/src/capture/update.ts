// A new version of the phone's page is fetched and kept beside the old one. It takes over when nothing here can be
// disturbed by it: nothing unsent, nobody in the middle of anything; or when the person says so.
import type { App } from "./app";

const LOOK_MS = 60 * 60_000;

/** How much of what this phone has signed and kept the office does not have yet. */
export function unsent({ state }: App): number {
  const photos = state.shots.filter((shot) => shot.dseq !== undefined && shot.here && shot.state !== "stored").length;
  return state.counts.waiting + photos + state.unused.length;
}

/** Whether a new version may come by itself: nobody is in a step, and the office has everything. */
export function isSafe(app: App): boolean {
  const { state } = app;
  return state.screen.name === "jobs" && !state.busy && state.session?.status === "enrolled" && unsent(app) === 0;
}

export class Update {
  private readonly workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;

  constructor(private readonly app: App) {}

  listen(): void {
    this.workers
      ?.register("/capture/sw.js", { scope: "/capture/" })
      .then((registration) => this.watch(registration))
      .catch(() => undefined);
  }

  private watch(registration: ServiceWorkerRegistration): void {
    if (registration.waiting !== null) {
      // Somebody has just opened the page: the new version may come before they begin.
      if (isSafe(this.app)) this.takeOver(registration);
      else this.offer(registration);
    }
    registration.addEventListener("updatefound", () => {
      const { installing } = registration;
      installing?.addEventListener("statechange", () => {
        if (installing.state === "installed" && registration.active !== null) this.offer(registration);
      });
    });
    // A page that is never closed asks by itself.
    setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
  }

  private offer(registration: ServiceWorkerRegistration): void {
    this.app.set({ update: () => this.takeOver(registration) });
  }

  private takeOver(registration: ServiceWorkerRegistration): void {
    this.workers?.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("take over");
  }
}

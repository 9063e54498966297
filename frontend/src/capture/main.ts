// Puts the phone together: store, key, server, screens.
import { connect } from "../lib/api";
import { pageClock } from "../lib/clock";
import { codeIn } from "../lib/enrol";
import { openStore, single } from "../lib/idb-store";
import { deviceKey } from "../lib/keys";
import { App, type Screen } from "./app";
import { enrolMe, lookUp, Network } from "./network";
import { Pictures } from "./pictures";
import { enrolScreen } from "./screens/enrol";
import { page } from "./screens/frame";
import { jobScreen } from "./screens/job";
import { jobsScreen } from "./screens/jobs";
import { locksScreen } from "./screens/locks";
import { openScreen } from "./screens/open";
import { outboxScreen } from "./screens/outbox";
import { peopleScreen } from "./screens/people";
import { settingsScreen } from "./screens/settings";
import { skewerScreen } from "./screens/skewer";
import { stopScreen } from "./screens/stop";
import { type Child, h, render } from "./view";
import { pickLanguage } from "./words";

const STORE = "tanghulu-phone";
const API = "/api/v1";
const TICK_MS = 15_000;

const IN_RUN = new Set(["job", "skewer", "stop", "people", "locks"]);
const ALONE = new Set(["jobs", "open", "outbox", "settings"]);

/** The screen that an address names; the list for anything else. */
export function screenAt(hash: string): Screen {
  const [name = "", run = ""] = hash.replace(/^#\/?/, "").split("/");
  if (IN_RUN.has(name) && /^[0-9a-f]{32}$/.test(run)) return { name, run } as Screen;
  return { name: ALONE.has(name) ? name : "jobs" } as Screen;
}

function inJob(app: App, run: string, pictures: Pictures): Child[] {
  const job = app.job(run);
  const { screen } = app.state;
  if (job === undefined) {
    return page(app, "gone", {
      bar: { title: app.words.t("jobs_title"), back: () => app.go({ name: "jobs" }) },
      body: h("p.quiet", {}, app.words.t("not_loaded")),
    });
  }
  if (screen.name === "skewer") return skewerScreen({ app, job, pictures });
  if (screen.name === "stop") return stopScreen(app, job);
  if (screen.name === "locks") return locksScreen(app, job);
  return screen.name === "people" ? peopleScreen(app, job) : jobScreen(app, job, pictures);
}

function shown(app: App, pictures: Pictures, network: Network): Child[] {
  const { ready, session, screen } = app.state;
  if (!ready) return [h("p.loading", {}, app.words.t("loading"))];
  if (session?.status !== "enrolled") {
    const look = () => void network.look();
    return enrolScreen(app, { lookUp: (code) => void lookUp(app, code), enrolMe: () => void enrolMe(app, look) });
  }
  if ("run" in screen) return inJob(app, screen.run, pictures);
  if (screen.name === "open") return openScreen(app);
  if (screen.name === "outbox") return outboxScreen(app, pictures);
  return screen.name === "settings" ? settingsScreen(app) : jobsScreen(app, pictures);
}

function dressPage(app: App): void {
  const root = document.documentElement;
  root.lang = app.words.language;
  document.title = app.words.t("app");
  if (app.state.theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = app.state.theme;
}

/** The address tells where the person is; a one-time code in it is taken and wiped. */
function follow(app: App): void {
  const code = codeIn(location.hash);
  if (code !== null) {
    history.replaceState(null, "", "#/jobs");
    if (app.state.session?.status !== "enrolled") void lookUp(app, code);
    return;
  }
  app.camera.stop();
  app.complain(undefined);
  app.set({ screen: screenAt(location.hash) });
  scrollTo(0, 0);
}

async function measure(app: App): Promise<void> {
  const { storage } = navigator;
  if (storage?.estimate === undefined) return;
  const { quota = 0, usage = 0 } = await storage.estimate();
  app.set({ space: { used: usage, free: Math.max(0, quota - usage), persisted: await storage.persisted() } });
}

/** A new version is kept beside the old one and waits: it takes over on a fresh start, or when the person says so. */
function listenForUpdates(app: App): void {
  const workers = navigator.serviceWorker;
  if (workers === undefined) return;
  const found = (registration: ServiceWorkerRegistration) => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed" && registration.active !== null)
        app.set({ update: () => takeOver(registration) });
    });
  };
  workers
    .register("/capture/sw.js", { scope: "/capture/" })
    .then((registration) => {
      // Somebody has just opened the page: the new version may come before they begin.
      if (registration.waiting !== null && app.state.session?.status === "enrolled") takeOver(registration);
      registration.addEventListener("updatefound", () => found(registration));
    })
    .catch(() => undefined);
}

function takeOver(registration: ServiceWorkerRegistration): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting?.postMessage("take over");
}

export async function start(root: HTMLElement): Promise<App> {
  const store = await openStore(STORE);
  const key = await deviceKey(store);
  const language = pickLanguage(await single(store, "language"), navigator.languages);
  let app: App;
  const token = () => app.state.session?.token;
  const api = connect({ base: API, language: () => app.words.language, token });
  const draw = (drawn: App) => {
    dressPage(drawn);
    render(root, ...shown(drawn, pictures, network));
  };
  app = new App(store, key, pageClock(), api, language, draw);
  const pictures = new Pictures(API, token, () => app.set({}));
  const network = new Network(app);
  app.set({ theme: (await single(store, "theme")) ?? "auto" });
  await app.refresh();
  addEventListener("hashchange", () => follow(app));
  follow(app);
  network.start();
  // Time itself changes what may be done.
  setInterval(() => void app.refresh(), TICK_MS);
  void measure(app);
  listenForUpdates(app);
  return app;
}

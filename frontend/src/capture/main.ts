// Puts the phone together: store, key, server, screens.
import { connect } from "../lib/api";
import { codeIn } from "../lib/enrol";
import { single } from "../lib/idb-store";
import { deviceKey } from "../lib/keys";
import { pickLanguage } from "../lib/languages";
import { SteadyClock } from "../lib/steady";
import { bringUnused, openStores } from "../lib/successor";
import { App, type Screen } from "./app";
import { lostPicture } from "./files";
import { Former } from "./former";
import { enrolMe, lookUp, Network, startAnew } from "./network";
import { newsFor } from "./news";
import { Pictures } from "./pictures";
import { keepReader } from "./reader";
import { enrolScreen } from "./screens/enrol";
import { page } from "./screens/frame";
import { jobScreen } from "./screens/job";
import { jobsScreen } from "./screens/jobs";
import { locksScreen } from "./screens/locks";
import { newsScreen } from "./screens/news";
import { openScreen } from "./screens/open";
import { outboxScreen } from "./screens/outbox";
import { peopleScreen } from "./screens/people";
import { revokedScreen } from "./screens/revoked";
import { scanScreen } from "./screens/scan";
import { settingsScreen } from "./screens/settings";
import { skewerScreen } from "./screens/skewer";
import { stopScreen } from "./screens/stop";
import { ALL_SIGNALS, readySound, setSignals, sound } from "./signal";
import { Update } from "./update";
import { type Child, h, render } from "./view";

const STORE = "tanghulu-phone";
const API = "/api/v1";
const TICK_MS = 15_000;

const IN_RUN = new Set(["job", "skewer", "stop", "people", "locks"]);
const ALONE = new Set(["jobs", "open", "outbox", "settings"]);

/** The screen that an address names; the list for anything else. */
function screenAt(hash: string): Screen {
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
  if (session?.status === "revoked") {
    if (screen.name === "outbox") return outboxScreen(app, pictures);
    return revokedScreen(app, (code) => void startAnew(app, code));
  }
  if (session?.status !== "enrolled") {
    const look = () => void network.look();
    return enrolScreen(app, { lookUp: (code) => void lookUp(app, code), enrolMe: () => void enrolMe(app, look) });
  }
  const news = newsFor(app.state.jobs, app.member);
  sound(news?.kind === "stop");
  // What somebody must answer stands over everything but the place where they see how far their own work has come.
  if (news !== undefined && screen.name !== "outbox") return newsScreen(app, news);
  if (app.state.scan !== undefined) return scanScreen(app, app.state.scan);
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
  root.dataset.letters = String(app.state.letters);
}

let followed: string | undefined;

/** The address tells where the person is; a one-time code in it is taken and wiped. Each change is followed once. */
function follow(app: App): void {
  if (location.hash === followed) return;
  followed = location.hash;
  const code = codeIn(location.hash);
  if (code !== null) {
    history.replaceState(null, "", "#/jobs");
    followed = location.hash;
    const status = app.state.session?.status;
    // An address may come from anybody: a phone that was locked out begins anew only when its person says so.
    if (status === "revoked") app.set({ screen: { name: "jobs" }, enrolment: { code, phase: "typing" } });
    else if (status !== "enrolled") void lookUp(app, code);
    return;
  }
  app.camera.stop();
  const { scan: _, ...rest } = app.state;
  app.state = rest;
  app.complain(undefined);
  app.set({ screen: screenAt(location.hash) });
  scrollTo(0, 0);
}

/** A picture that the phone's own camera took while the system closed this page: said where it is to be taken again. */
async function tellOfLostPicture(app: App): Promise<void> {
  const lost = await lostPicture(app.store, app.clock.now());
  if (lost === undefined || app.job(lost.run) === undefined) return;
  const { screen } = app.state;
  // The new place clears what was said before, so it comes first.
  if (!("run" in screen) || screen.run !== lost.run) app.go({ name: "job", run: lost.run });
  setTimeout(() => app.complain(app.words.t("photo_lost")));
}

/** What changes by itself as time passes. */
async function tick(app: App): Promise<void> {
  await app.refresh();
  await app.measure();
  if (app.isFull) app.wake();
  // What is only needed later is fetched when the rest has come.
  else if (app.state.network === "good" && app.state.session?.status === "enrolled") await keepReader();
  await app.rememberTime();
}

export async function start(root: HTMLElement): Promise<App> {
  const stores = await openStores(STORE, () => location.reload());
  const { current: store, former } = stores;
  const key = await deviceKey(store);
  const language = pickLanguage(await single(store, "language"), navigator.languages, "zh-Hans");
  const clock = new SteadyClock(await single(store, "time"));
  let app: App;
  const token = () => app.state.session?.token;
  const heard = (server: number, trip: number) => clock.hear(server, trip);
  const lockedOut = () => void network.lockedOut();
  const api = connect({ base: API, language: () => app.words.language, token, heard, lockedOut });
  const draw = (drawn: App) => {
    dressPage(drawn);
    render(root, ...shown(drawn, pictures, network));
  };
  app = new App(store, key, clock, api, language, draw);
  const pictures = new Pictures(API, token, () => app.set({}));
  const bring = () => app.unlessFull(() => bringUnused(stores));
  const network = new Network(app, bring);
  app.set({ theme: (await single(store, "theme")) ?? "auto", letters: (await single(store, "letters")) ?? 100 });
  app.set({ signals: (await single(store, "signals")) ?? ALL_SIGNALS });
  setSignals(app.state.signals);
  readySound();
  await bring();
  await app.refresh();
  app.follow = () => follow(app);
  addEventListener("hashchange", app.follow);
  follow(app);
  await tellOfLostPicture(app);
  network.start();
  const left = (former: number) => app.set({ former });
  if (former.length > 0) void new Former(former, API, () => clock.now(), left).send();
  setInterval(() => void tick(app), TICK_MS);
  void app.measure();
  if (app.state.session?.status === "enrolled") void navigator.storage?.persist?.().then(() => app.measure());
  new Update(app).listen();
  return app;
}

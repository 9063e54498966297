// Everything that happens by itself: sending, fetching, waiting to be confirmed, renewing the sign-in.
import { timeText } from "../lib/clock";
import { askAgain, EnrolmentRefused, enrol, invitation } from "../lib/enrol";
import { setSingle, single } from "../lib/idb-store";
import { behind, forgetOld, pullBeacon, pullCompany, pullRun, pullRuns } from "../lib/pull";
import { compare } from "../lib/restored";
import { succeed } from "../lib/successor";
import { type Pass, Sync, type Network as Way } from "../lib/sync";
import type { App, Enrolment } from "./app";

const LOOK_MS = 3_000;
const COMPANY_MS = 5 * 60_000;
const ASK_MS = 3_000;
const BEACON_MS = 60_000;
/** How long a job that has ended stays on the phone. */
const FORGET_MS = 14 * 24 * 3600_000;

export class Network {
  private readonly sync: Sync;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private passing = false;
  private again = false;
  private companyAt = 0;
  private beaconAt = 0;
  private renewing = false;
  /** Whether the server may hold less than it did: it was silent, or this page has just begun. */
  private unsure = true;
  private lookMs = LOOK_MS;

  /** `letIn` is called once a second person has said yes. */
  constructor(
    private readonly app: App,
    private readonly letIn: () => Promise<void> = async () => undefined,
  ) {
    const isTight = () => app.isFull || app.state.space?.level === "low";
    this.sync = new Sync(
      app.store,
      app.api,
      () => app.clock.now(),
      Math.random,
      isTight,
      () => this.sure(),
    );
  }

  /** Begins, and wakes whenever there may be a network again. */
  start(): void {
    this.app.wake = () => void this.send();
    addEventListener("online", () => this.awake());
    addEventListener("offline", () => this.app.set({ network: "silent" }));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return this.app.camera.pause();
      void this.app.camera.resume();
      this.awake();
      void this.look();
    });
    void this.send();
    void this.look();
  }

  /** While nobody looked the server may have been restored: where it stands is asked before anything new is sent. */
  private awake(): void {
    this.unsure = true;
    void this.send();
  }

  private get mayTalk(): boolean {
    return this.app.state.session?.status === "enrolled" && this.app.state.session.token !== undefined;
  }

  /** A phone that was locked out is told nothing, and still sends. */
  private get maySend(): boolean {
    const { session } = this.app.state;
    return this.mayTalk || (session?.status === "revoked" && session.token !== undefined);
  }

  /** The office has locked this key out: said once, and kept. */
  async lockedOut(): Promise<void> {
    const session = await single(this.app.store, "session");
    if (session?.status !== "enrolled") return;
    await setSingle(this.app.store, "session", { ...session, status: "revoked" });
    this.app.camera.stop();
    await this.app.refresh();
    void this.send();
  }

  /** One pass now; asked again meanwhile, one more after it. */
  private async send(): Promise<void> {
    if (!this.maySend) return;
    if (this.passing) {
      this.again = true;
      return;
    }
    this.passing = true;
    clearTimeout(this.timer);
    try {
      do {
        this.again = false;
        this.app.set({ sending: this.app.state.counts.waiting > 0 });
        const pass = await this.sync.pass();
        this.app.set({ sending: false });
        if (pass !== undefined) await this.after(pass);
      } while (this.again);
    } finally {
      this.passing = false;
    }
  }

  /** A server that was restored from a backup has lost what came after it: it goes again, before anything newer. */
  private async compare(): Promise<Way> {
    const { answered, again, network } = await compare(this.app.store, this.app.api);
    this.unsure = !answered;
    if (again === 0) return network;
    this.app.set({ restored: again });
    await this.app.refresh();
    void this.look();
    return network;
  }

  /** Whether one may send, now that nothing is missing that would have to go first. */
  private async sure(): Promise<Way> {
    // Where nothing can be written down what is missing cannot be noted, and what is newer waits.
    let way: Way = this.unsure ? "silent" : "good";
    if (this.unsure) {
      await this.app.unlessFull(async () => {
        way = await this.compare();
      });
    }
    return way;
  }

  private async after(pass: Pass): Promise<void> {
    this.app.set({ network: pass.network });
    if (pass.network === "silent") this.unsure = true;
    // Said, and no more: to wake for it would be to go round and round.
    if (pass.full) this.app.set({ full: true });
    if (pass.network === "signed_out") await this.renew();
    await this.app.measure();
    await this.app.refresh();
    // The admissions that have just come are on the server's list of events now.
    if (pass.taken > 0) void this.look();
    if (pass.wait_ms !== undefined) this.timer = setTimeout(() => void this.send(), Math.min(pass.wait_ms, 60_000));
  }

  /** A token has ended: the device's own secret brings a new one. */
  private async renew(): Promise<void> {
    const { session } = this.app.state;
    if (session === undefined || this.renewing) return;
    this.renewing = true;
    const next = await askAgain(this.app.store, this.app.api, session);
    this.renewing = false;
    if (next.status !== session.status) await this.app.refresh();
    if (next.token === session.token) {
      this.timer = setTimeout(() => void this.send(), 60_000);
      return;
    }
    await this.app.refresh();
    this.again = true;
  }

  private looking: ReturnType<typeof setTimeout> | undefined;
  private isLooking = false;

  /** Looks what others have done, again and again while somebody looks at the screen. */
  async look(): Promise<void> {
    clearTimeout(this.looking);
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const { session } = this.app.state;
      if (session?.status === "pending") await this.wait();
      else if (this.mayTalk) await this.app.unlessFull(() => this.fetch());
    } finally {
      this.isLooking = false;
    }
    if (document.visibilityState === "visible") this.looking = setTimeout(() => void this.look(), this.lookMs);
  }

  private async wait(): Promise<void> {
    const { session } = this.app.state;
    if (session === undefined) return;
    const next = await askAgain(this.app.store, this.app.api, session);
    this.lookMs = ASK_MS;
    if (next.status === session.status) return;
    if (next.status === "enrolled") await this.letIn();
    await this.app.refresh();
    if (next.status === "enrolled") {
      this.app.go({ name: "jobs" });
      await this.fetch();
    }
  }

  private async fetch(): Promise<void> {
    const { store, api, clock } = this.app;
    const now = clock.now();
    const news = await pullRuns(store, api, now);
    // A silent server is asked less and less often; sending has its own patience.
    this.lookMs = news === "silent" ? Math.min(30_000, this.lookMs * 1.7) : LOOK_MS;
    if (news === "silent") {
      this.unsure = true;
      if (this.app.state.network === "good") this.app.set({ network: "silent" });
      return;
    }
    const wasSilent = this.app.state.network === "silent";
    if (wasSilent) this.app.set({ network: "good" });
    const company = await this.company(now);
    let events = false;
    for (const run of await this.wanted()) if (await pullRun(store, api, run)) events = true;
    if (news === "new" || company || events || wasSilent) await this.app.refresh();
    if (wasSilent) void this.send();
  }

  /** What changes slowly, asked for rarely. True when it has been fetched. */
  private async company(now: number): Promise<boolean> {
    const { store, api } = this.app;
    if (now - this.beaconAt > BEACON_MS) {
      this.beaconAt = now;
      await pullBeacon(store, api);
    }
    if (now - this.companyAt <= COMPANY_MS || !(await pullCompany(store, api))) return false;
    this.companyAt = now;
    this.unsure = true;
    await forgetOld(store, timeText(now - FORGET_MS));
    return true;
  }

  /** Jobs to ask about: where the server has more, and the one on the screen. */
  private async wanted(): Promise<Set<string>> {
    const wanted = new Set((await behind(this.app.store)).map(({ run }) => run));
    const { screen } = this.app.state;
    const known = "run" in screen ? await this.app.store.get("runs", screen.run) : undefined;
    if (known !== undefined && known.announced > 0) wanted.add(known.run);
    return wanted;
  }
}

/** Begins anew with a code that the server knows, and another key; what the old one has signed is sent from its store. */
export async function startAnew(app: App, code: string): Promise<void> {
  await lookUp(app, code);
  if (app.state.enrolment.who === undefined) return;
  await succeed(app.store);
  history.replaceState(null, "", `#enrol=${code}`);
  location.reload();
}

/** Looks up whom a one-time code is for. */
export async function lookUp(app: App, code: string): Promise<void> {
  const set = (enrolment: Enrolment) => app.set({ enrolment });
  set({ code, phase: "asking" });
  try {
    set({ code, phase: "asked", who: await invitation(app.api, code) });
  } catch (error) {
    set({ code, phase: "typing", ...problem(app, error) });
  }
}

function problem(app: App, error: unknown): { problem: string; offline: boolean } {
  if (!(error instanceof EnrolmentRefused)) return { problem: app.words.t("broken"), offline: false };
  if (error.status === 0) return { problem: app.words.t("enrol_offline"), offline: true };
  const { code, message } = error.reason;
  const reason = message || app.words.codes([code]);
  return { problem: app.words.t("enrol_code_bad", { reason }), offline: false };
}

/** Makes the key and asks the company to take it. */
export async function enrolMe(app: App, look: () => void): Promise<void> {
  const { code, who } = app.state.enrolment;
  if (who === undefined) return;
  app.set({ enrolment: { code, who, phase: "signing" } });
  try {
    // Asked before anything worth keeping is here: a browser that knows does not clear it.
    await navigator.storage?.persist?.();
    await enrol(app.store, app.api, app.clock, code, who, app.words.t("enrol_label", { name: who.name }));
    app.set({ enrolment: { code: "", phase: "typing" } });
    await app.refresh();
    look();
  } catch (error) {
    app.set({ enrolment: { code, who, phase: "asked", ...problem(app, error) } });
  }
}

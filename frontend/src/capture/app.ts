// The phone as one value: where the person is, what is known, what is being done; and the one way to change it.
import type { AnswerMap } from "../flow/state";
import type { Api } from "../lib/api";
import { timeText } from "../lib/clock";
import type { Invitation } from "../lib/enrol";
import {
  type Directory,
  type KeyRecord,
  type Outgoing,
  type Session,
  type Shot,
  type Store,
  setSingle,
  single,
  type TemplateName,
} from "../lib/idb-store";
import type { Language } from "../lib/languages";
import { type Counts, counts, unusedPhotos } from "../lib/outbox";
import { canWrite, isQuota, type Room, roomIn } from "../lib/room";
import type { SteadyClock } from "../lib/steady";
import { Camera, type Picture } from "./camera";
import { type Job, jobOf, ownRun } from "./fold";
import { type Overtaken, overtaken } from "./overtaken";
import type { Scan } from "./screens/scan";
import { ALL_SIGNALS, type Signals, setSignals, signal } from "./signal";
import { type Words, wordsIn } from "./words";

export type Screen =
  | { name: "jobs" }
  | { name: "open" }
  | { name: "job"; run: string }
  | { name: "skewer"; run: string }
  | { name: "stop"; run: string }
  | { name: "people"; run: string }
  | { name: "locks"; run: string }
  | { name: "outbox" }
  | { name: "settings" };

/** A lock whose owner does not come back. */
export interface Removal {
  register: string;
  item: string;
  holder: string;
}

/** What somebody is doing on this screen and has not signed yet. */
export interface Draft {
  /** The step and activation that the rest belongs to. */
  at: string;
  picked?: string;
  given: AnswerMap;
  seen: Set<string>;
  digits: string;
  instrument: string;
  item: string;
  point: string;
  count: number;
  reason: string;
  verdict?: string;
  to?: string;
  /** A photo just taken and kept, about which the person has not decided yet. */
  review?: { shot: Shot; picture: Picture };
  slot?: string;
  /** The thing to do whose drawing is shown large. */
  enlarged?: string;
  /** The lock that is to be removed without its owner, and what has been confirmed of him so far. */
  removal?: Removal;
  confirmed?: string[];
}

export interface Opening {
  template?: string;
  equipment?: string;
  people: { [part: string]: string[] };
  search: string;
}

export interface Enrolment {
  code: string;
  phase: "typing" | "asking" | "asked" | "signing";
  who?: Invitation;
  problem?: string;
  /** Whether the problem is only that there is no network. */
  offline?: boolean;
}

export interface State {
  ready: boolean;
  screen: Screen;
  session: Session | undefined;
  enrolment: Enrolment;
  directory: Directory | undefined;
  templates: TemplateName[];
  documents: Map<string, unknown>;
  jobs: Job[];
  unloaded: number;
  outbox: Outgoing[];
  shots: Shot[];
  unused: Shot[];
  counts: Counts;
  network: "good" | "silent" | "signed_out";
  sending: boolean;
  draft: Draft;
  opening: Opening;
  busy: boolean;
  problem?: string;
  toast?: string;
  theme: string;
  letters: number;
  /** What another device did first, until the person has read it. */
  overtaken: Overtaken | undefined;
  /** How many events go again to a server that has lost them, until the person has read it. */
  restored: number;
  /** Somebody is scanning a code. */
  scan?: Scan;
  signals: Signals;
  /** Brings the new version, when there is one. */
  update: (() => void) | undefined;
  space: Room | undefined;
  /** How much of what this phone signed under a key before this one is still to be sent. */
  former: number;
  /** Something could not be written down because the phone is full; until a write succeeds again. */
  full: boolean;
}

export function newDraft(at: string): Draft {
  return { at, given: {}, seen: new Set(), digits: "", instrument: "", item: "", point: "", count: 1, reason: "" };
}

const NOTHING: Counts = { kept: 0, sent: 0, accepted: 0, stuck: 0, waiting: 0 };
const DAY_MS = 24 * 3600_000;
const TOAST_MS = 1800;

export class App {
  readonly camera: Camera;
  words: Words;
  state: State;
  /** Set by the network: called when there is something new to send or to fetch. */
  wake: () => void = () => undefined;
  /** Set by the page: shows what the address names at once, before the browser says that it has changed. */
  follow: () => void = () => undefined;
  private drawing = false;
  private begun = 0;
  private shown = 0;
  private toastEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store,
    readonly key: KeyRecord,
    readonly clock: SteadyClock,
    readonly api: Api,
    language: Language,
    private readonly draw: (app: App) => void,
  ) {
    this.words = wordsIn(language);
    this.camera = new Camera(() => this.set({}));
    this.state = {
      ready: false,
      screen: { name: "jobs" },
      session: undefined,
      enrolment: { code: "", phase: "typing" },
      directory: undefined,
      templates: [],
      documents: new Map(),
      jobs: [],
      unloaded: 0,
      outbox: [],
      shots: [],
      unused: [],
      counts: NOTHING,
      network: "good",
      sending: false,
      draft: newDraft(""),
      opening: { people: {}, search: "" },
      busy: false,
      theme: "auto",
      letters: 100,
      signals: ALL_SIGNALS,
      update: undefined,
      overtaken: undefined,
      restored: 0,
      space: undefined,
      former: 0,
      full: false,
    };
  }

  /** The moment, as events write it. */
  at(): string {
    return timeText(this.clock.now());
  }

  get member(): string {
    return this.state.session?.member ?? "";
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      this.draw(this);
    });
  }

  /** Changes what is being done on this screen. */
  change(change: Partial<Draft>): void {
    this.set({ draft: { ...this.state.draft, ...change } });
  }

  /** The draft of a step; a new one when the step is another. */
  draftFor(at: string): Draft {
    if (this.state.draft.at !== at) this.state.draft = newDraft(at);
    return this.state.draft;
  }

  say(toast: string): void {
    clearTimeout(this.toastEnds);
    this.set({ toast });
    this.toastEnds = setTimeout(() => {
      const { toast: _, ...rest } = this.state;
      this.state = rest;
      this.set({});
    }, TOAST_MS);
  }

  complain(problem: string | undefined): void {
    const { problem: _, ...rest } = this.state;
    this.state = rest;
    this.set(problem === undefined ? {} : { problem });
  }

  go(screen: Screen): void {
    const run = "run" in screen ? `/${screen.run}` : "";
    location.hash = `#/${screen.name}${run}`;
    this.follow();
  }

  async speak(language: Language): Promise<void> {
    await setSingle(this.store, "language", language);
    this.words = wordsIn(language, this.words.zone);
    this.set({});
  }

  async dressUp(theme: string): Promise<void> {
    await setSingle(this.store, "theme", theme);
    this.set({ theme });
  }

  async writeLarge(letters: number): Promise<void> {
    await setSingle(this.store, "letters", letters);
    this.set({ letters });
  }

  async signalBy(signals: Signals): Promise<void> {
    await setSingle(this.store, "signals", signals);
    setSignals(signals);
    this.set({ signals });
  }

  nameOf(ref: string | undefined): string {
    if (ref === undefined) return this.words.t("unknown_person");
    if (ref === this.member) return this.state.session?.name ?? this.words.t("me");
    return this.state.directory?.people.find((person) => person.ref === ref)?.name ?? this.words.t("unknown_person");
  }

  equipmentOf(job: Job): string {
    const ref = job.state.subject?.equipment;
    return this.state.directory?.equipment.find((thing) => thing.ref === ref)?.name ?? job.known.equipment;
  }

  job(run: string): Job | undefined {
    return this.state.jobs.find((job) => job.run === run);
  }

  /** Whether no further photo may be taken: what is kept must be sent first. */
  get isFull(): boolean {
    return this.state.full || this.state.space?.level === "full";
  }

  /** Looks how much room there is; photos are taken again as soon as there is some. */
  async measure(): Promise<void> {
    const space = await roomIn(navigator.storage);
    // Some browsers always say that there is plenty: where a write has failed, only a write that succeeds is believed.
    const full = this.state.full && (space?.level === "full" || !(await canWrite(this.store)));
    const { space: known } = this.state;
    if (space?.level !== known?.level || space?.persisted !== known?.persisted || full !== this.state.full)
      this.set({ space, full });
    else this.state.space = space;
  }

  /** Leaves what this start of the page knows of the time to the next one. */
  rememberTime(): Promise<void> {
    return this.unlessFull(() => setSingle(this.store, "time", this.clock.remember()));
  }

  /** Does something that writes; on a full phone it is left for later, and said. */
  async unlessFull(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isQuota(error)) throw error;
      this.becomeFull();
    }
  }

  /** No room: said, and what the office has already need not stay. */
  becomeFull(): void {
    if (this.state.full) return;
    this.set({ full: true });
    this.wake();
  }

  /** Reads everything from the store again and works the jobs out. */
  async refresh(): Promise<void> {
    const { store } = this;
    this.begun += 1;
    const turn = this.begun;
    const [session, directory, templates, outbox, shots] = await Promise.all([
      single(store, "session"),
      single(store, "directory"),
      single(store, "templates"),
      store.getAll("outbox"),
      store.getAll("shots"),
    ]);
    const zone = directory?.time_zone;
    if (zone !== this.words.zone) this.words = wordsIn(this.words.language, zone);
    const documents = new Map((await store.getAll("versions")).map(({ version, document }) => [version, document]));
    await this.unlessFull(() => this.adopt(outbox, templates ?? [], directory));
    const runs = await store.getAll("runs");
    const at = this.at();
    const member = session?.member ?? "";
    const jobs = runs.flatMap((known) => {
      const document = documents.get(known.version);
      const opened = known.events.length > 0 || outbox.some((item) => item.payload.run === known.run);
      return document === undefined || !opened
        ? []
        : [jobOf({ known, document, outbox, shots, directory, member, at })];
    });
    const unloaded = runs.length - jobs.length;
    const since = timeText(this.clock.now() - DAY_MS);
    const unused = await unusedPhotos(store);
    const counted = await counts(store, undefined, since);
    // Whoever read later knows more: an older reading that took longer says nothing any more.
    if (turn < this.shown) return;
    this.shown = turn;
    this.compare(jobs, outbox);
    this.set({
      ready: true,
      session,
      directory,
      templates: templates ?? [],
      documents,
      outbox,
      shots,
      jobs,
      unloaded,
      unused,
      counts: counted,
    });
  }

  /** Looks whether another device was first with what the person has before them, or has done. */
  private compare(jobs: Job[], outbox: Outgoing[]): void {
    const { screen, draft } = this.state;
    const own = new Set(outbox.map(({ hash }) => hash));
    for (const after of jobs) {
      const before = this.job(after.run);
      const at = screen.name === "job" && screen.run === after.run ? draft.at : undefined;
      const found = before === undefined ? undefined : overtaken(before, after, own, at);
      if (found === undefined) continue;
      this.state.overtaken = found;
      signal("refused");
    }
  }

  /** A job that this phone has opened is known by its first event, whatever happened right after signing it. */
  private async adopt(outbox: Outgoing[], templates: TemplateName[], directory: Directory | undefined): Promise<void> {
    for (const item of outbox) {
      const { run, type, data } = item.payload;
      if (type !== "run.opened" || run === undefined || (await this.store.count("runs", run)) > 0) continue;
      const { version, subject } = data as { version?: string; subject?: { equipment?: string } };
      const title = templates.find((template) => template.version === version)?.title ?? {};
      const thing = directory?.equipment.find(({ ref }) => ref === subject?.equipment);
      await this.store.put("runs", ownRun(item, title, thing?.name ?? ""));
    }
  }
}

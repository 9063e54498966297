// Fetches what the device needs to know, and keeps it: the company, its templates, the jobs, the head of the log.
import type { Answer, Api } from "./api";
import {
  type Directory,
  type KnownEvent,
  type KnownRun,
  type Store,
  setSingle,
  single,
  type TemplateName,
} from "./idb-store";

interface RunRow {
  run: string;
  template: string;
  version: string;
  title: { [tag: string]: string };
  equipment: string;
  status: string;
  opened_at: string | null;
  my_turn: boolean;
  events: number;
}

function bodyOf<T>(answer: Answer): T | undefined {
  return answer.status === 200 && typeof answer.body === "object" && answer.body !== null
    ? (answer.body as T)
    : undefined;
}

/** The version document, from here or from the server; it never changes. */
export async function versionDocument(store: Store, api: Api, version: string): Promise<unknown> {
  const known = await store.get("versions", version);
  if (known !== undefined) return known.document;
  const document = bodyOf<object>(await api("GET", `/templates/${version}`));
  if (document !== undefined) await store.put("versions", { version, document });
  return document;
}

/** Everything that lets a job begin without a network. False when the server did not answer. */
export async function pullCompany(store: Store, api: Api): Promise<boolean> {
  const directory = bodyOf<Directory>(await api("GET", "/directory"));
  if (directory === undefined) return false;
  const { people, equipment, time_zone } = directory;
  await setSingle(store, "directory", { people, equipment, ...(time_zone && { time_zone }) });
  const listed = bodyOf<{ templates: TemplateName[] }>(await api("GET", "/templates"));
  if (listed === undefined) return false;
  for (const { version } of listed.templates) await versionDocument(store, api, version);
  await setSingle(store, "templates", listed.templates);
  return true;
}

/** The newest checkpoint, which the device's next events name. It never goes back. */
export async function pullBeacon(store: Store, api: Api): Promise<void> {
  const newest = bodyOf<{ root?: string; size?: number }>(await api("GET", "/checkpoint"));
  if (newest?.root === undefined || newest.size === undefined) return;
  const known = await single(store, "beacon");
  if (known === undefined || newest.size > known.size) {
    await setSingle(store, "beacon", { root: newest.root, size: newest.size });
  }
}

/** What came of asking: nobody answered, nothing is new, or something is. */
export type News = "silent" | "same" | "new";

/** Ended jobs that this device does not know and that are older than this are no news. */
const OLD_MS = 2 * 24 * 3600_000;

/** The list of my jobs. `now` in milliseconds since 1970. */
export async function pullRuns(store: Store, api: Api, now: number): Promise<News> {
  const listed = bodyOf<{ runs: RunRow[] }>(await api("GET", "/runs?mine=true"));
  if (listed === undefined) return "silent";
  let news: News = "same";
  for (const row of listed.runs) if (await adopt(store, row, now)) news = "new";
  return news;
}

/** Writes down what is new about a job; false when nothing is. */
async function adopt(store: Store, { events: announced, opened_at, ...row }: RunRow, now: number): Promise<boolean> {
  const tx = store.transaction("runs", "readwrite");
  const known = await tx.store.get(row.run);
  const isOld = row.status === "ended" && Date.parse(opened_at ?? "") < now - OLD_MS;
  const { template, version, title, equipment, status, my_turn } = row;
  const about = { template, version, title, equipment, status, my_turn, announced };
  const same =
    known !== undefined &&
    JSON.stringify(about) ===
      JSON.stringify(Object.fromEntries(Object.keys(about).map((key) => [key, known[key as keyof typeof about]])));
  const isNews = !same && !(known === undefined && isOld);
  if (isNews) {
    const opened = opened_at ?? known?.opened_at ?? "";
    await tx.store.put({ ...(known ?? { events: [] }), run: row.run, ...about, opened_at: opened });
  }
  await tx.done;
  return isNews;
}

/** The events of a run that are new, in log order. True when there were any. */
export async function pullRun(store: Store, api: Api, run: string): Promise<boolean> {
  const known = await store.get("runs", run);
  const after = known?.events.length ?? 0;
  const ask = known?.etag === undefined ? {} : { etag: known.etag };
  const answer = await api("GET", `/runs/${run}?after=${after}`, ask);
  const found = bodyOf<{ template: string; version: string; events: KnownEvent[] }>(answer);
  if (found === undefined) return false;
  await versionDocument(store, api, found.version);
  const tx = store.transaction("runs", "readwrite");
  const now = await tx.store.get(run);
  // Another tab may have been here meanwhile: only what follows what is there is appended.
  if ((now?.events.length ?? 0) === after) {
    const events = [...(now?.events ?? []), ...found.events];
    const bare: KnownRun = now ?? {
      run,
      template: found.template,
      version: found.version,
      title: {},
      equipment: "",
      opened_at: "",
      status: "open",
      my_turn: false,
      announced: 0,
      events: [],
    };
    const next: KnownRun = { ...bare, events, announced: Math.max(bare.announced, events.length) };
    // The mark belongs to this question; with more events known the question is another.
    if (found.events.length === 0 && answer.etag !== undefined) next.etag = answer.etag;
    else delete next.etag;
    await tx.store.put(next);
  }
  await tx.done;
  return found.events.length > 0;
}

/** Jobs of which the server has more than this device. */
export async function behind(store: Store): Promise<KnownRun[]> {
  return (await store.getAll("runs")).filter((run) => run.announced > run.events.length);
}

/**
 * Forgets jobs that ended and were opened before that time, with all that was signed for them here: the server has it.
 * Whatever it does not have keeps its job.
 */
export async function forgetOld(store: Store, before: string): Promise<number> {
  const runs = (await store.getAll("runs")).filter((run) => run.status === "ended" && run.opened_at < before);
  let forgotten = 0;
  for (const { run } of runs) {
    const tx = store.transaction(["runs", "outbox", "shots"], "readwrite", { durability: "strict" });
    const items = (await tx.objectStore("outbox").getAll()).filter((item) => item.payload.run === run);
    const shots = (await tx.objectStore("shots").getAll()).filter((shot) => shot.run === run);
    // Bytes that are still here are the business of sending.
    const delivered = items.every((item) => item.state === "accepted") && shots.every((shot) => !shot.here);
    if (delivered) {
      await Promise.all([
        tx.objectStore("runs").delete(run),
        ...items.map((item) => tx.objectStore("outbox").delete(item.dseq)),
        ...shots.map((shot) => tx.objectStore("shots").delete(shot.commitment)),
      ]);
      forgotten += 1;
    }
    await tx.done;
  }
  return forgotten;
}

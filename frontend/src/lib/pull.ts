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
  await setSingle(store, "directory", { people: directory.people, equipment: directory.equipment });
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

/** The list of my jobs. False when the server did not answer. */
export async function pullRuns(store: Store, api: Api): Promise<boolean> {
  const listed = bodyOf<{ runs: RunRow[] }>(await api("GET", "/runs?mine=true"));
  if (listed === undefined) return false;
  for (const { events: announced, opened_at, ...row } of listed.runs) {
    const tx = store.transaction("runs", "readwrite");
    const known = await tx.store.get(row.run);
    const { template, version, title, equipment, status, my_turn } = row;
    const about = { run: row.run, template, version, title, equipment, status, my_turn };
    await tx.store.put({
      ...(known ?? { events: [] }),
      ...about,
      announced,
      opened_at: opened_at ?? known?.opened_at ?? "",
    });
    await tx.done;
  }
  return true;
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

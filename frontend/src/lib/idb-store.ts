// What a device keeps: its key, its place in its chain, what it has signed, its photos, and what it knows of the company.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Opening } from "./commitment";
import type { Bytes } from "./encoding";
import type { Payload } from "./events";
import type { Remembered } from "./steady";

/** The device's key. The private half cannot be read, only used. */
export interface KeyRecord {
  device: string;
  spki: Bytes;
  privateKey: CryptoKey;
}

/** The last event that the device has signed. */
export interface Counter {
  dseq: number;
  prev_device?: string;
}

export interface Session {
  /** Revoked: the office has locked this key out; it still sends what it has. */
  status: "pending" | "enrolled" | "refused" | "revoked";
  tenant: string;
  tenant_name: string;
  member: string;
  name: string;
  roles: string[];
  /** Secret by which the device asks whether it has been confirmed. */
  ticket?: string;
  /** Bearer token of everything else. */
  token?: string;
}

export interface Beacon {
  root: string;
  size: number;
}

export interface Person {
  ref: string;
  name: string;
  roles: string[];
  certificates: { [kind: string]: string };
  unit: string;
}
export interface Equipment {
  ref: string;
  number: string;
  name: string;
  kind: string;
  place: string;
}
export interface Directory {
  /** In which the company tells time; missing where the list came before the phone knew of it. */
  time_zone?: string;
  people: Person[];
  equipment: Equipment[];
}
export interface TemplateName {
  template: string;
  version: string;
  title: { [tag: string]: string };
}

/** Things of which there is one. */
export interface Singles {
  key: KeyRecord;
  counter: Counter;
  session: Session;
  beacon: Beacon;
  directory: Directory;
  templates: TemplateName[];
  /** A signed enrolment that the server has not taken yet, with its one-time code. */
  enrolment: { code: string; envelope: string; openings: Opening[] };
  /** The name of the store that follows this one, once the device is enrolled anew. */
  successor: string;
  language: string;
  theme: string;
  expected: Expected;
  /** Size of the letters, in per cent of what the system asks for. */
  letters: number;
  signals: { vibration: boolean; sound: boolean };
  time: Remembered;
}

/** A picture for which the phone's own camera was opened: it has not come back to this page yet. */
export interface Expected {
  run: string;
  step: string;
  activation: number;
  slot: string;
  at: number;
}

export interface Reason {
  code: string;
  message: string;
}

/** What both queues keep about trying: times in milliseconds since 1970. */
export interface Trying {
  tries: number;
  next_at: number;
  reason?: Reason;
}

/** A signed event. It is stored before it is first sent and never signed again. */
export interface Outgoing extends Trying {
  dseq: number;
  hash: string;
  payload: Payload;
  /** Canonical text of the envelope: the very bytes that become the entry. */
  envelope: string;
  openings: Opening[];
  state: "waiting" | "accepted" | "refused" | "forked";
  /** The server's signed word that it holds the event. */
  admission?: unknown;
  accepted_at?: number;
}

/** The bytes of a photo, apart from everything that refers to them. */
export interface KeptPhoto {
  sha256: string;
  bytes: Bytes;
}

/** What is known about a photo; small, so that it can be rewritten often. */
export interface Shot extends Trying {
  /** Commitment to the hash. The same bytes may be used twice, each time under a salt of their own. */
  commitment: string;
  sha256: string;
  media_type: string;
  size: number;
  opening: Opening;
  thumbnail: Bytes;
  taken_at: string;
  run: string;
  step: string;
  activation: number;
  slot: string;
  /** The event that refers to it; absent until somebody decided to use the photo. */
  dseq?: number;
  state: "waiting" | "stored" | "refused";
  stored_at?: number;
  /** Whether the bytes are still on this device. */
  here: boolean;
}

/** An event of a run as the server gave it. */
export interface KnownEvent {
  hash: string;
  index: number;
  payload: Payload;
  received_at: string;
  standing: string;
  codes: string[];
  /** Why, as the person wrote it; absent where an older server gave the event. */
  reason?: string;
}

/** A job that this device knows. */
export interface KnownRun {
  run: string;
  template: string;
  version: string;
  title: { [tag: string]: string };
  equipment: string;
  opened_at: string;
  status: string;
  my_turn: boolean;
  /** Number of events that the server said it holds; more than `events` until they are fetched. */
  announced: number;
  events: KnownEvent[];
  etag?: string;
}

interface Schema extends DBSchema {
  singles: { key: string; value: Singles[keyof Singles] };
  /** Events of this device in each run. */
  counters: { key: string; value: { run: string; rseq: number } };
  outbox: { key: number; value: Outgoing };
  photos: { key: string; value: KeptPhoto };
  shots: { key: string; value: Shot };
  runs: { key: string; value: KnownRun };
  /** Version documents, by their hash. */
  versions: { key: string; value: { version: string; document: unknown } };
}

export type Store = IDBPDatabase<Schema>;

const VERSION = 1;

/**
 * Opens the store of a device. `overtaken` is called when a newer version of the page wants to change the store: this
 * one has let go of it by then and can only be opened anew.
 */
export function openStore(name: string, overtaken: () => void = () => undefined): Promise<Store> {
  return openDB<Schema>(name, VERSION, {
    blocking(_current, _wanted, event) {
      (event.target as IDBDatabase).close();
      overtaken();
    },
    // Steps of later versions follow, each for stores that are older than it; what is kept stays.
    upgrade(db, from) {
      if (from >= 1) return;
      db.createObjectStore("singles");
      db.createObjectStore("counters", { keyPath: "run" });
      db.createObjectStore("outbox", { keyPath: "dseq" });
      db.createObjectStore("photos", { keyPath: "sha256" });
      db.createObjectStore("shots", { keyPath: "commitment" });
      db.createObjectStore("runs", { keyPath: "run" });
      db.createObjectStore("versions", { keyPath: "version" });
    },
  });
}

export async function single<K extends keyof Singles>(store: Store, key: K): Promise<Singles[K] | undefined> {
  return (await store.get("singles", key)) as Singles[K] | undefined;
}

export async function setSingle<K extends keyof Singles>(store: Store, key: K, value: Singles[K]): Promise<void> {
  await store.put("singles", value, key);
}

// Makes small packs for tests: a log with a server key, enrolled devices and one job. Nothing of it is in the product.
import { canonicalText, dumps, type Json, type JsonObject } from "../lib/canonical";
import { newOpening, type Opening } from "../lib/commitment";
import { type Bytes, concat, sha256, sha256Hex, toBase64, toHex, utf8 } from "../lib/encoding";
import {
  ADMISSION_PAYLOAD,
  describeKey,
  EVENT_PAYLOAD,
  encodeEnvelope,
  newDeviceKey,
  parseEnvelope,
  sealEnvelope,
  signPayload,
} from "../lib/envelope";
import { leafHash, nodeHash } from "../lib/merkle";

export const RUN = "ee".repeat(16);
const ORIGIN = "tanghulu.example/log/harbour";
const MOMENT = Date.UTC(2026, 10, 1, 8);

export interface Device {
  id: string;
  actor: string;
  spki: Bytes;
  key: CryptoKey;
  dseq: number;
  rseq: number;
  last: string;
  boot: string;
}
export interface Logged {
  entry: Bytes;
  hash: string;
  payload: JsonObject;
  index: number;
}

async function subtree(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length === 1) return leaves[0] as Bytes;
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(await subtree(leaves.slice(0, k)), await subtree(leaves.slice(k)));
}

async function pathTo(index: number, leaves: Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  if (index < k) return [...(await pathTo(index, left)), await subtree(right)];
  return [...(await pathTo(index - k, right)), await subtree(left)];
}

/** A company's log in memory, with one run in it. */
export class SampleLog {
  readonly entries: Logged[] = [];
  readonly openings: Opening[] = [];
  readonly photos = new Map<string, Bytes>();
  heads: string[] = [];
  private minutes = 0;

  private constructor(
    readonly server: Device,
    private readonly logKey: CryptoKeyPair,
    readonly vkey: string,
    private readonly keyId: Bytes,
  ) {}

  static async open(founder: string): Promise<SampleLog> {
    const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const typed = concat(new Uint8Array([1]), raw);
    const keyId = (await sha256(concat(utf8(`${ORIGIN}\n`), typed))).slice(0, 4);
    const vkey = `${ORIGIN}+${toHex(keyId)}+${toBase64(typed)}`;
    const log = new SampleLog(await SampleLog.device("server"), pair, vkey, keyId);
    const data = { origin: ORIGIN, log_key: vkey, server_key: toBase64(log.server.spki), founders: [founder] };
    await log.append(log.server, { type: "log.opened", data });
    return log;
  }

  static async device(actor: string): Promise<Device> {
    const pair = await newDeviceKey();
    const { spki, device } = await describeKey(pair.publicKey);
    return { id: device, actor, spki, key: pair.privateKey, dseq: 0, rseq: 0, last: "", boot: device.slice(0, 32) };
  }

  get policy(): string {
    return `log ${this.vkey}\nquorum none\n`;
  }

  async commit(value: Json): Promise<string> {
    const opening = await newOpening(value);
    this.openings.push(opening);
    return opening.commitment;
  }

  /** A new device of a person, countersigned by another device. */
  async enrol(actor: string, name: string, by: Device, mayEnrol = false): Promise<Device> {
    const device = await SampleLog.device(actor);
    const commitments = { name: await this.commit(name) };
    const data = { spki: toBase64(device.spki), may_enrol: mayEnrol };
    await this.append(device, { type: "device.enrolled", data, commitments }, by);
    return device;
  }

  /** Signs an event on a device and logs it. Events of the run are linked to its heads. */
  async append(device: Device, fields: JsonObject, countersigner?: Device): Promise<Logged> {
    this.minutes += 1;
    device.dseq += 1;
    const inRun = fields.run !== undefined;
    if (inRun) device.rseq += 1;
    const payload: JsonObject = {
      v: 1,
      tenant: "harbour",
      device: device.id,
      dseq: device.dseq,
      ...(device.dseq > 1 ? { prev_device: device.last } : {}),
      ...(inRun ? { rseq: device.rseq } : {}),
      ...(inRun && fields.type !== "run.opened" ? { prev_run: [...this.heads].sort() } : {}),
      actor: device.actor,
      claimed_at: new Date(MOMENT + this.minutes * 60_000).toISOString(),
      mono_ms: this.minutes * 60_000,
      boot: device.boot,
      assurance: device === this.server ? "server" : "webcrypto",
      ...fields,
    };
    return this.log(device, payload, countersigner);
  }

  async log(device: Device, payload: JsonObject, countersigner?: Device): Promise<Logged> {
    const bytes = dumps(payload);
    let entry = await sealEnvelope(bytes, device.id, device.key);
    if (countersigner !== undefined) {
      const { signatures } = parseEnvelope(entry);
      const sig = await signPayload(bytes, countersigner.key);
      const both = [...signatures, { keyid: countersigner.id, sig }];
      entry = encodeEnvelope({ payload: bytes, payloadType: EVENT_PAYLOAD, signatures: both });
    }
    const logged: Logged = { entry, hash: await sha256Hex(bytes), payload, index: this.entries.length };
    this.entries.push(logged);
    device.last = logged.hash;
    if (payload.run !== undefined) this.heads = [logged.hash];
    return logged;
  }

  /** Takes a photo and stores its bytes. */
  async photograph(device: Device, step: string, slot: string, bytes: Bytes, media = "image/jpeg"): Promise<Logged> {
    const hash = await sha256Hex(bytes);
    const commitment = await this.commit(hash);
    this.photos.set(`photos/${hash}.${media === "image/png" ? "png" : "jpg"}`, bytes);
    const photos = [{ commitment, media_type: media, size: bytes.length, slot }];
    const taken = await this.append(device, {
      type: "photo.taken",
      run: RUN,
      step,
      activation: 1,
      photos,
      data: { slot },
    });
    await this.append(this.server, { type: "photo.stored", run: RUN, data: { commitment } });
    return taken;
  }

  runEntries(): Logged[] {
    return this.entries.filter(({ payload }) => payload.run !== undefined);
  }

  async seal(): Promise<void> {
    const before = this.runEntries();
    const devices: { [device: string]: number } = {};
    for (const { payload } of before) devices[String(payload.device)] = Number(payload.rseq);
    const data = { count: before.length, heads: [...this.heads].sort(), devices };
    await this.append(this.server, { type: "run.sealed", run: RUN, data });
  }

  private async checkpoint(): Promise<{ text: string; leaves: Bytes[] }> {
    const leaves = await Promise.all(this.entries.map(({ entry }) => leafHash(entry)));
    const text = `${ORIGIN}\n${leaves.length}\n${toBase64(await subtree(leaves))}\n`;
    const sig = new Uint8Array(await crypto.subtle.sign("Ed25519", this.logKey.privateKey, utf8(text)));
    return { text: `${text}\n— ${ORIGIN} ${toBase64(concat(this.keyId, sig))}\n`, leaves };
  }

  /** Payload hashes of events that the server received as contradicting. */
  readonly contradicting = new Set<string>();

  private async admission({ payload, hash, index }: Logged): Promise<Bytes> {
    const { tenant, device, dseq, claimed_at } = payload as { [key: string]: string };
    const admitted = { tenant, device, dseq, payload: hash, index, received_at: claimed_at } as JsonObject;
    const standing = this.contradicting.has(hash) ? "contradicting" : "accepted";
    const value = { v: 1, ...admitted, standing, codes: [] };
    return sealEnvelope(dumps(value), this.server.id, this.server.key, ADMISSION_PAYLOAD);
  }

  /** The members of the pack, manifest included. */
  async members(template: Json): Promise<Map<string, Bytes>> {
    const files = new Map<string, Bytes>(this.photos);
    const { text, leaves } = await this.checkpoint();
    const keys = this.entries.filter(({ payload }) => payload.run === undefined);
    for (const [folder, mark, list] of [
      ["events", "", this.runEntries()],
      ["keys", "k", keys],
    ] as const) {
      for (const [at, logged] of list.entries()) {
        const number = String(at + 1).padStart(6, "0");
        const hashes = (await pathTo(logged.index, leaves)).map(toBase64);
        const proof = ["c2sp.org/tlog-proof@v1", `index ${logged.index}`, ...hashes, "", text].join("\n");
        files.set(`${folder}/${number}.dsse.json`, logged.entry);
        files.set(`proofs/${mark}${number}.tlog-proof`, utf8(proof));
        if (mark === "") files.set(`admissions/${number}.dsse.json`, await this.admission(logged));
      }
    }
    const openings = [...this.openings].sort((a, b) => (a.commitment < b.commitment ? -1 : 1));
    files.set("openings.json", utf8(canonicalText(openings as unknown as Json)));
    files.set("template.json", utf8(canonicalText(template)));
    return withManifest(files, this.runEntries().length, keys.length, this.entries.length);
  }
}

/** The files with a manifest that tells the truth about them. */
export async function withManifest(
  files: Map<string, Bytes>,
  events: number,
  keys: number,
  size: number,
): Promise<Map<string, Bytes>> {
  const listed: { [name: string]: Json } = {};
  for (const [name, bytes] of files) {
    if (name !== "manifest.json") listed[name] = { sha256: await sha256Hex(bytes), size: bytes.length };
  }
  const head = { v: 1, format: "tanghulu-pack", tenant: "harbour", run: RUN, origin: ORIGIN };
  const manifest = utf8(canonicalText({ ...head, size, events, keys, files: listed }));
  return new Map([...files, ["manifest.json", manifest]]);
}

export interface ZipEntry {
  name: string;
  bytes: Bytes;
  method?: number;
  flags?: number;
  size?: number;
}

/** A ZIP of stored members (or of bytes said to be otherwise), in the order given. */
export function zip(entries: ZipEntry[]): Bytes {
  const parts: Bytes[] = [];
  const directory: Bytes[] = [];
  let offset = 0;
  for (const { name, bytes, method = 0, flags = 0, size = bytes.length } of entries) {
    const label = utf8(name);
    const fields = (head: number, at: number): Bytes => {
      const record = new Uint8Array(head);
      const view = new DataView(record.buffer);
      view.setUint16(at, flags, true);
      view.setUint16(at + 2, method, true);
      view.setUint32(at + 12, bytes.length, true);
      view.setUint32(at + 16, size, true);
      view.setUint16(at + 20, label.length, true);
      return record;
    };
    const [local, central] = [fields(30, 6), fields(46, 8)];
    new DataView(local.buffer).setUint32(0, 0x04034b50, true);
    new DataView(central.buffer).setUint32(0, 0x02014b50, true);
    new DataView(central.buffer).setUint32(42, offset, true);
    parts.push(local, label, bytes);
    directory.push(central, label);
    offset += local.length + label.length + bytes.length;
  }
  const index = concat(...directory);
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, entries.length, true);
  view.setUint16(10, entries.length, true);
  view.setUint32(12, index.length, true);
  view.setUint32(16, offset, true);
  return concat(...parts, index, end);
}

/** A ZIP of files by name. */
export function zipFiles(files: Map<string, Bytes>): Bytes {
  const names = [...files.keys()].sort();
  return zip(names.map((name) => ({ name, bytes: files.get(name) ?? new Uint8Array() })));
}

// A pack opened: every member read once and hashed, the manifest read (docs/formats/pack.md, "Pack").
import { CanonicalError, isObject, type Json, type JsonObject, loads } from "../lib/canonical";
import { type Bytes, sha256Hex } from "../lib/encoding";
import { MAX_MEMBER, type Member, PackError, readDirectory, readMember } from "./zip";

export interface Manifest {
  tenant: string;
  run: string;
  origin: string;
  size: number;
  events: number;
  keys: number;
  files: { [name: string]: { sha256: string; size: number } };
}
export interface Pack {
  manifest: Manifest;
  /** SHA-256 and size of every member, the manifest included. */
  found: Map<string, { sha256: string; size: number }>;
  /** The bytes of every member but photos, which are read again when they are looked at. */
  texts: Map<string, Bytes>;
  photo(name: string): Promise<Bytes | null>;
}
/** Told after each member how much of the pack has been read, from 0 to 1. */
export type Progress = (part: number) => void;

const MANIFEST = "manifest.json";
const MOST = 100_000;
const TENANT = /^[a-z][a-z0-9-]{1,39}$/;
const REF = /^[0-9a-f]{32}$/;
const HASH = /^[0-9a-f]{64}$/;

const isPhoto = (name: string) => name.startsWith("photos/");
const isCount = (value: Json | undefined): value is number => typeof value === "number" && value >= 0;
const isText = (value: Json | undefined): value is string => typeof value === "string";

/** Reads canonical JSON of a pack; what is none makes the pack unreadable. */
export function readJson(bytes: Uint8Array): Json {
  try {
    return loads(bytes, MAX_MEMBER);
  } catch (error) {
    if (error instanceof CanonicalError) throw new PackError("pack_bad_json");
    throw error;
  }
}

function isFile(value: Json): boolean {
  if (!isObject(value) || Object.keys(value).sort().join() !== "sha256,size") return false;
  return isText(value.sha256) && HASH.test(value.sha256) && isCount(value.size);
}

function checkManifest(value: Json): Manifest {
  if (!isObject(value)) throw new PackError("pack_bad_manifest");
  const { tenant, run, origin, size, events, keys, files } = value as JsonObject;
  if (isText(value.format) && isCount(value.v) && (value.v !== 1 || value.format !== "tanghulu-pack")) {
    throw new PackError("pack_unknown_version");
  }
  const named =
    isText(tenant) && TENANT.test(tenant) && isText(run) && REF.test(run) && isText(origin) && origin !== "";
  const counted = isCount(size) && isCount(events) && isCount(keys) && events <= MOST && keys <= MOST;
  const versioned = value.v === 1 && value.format === "tanghulu-pack";
  if (!named || !counted || !versioned || !isObject(files) || !Object.values(files).every(isFile)) {
    throw new PackError("pack_bad_manifest");
  }
  return { tenant, run, origin, size, events, keys, files: files as Manifest["files"] };
}

/** Opens a pack. Throws PackError for what is not safe to read or not a pack. */
export async function openPack(file: Blob, onProgress: Progress = () => undefined): Promise<Pack> {
  const members = await readDirectory(file);
  const byName = new Map<string, Member>(members.map((member) => [member.name, member]));
  const head = byName.get(MANIFEST);
  if (head === undefined) throw new PackError("pack_no_manifest");
  const manifest = checkManifest(readJson(await readMember(file, head)));
  const found: Pack["found"] = new Map();
  const texts: Pack["texts"] = new Map();
  const total = members.reduce((sum, member) => sum + member.packed, 1);
  let done = 0;
  for (const member of members) {
    const bytes = await readMember(file, member);
    found.set(member.name, { sha256: await sha256Hex(bytes), size: bytes.length });
    if (!isPhoto(member.name)) texts.set(member.name, bytes);
    done += member.packed;
    onProgress(done / total);
  }
  // These two are read here as well, so that a pack is refused before anything of it is believed.
  for (const name of ["openings.json", "template.json"]) {
    const bytes = texts.get(name);
    if (bytes !== undefined) readJson(bytes);
  }
  const photo = async (name: string) => {
    const member = isPhoto(name) ? byName.get(name) : undefined;
    return member === undefined ? null : readMember(file, member);
  };
  return { manifest, found, texts, photo };
}

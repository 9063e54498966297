// Reads a pack's ZIP from its central directory and refuses what is not safe to read (docs/formats/pack.md).
import type { Bytes } from "../lib/encoding";
import { fromUtf8 } from "../lib/encoding";

export type PackCode =
  | "pack_unreadable"
  | "pack_duplicate_name"
  | "pack_bad_name"
  | "pack_too_many_files"
  | "pack_too_large"
  | "pack_bad_method"
  | "pack_no_manifest"
  | "pack_bad_manifest"
  | "pack_bad_json"
  | "pack_unknown_version"
  | "policy_malformed";

export class PackError extends Error {
  constructor(readonly code: PackCode) {
    super(code);
    this.name = "PackError";
  }
}

const MAX_MEMBERS = 20_000;
export const MAX_MEMBER = 64 * 1024 * 1024;
const MAX_TOTAL = 8 * 1024 ** 3;
const MAX_RATIO = 200;
const RATIO_FROM = 1024 * 1024;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
const NAME = /^[a-z0-9._/-]+$/;

export interface Member {
  name: string;
  method: number;
  packed: number;
  size: number;
  offset: number;
}

function fail(code: PackCode): never {
  throw new PackError(code);
}

/** A part of the file; what is not there is a file cut off. */
async function read(pack: Blob, from: number, length: number): Promise<Bytes> {
  if (from < 0 || length < 0 || from + length > pack.size) fail("pack_unreadable");
  return new Uint8Array(await pack.slice(from, from + length).arrayBuffer());
}

const viewOf = (bytes: Bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function isSafe(name: string): boolean {
  return NAME.test(name) && !name.startsWith("/") && !name.split("/").includes("..");
}

interface Directory {
  count: number;
  size: number;
  offset: number;
}

async function findDirectory(pack: Blob): Promise<Directory> {
  const length = Math.min(pack.size, END_SIZE + 0xffff);
  const tail = await read(pack, pack.size - length, length);
  const view = viewOf(tail);
  for (let at = length - END_SIZE; at >= 0; at -= 1) {
    // The comment must reach exactly to the end, or this is not the end record but bytes that look like one.
    if (view.getUint32(at, true) !== 0x06054b50 || view.getUint16(at + 20, true) !== length - END_SIZE - at) continue;
    const [disk, start, here] = [4, 6, 8].map((field) => view.getUint16(at + field, true));
    const count = view.getUint16(at + 10, true);
    const [size, offset] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    if (disk !== 0 || start !== 0 || here !== count) fail("pack_unreadable");
    return { count, size, offset };
  }
  return fail("pack_unreadable");
}

function readEntry(view: DataView, bytes: Bytes, at: number): { member: Member; next: number } {
  if (at + ENTRY_SIZE > bytes.length || view.getUint32(at, true) !== 0x02014b50) fail("pack_unreadable");
  const [nameSize = 0, extra = 0, comment = 0] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
  const next = at + ENTRY_SIZE + nameSize + extra + comment;
  if (next > bytes.length) fail("pack_unreadable");
  const name = fromUtf8(bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameSize));
  if (name === null || !isSafe(name)) fail("pack_bad_name");
  const method = view.getUint16(at + 10, true);
  if ((view.getUint16(at + 8, true) & 1) === 1 || (method !== 0 && method !== 8)) fail("pack_bad_method");
  const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
  return { member: { name, method, packed, size, offset: view.getUint32(at + 42, true) }, next };
}

function checkSizes(members: Member[]): void {
  let total = 0;
  for (const { packed, size } of members) {
    total += size;
    if (size > MAX_MEMBER || packed > MAX_MEMBER || total > MAX_TOTAL) fail("pack_too_large");
    if (size > RATIO_FROM && size > packed * MAX_RATIO) fail("pack_too_large");
  }
}

/** The members that the central directory names, in its order. Throws PackError. */
export async function readDirectory(pack: Blob): Promise<Member[]> {
  const { count, size, offset } = await findDirectory(pack);
  if (count > MAX_MEMBERS) fail("pack_too_many_files");
  const bytes = await read(pack, offset, size);
  const view = viewOf(bytes);
  const members: Member[] = [];
  let at = 0;
  while (members.length < count) {
    const { member, next } = readEntry(view, bytes, at);
    members.push(member);
    at = next;
  }
  if (at !== size) fail("pack_unreadable");
  if (new Set(members.map(({ name }) => name)).size !== members.length) fail("pack_duplicate_name");
  checkSizes(members);
  return members;
}

async function inflate(packed: Bytes, size: number): Promise<Bytes> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const whole = new Uint8Array(size);
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      // More than declared, and never more than the limit that the declared size has already kept.
      if (at + value.length > size) fail("pack_too_large");
      whole.set(value, at);
      at += value.length;
    }
  } catch (error) {
    if (error instanceof PackError) {
      await reader.cancel().catch(() => undefined);
      throw error;
    }
    fail("pack_unreadable");
  }
  return at === size ? whole : fail("pack_unreadable");
}

/** The bytes of a member. Throws PackError when its local header says something else than the directory. */
export async function readMember(pack: Blob, member: Member): Promise<Bytes> {
  const header = await read(pack, member.offset, LOCAL_SIZE);
  const view = viewOf(header);
  if (view.getUint32(0, true) !== 0x04034b50) fail("pack_unreadable");
  const [nameSize, extra] = [view.getUint16(26, true), view.getUint16(28, true)];
  const name = fromUtf8(await read(pack, member.offset + LOCAL_SIZE, nameSize));
  if ((view.getUint16(6, true) & 1) === 1 || view.getUint16(8, true) !== member.method) fail("pack_bad_method");
  if (name !== member.name) fail("pack_bad_name");
  const packed = await read(pack, member.offset + LOCAL_SIZE + nameSize + extra, member.packed);
  if (member.method === 8) return inflate(packed, member.size);
  return member.packed === member.size ? packed : fail("pack_unreadable");
}

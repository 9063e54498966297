// Reads a pack's ZIP from its central directory and refuses what is not safe to read (docs/formats/pack.md).
import type { Bytes } from "../lib/encoding";
import { fromUtf8, utf8 } from "../lib/encoding";

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

const MAX_MEMBERS = 400_000;
export const MAX_MEMBER = 64 * 1024 * 1024;
const MAX_TOTAL = 8 * 1024 ** 3;
const MAX_RATIO = 200;
const RATIO_FROM = 1024 * 1024;
const MAX_TEXTS = 512 * 1024 * 1024;
const MAX_DOCUMENT: { [name: string]: number } = {
  "manifest.json": 64 * 1024 * 1024,
  "openings.json": 64 * 1024 * 1024,
  "template.json": 1024 * 1024,
};
const ENCRYPTED = 1;
const SIZES_BEHIND = 8;
const END_SIZE = 22;
const BIG_END_SIZE = 56;
const BIG_POINTER_SIZE = 20;
const BIG_FROM = 2 ** 31 - 1;
const BEYOND = 0xffffffff;
const MOST_PLAIN = 0xffff;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
const NAME = /^[a-z0-9._/-]+$/;

export interface Member {
  name: string;
  flags: number;
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
  return NAME.test(name) && name.split("/").every((part) => part !== "" && part !== "..");
}

interface Directory {
  count: number;
  size: number;
  offset: number;
  /** Where the directory must end. */
  end: number;
}

/** A 64-bit number; what is not safe to count with is larger than any pack. */
const bigAt = (view: DataView, at: number) => Number(view.getBigUint64(at, true));

/** The end record of a pack beyond 2 GiB or 65,535 members, which stands before the plain one; null where there is none. */
async function findBigDirectory(pack: Blob, at: number, plain: number): Promise<Directory | null> {
  const end = at - BIG_POINTER_SIZE - BIG_END_SIZE;
  if (end < 0) return null;
  const view = viewOf(await read(pack, end, BIG_END_SIZE + BIG_POINTER_SIZE));
  if (view.getUint32(BIG_END_SIZE, true) !== 0x07064b50) return null;
  const isThere = bigAt(view, BIG_END_SIZE + 8) === end && view.getUint32(0, true) === 0x06064b50;
  const [here, count, size, offset] = [24, 32, 40, 48].map((field) => bigAt(view, field)) as [
    number,
    number,
    number,
    number,
  ];
  const isNeeded = offset >= BIG_FROM || count > MOST_PLAIN;
  const isSame = here === count && Math.min(count, MOST_PLAIN) === plain;
  if (!isThere || !isSame || offset + size !== end || !isNeeded) fail("pack_unreadable");
  return { count, size, offset, end };
}

async function findDirectory(pack: Blob): Promise<Directory> {
  const at = pack.size - END_SIZE;
  const view = viewOf(await read(pack, at, END_SIZE));
  const [disk, start, here, count = 0, comment] = [4, 6, 8, 10, 20].map((field) => view.getUint16(field, true));
  const [size, offset] = [view.getUint32(12, true), view.getUint32(16, true)];
  const isPlain = view.getUint32(0, true) === 0x06054b50 && disk === 0 && start === 0 && comment === 0;
  if (!isPlain) fail("pack_unreadable");
  const big = await findBigDirectory(pack, at, count);
  if (big !== null) return big;
  if (offset + size !== at || here !== count) fail("pack_unreadable");
  return { count, size, offset, end: at };
}

/** The one field that may stand behind a name: the place of a member beyond 4 GiB. */
function readOffset(view: DataView, at: number, extraAt: number, extra: number): number {
  const plain = view.getUint32(at + 42, true);
  if (extra === 0 && plain !== BEYOND) return plain;
  const isPlace = extra === 12 && view.getUint16(extraAt, true) === 1 && view.getUint16(extraAt + 2, true) === 8;
  return isPlace && plain === BEYOND ? bigAt(view, extraAt + 4) : fail("pack_unreadable");
}

function readEntry(view: DataView, bytes: Bytes, at: number): { member: Member; next: number } {
  if (at + ENTRY_SIZE > bytes.length || view.getUint32(at, true) !== 0x02014b50) fail("pack_unreadable");
  const [nameSize = 0, extra = 0, comment = 0] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
  const extraAt = at + ENTRY_SIZE + nameSize;
  if (extraAt + extra > bytes.length || comment !== 0) fail("pack_unreadable");
  const name = fromUtf8(bytes.subarray(at + ENTRY_SIZE, extraAt));
  if (name === null || !isSafe(name)) fail("pack_bad_name");
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if ((flags & ENCRYPTED) !== 0 || (method !== 0 && method !== 8)) fail("pack_bad_method");
  const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
  const offset = readOffset(view, at, extraAt, extra);
  return { member: { name, flags, method, packed, size, offset }, next: extraAt + extra };
}

const isText = ({ name }: Member) => !name.startsWith("photos/") && !name.endsWith(".html");

function checkSizes(members: Member[]): void {
  let [total, texts] = [0, 0];
  for (const member of members) {
    const { name, packed, size } = member;
    total += size;
    if (isText(member)) texts += size;
    const most = Object.hasOwn(MAX_DOCUMENT, name) ? (MAX_DOCUMENT[name] ?? 0) : MAX_MEMBER;
    if (size > most || packed > MAX_MEMBER || total > MAX_TOTAL || texts > MAX_TEXTS) fail("pack_too_large");
    if (size > RATIO_FROM && size > packed * MAX_RATIO) fail("pack_too_large");
  }
}

const frontSize = ({ name }: Member) => LOCAL_SIZE + utf8(name).length;

/** Members follow each other without a gap, from the first byte to the directory. */
function checkPlaces(members: Member[], end: number): void {
  let at = 0;
  for (const member of [...members].sort((a, b) => a.offset - b.offset)) {
    if (member.offset !== at) fail("pack_unreadable");
    at += frontSize(member) + member.packed;
  }
  if (at !== end) fail("pack_unreadable");
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
  checkPlaces(members, offset);
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

/** The bytes of a member. Throws PackError when the record in front of it says something else than the directory. */
export async function readMember(pack: Blob, member: Member): Promise<Bytes> {
  const front = await read(pack, member.offset, frontSize(member));
  const view = viewOf(front);
  const name = fromUtf8(front.subarray(LOCAL_SIZE));
  const [flags, method, label, extra] = [6, 8, 26, 28].map((field) => view.getUint16(field, true));
  const isSame =
    view.getUint32(0, true) === 0x04034b50 &&
    flags === member.flags &&
    method === member.method &&
    name === member.name;
  const isSized = view.getUint32(18, true) === member.packed && view.getUint32(22, true) === member.size;
  if (
    !isSame ||
    !isSized ||
    label !== front.length - LOCAL_SIZE ||
    extra !== 0 ||
    (member.flags & SIZES_BEHIND) !== 0
  ) {
    fail("pack_unreadable");
  }
  const packed = await read(pack, member.offset + front.length, member.packed);
  if (member.method === 8) return inflate(packed, member.size);
  return member.packed === member.size ? packed : fail("pack_unreadable");
}

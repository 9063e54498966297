// @vitest-environment node
import { describe, expect, it } from "vitest";
import { type Bytes, concat, utf8 } from "../lib/encoding";
import { PackError, readDirectory } from "./zip";

const MEMBER = 64 * 1024 * 1024;
const COUNT = 70;

/** A file of 4.4 GiB of which only the end is there: what readDirectory looks at. */
function sparse(size: number, tail: Bytes): Blob {
  const slice = (from: number, to: number) =>
    new Blob([tail.subarray(from - size + tail.length, to - size + tail.length)]);
  return { size, slice } as unknown as Blob;
}

function record(length: number, fields: [number, 2 | 4 | 8, number][]): Bytes {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (const [at, width, value] of fields) {
    if (width === 8) view.setBigUint64(at, BigInt(value), true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
  }
  return bytes;
}

function entry(name: string, offset: number): Bytes {
  const isBeyond = offset >= 0xffffffff;
  const label = utf8(name);
  const head = record(46, [
    [0, 4, 0x02014b50],
    [20, 4, MEMBER],
    [24, 4, MEMBER],
    [28, 2, label.length],
    [30, 2, isBeyond ? 12 : 0],
    [42, 4, isBeyond ? 0xffffffff : offset],
  ]);
  const place = isBeyond
    ? record(12, [
        [0, 2, 1],
        [2, 2, 8],
        [4, 8, offset],
      ])
    : new Uint8Array();
  return concat(head, label, place);
}

function big(shift = 0): Blob {
  const names = Array.from({ length: COUNT }, (_, n) => `photos/${String(n).padStart(4, "0")}`);
  const length = 30 + utf8(names[0] ?? "").length + MEMBER;
  const directory = concat(...names.map((name, n) => entry(name, n * length)));
  const offset = COUNT * length;
  const end = record(56, [
    [0, 4, 0x06064b50],
    [4, 8, 44],
    [24, 8, COUNT],
    [32, 8, COUNT],
    [40, 8, directory.length],
    [48, 8, offset + shift],
  ]);
  const pointer = record(20, [
    [0, 4, 0x07064b50],
    [8, 8, offset + directory.length],
    [16, 4, 1],
  ]);
  const plain = record(22, [
    [0, 4, 0x06054b50],
    [8, 2, COUNT],
    [10, 2, COUNT],
    [12, 4, directory.length],
    [16, 4, 0xffffffff],
  ]);
  const tail = concat(directory, end, pointer, plain);
  return sparse(offset + tail.length, tail);
}

describe("readDirectory", () => {
  it("finds members beyond 4 GiB", async () => {
    const members = await readDirectory(big());
    expect(members).toHaveLength(COUNT);
    expect(members.at(-1)?.offset).toBeGreaterThan(2 ** 32);
  });

  it("refuses a directory that is not where it says", async () => {
    await expect(readDirectory(big(1))).rejects.toThrow(PackError);
  });
});

/** A file of so many empty members, which says that it has `said` of them. */
function many(count: number, said = count, plain = Math.min(said, 0xffff)): Blob {
  const names = Array.from({ length: count }, (_, n) => utf8(`events/${String(n).padStart(6, "0")}`));
  const length = 30 + (names[0]?.length ?? 0);
  const heads = names.map((name, n) => {
    const head = record(46, [
      [0, 4, 0x02014b50],
      [28, 2, name.length],
      [42, 4, n * length],
    ]);
    return concat(head, name);
  });
  const directory = concat(...heads);
  const offset = count * length;
  const end = record(56, [
    [0, 4, 0x06064b50],
    [4, 8, 44],
    [24, 8, said],
    [32, 8, said],
    [40, 8, directory.length],
    [48, 8, offset],
  ]);
  const pointer = record(20, [
    [0, 4, 0x07064b50],
    [8, 8, offset + directory.length],
    [16, 4, 1],
  ]);
  const last = record(22, [
    [0, 4, 0x06054b50],
    [8, 2, plain],
    [10, 2, plain],
    [12, 4, directory.length],
    [16, 4, offset],
  ]);
  const tail = concat(directory, end, pointer, last);
  return sparse(offset + tail.length, tail);
}

describe("readDirectory of many members", () => {
  it("reads more than 65,535", async () => {
    expect(await readDirectory(many(65_600))).toHaveLength(65_600);
  }, 60_000);

  it("reads no more than 400,000", async () => {
    await expect(readDirectory(many(1, 400_001))).rejects.toEqual(new PackError("pack_too_many_files"));
  });

  it("takes no two numbers, nor a record that is not needed", async () => {
    await expect(readDirectory(many(70_000, 70_000, 70))).rejects.toEqual(new PackError("pack_unreadable"));
    await expect(readDirectory(many(70, 70))).rejects.toEqual(new PackError("pack_unreadable"));
  });
});

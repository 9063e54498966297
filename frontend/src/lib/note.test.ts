// @vitest-environment node
import { describe, expect, it } from "vitest";
import { toBase64, toHex, utf8 } from "./encoding";
import { isSignedBy, parseCheckpoint, parseProof, parseVerifierKey } from "./note";

const ORIGIN = "tanghulu.example/log/harbour";
const ROOT = toBase64(new Uint8Array(32).fill(7));
const TEXT = `${ORIGIN}\n5\n${ROOT}\n`;

interface Signer {
  vkey: string;
  line: (text: string, spoil?: boolean) => Promise<string>;
}

async function signer(name: string): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const typed = new Uint8Array([1, ...raw]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array([...utf8(`${name}\n`), ...typed])));
  const id = hash.slice(0, 4);
  return {
    vkey: `${name}+${toHex(id)}+${toBase64(typed)}`,
    line: async (text, spoil = false) => {
      const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, utf8(text)));
      if (spoil) signature[0] = (signature[0] ?? 0) ^ 1;
      return `— ${name} ${toBase64(new Uint8Array([...id, ...signature]))}\n`;
    },
  };
}

const keyOf = async ({ vkey }: Signer) => {
  const key = await parseVerifierKey(vkey);
  if (key === null) throw new Error(vkey);
  return key;
};
const noteOf = (whole: string) => {
  const checkpoint = parseCheckpoint(whole);
  if (checkpoint === null) throw new Error(whole);
  return checkpoint.note;
};

describe("parseVerifierKey", () => {
  it("reads a key, and none whose id does not follow from it", async () => {
    const { vkey } = await signer(ORIGIN);
    expect(await parseVerifierKey(vkey)).toMatchObject({ name: ORIGIN });
    expect(await parseVerifierKey(vkey.replace("harbour", "quarry"))).toBeNull();
    for (const bad of ["", "a+b+c", vkey.replace("+", " +"), `${vkey}AA`])
      expect(await parseVerifierKey(bad)).toBeNull();
  });
});

describe("parseCheckpoint", () => {
  const line = "— a AAAAAAA=\n";

  it("reads origin, size and root", () => {
    expect(parseCheckpoint(`${TEXT}\n${line}`)).toMatchObject({ origin: ORIGIN, size: 5 });
  });

  it.each([
    ["without a signature", TEXT],
    ["with a size that is no number", `${ORIGIN}\n05\n${ROOT}\n\n${line}`],
    ["with a size beyond what can be counted", `${ORIGIN}\n9999999999999999\n${ROOT}\n\n${line}`],
    ["with a root of another length", `${ORIGIN}\n5\nAAAA\n\n${line}`],
    ["with a line too many", `${TEXT}more\n\n${line}`],
    ["without an origin", `\n5\n${ROOT}\n\n${line}`],
    ["with a control character", `${ORIGIN}\t\n5\n${ROOT}\n\n${line}`],
    ["with a signature line that is none", `${TEXT}\n- a AAAAAAA=\n`],
  ])("does not read one %s", (_, whole) => {
    expect(parseCheckpoint(whole)).toBeNull();
  });
});

describe("isSignedBy", () => {
  it("finds the key's own signature among others", async () => {
    const [log, witness] = [await signer(ORIGIN), await signer("witness.example")];
    const note = noteOf(`${TEXT}\n${await witness.line(TEXT)}${await log.line(TEXT)}`);
    expect([await isSignedBy(note, await keyOf(log)), await isSignedBy(note, await keyOf(witness))]).toEqual([
      true,
      true,
    ]);
    expect(await isSignedBy(noteOf(`${TEXT}\n${await witness.line(TEXT)}`), await keyOf(log))).toBe(false);
  });

  it("takes one bad signature of the key for a bad note, though another is good", async () => {
    const log = await signer(ORIGIN);
    const note = noteOf(`${TEXT}\n${await log.line(TEXT)}${await log.line(TEXT, true)}`);
    expect(await isSignedBy(note, await keyOf(log))).toBe(false);
  });

  it("takes no signature of another text", async () => {
    const log = await signer(ORIGIN);
    const note = noteOf(`${TEXT}\n${await log.line(TEXT.replace("5", "6"))}`);
    expect(await isSignedBy(note, await keyOf(log))).toBe(false);
  });
});

describe("parseProof", () => {
  const proof = (head: string, index: string, ...hashes: string[]) =>
    parseProof(utf8(`${[head, index, ...hashes].join("\n")}\n\n${TEXT}\n— a AAAAAAA=\n`));

  it("reads index, hashes and the checkpoint as it is", () => {
    expect(proof("c2sp.org/tlog-proof@v1", "index 4", ROOT, ROOT)).toMatchObject({
      index: 4,
      hashes: { length: 2 },
      checkpoint: `${TEXT}\n— a AAAAAAA=\n`,
    });
  });

  it("reads none of another kind, without an index, or with a hash of another length", () => {
    expect(proof("c2sp.org/tlog-proof@v2", "index 4", ROOT)).toBeNull();
    expect(proof("c2sp.org/tlog-proof@v1", "4", ROOT)).toBeNull();
    expect(proof("c2sp.org/tlog-proof@v1", "index 4", "AAAA")).toBeNull();
  });
});

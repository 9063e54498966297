// @vitest-environment node
import { describe, expect, it } from "vitest";
import { type TemplateDocument, versionHash } from "../flow";
import { canonicalText, type Json } from "../lib/canonical";
import { type Bytes, fromUtf8, toBase64, utf8 } from "../lib/encoding";
import { CLAIMS, type Verdict } from "./report";
import { type Device, RUN, SampleLog, withManifest, zip, zipFiles } from "./sample";
import { tell } from "./story";
import { type Report, verifyPack } from "./verify";

const WEN = "11".repeat(16);
const VERA = "22".repeat(16);
const PHOTO = new Uint8Array([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]);
const title = { en: "x" };

const template: TemplateDocument = {
  v: 1,
  template: "one-step",
  title,
  subject: {},
  opened_by: ["worker"],
  leads: ["crew"],
  people: { crew: { title, roles: ["worker"], count: [1, 1], not_same_as: [] } },
  registers: {},
  stages: [
    {
      stage: "before",
      title,
      exit: false,
      do: [
        {
          node: "step",
          id: "power_off",
          title,
          who: { parts: ["crew"], each: false, policy: "all" },
          photos: { isolator: { title, show: [], count: 1, camera_only: true, provisional: false } },
          readings: {},
          register: {},
          ask: {},
          must: [],
          source: [],
        },
      ],
    },
  ],
};

interface Story {
  log: SampleLog;
  wen: Device;
  vera: Device;
}

/** Vera is a founder and countersigned by the server; she countersigns Wen; he does the job. */
async function begun(): Promise<Story> {
  const log = await SampleLog.open(VERA);
  const vera = await log.enrol(VERA, "魏娜", log.server, true);
  const wen = await log.enrol(WEN, "王维", vera);
  const data = { template: "one-step", version: await versionHash(template), subject: {}, people: { crew: [WEN] } };
  await log.append(wen, { type: "run.opened", run: RUN, data });
  const facts = { member: WEN, roles: ["worker"], certificates: {} };
  await log.append(log.server, { type: "people.resolved", run: RUN, data: facts });
  return { log, wen, vera };
}

async function done(): Promise<Story> {
  const story = await begun();
  await story.log.photograph(story.wen, "before/power_off", "isolator", PHOTO);
  const act = { type: "step.confirmed", run: RUN, step: "before/power_off", activation: 1, data: {} };
  await story.log.append(story.wen, act);
  return story;
}

async function sealed(): Promise<Story> {
  const story = await done();
  await story.log.seal();
  return story;
}

const filesOf = ({ log }: Story) => log.members(template as unknown as Json);

/** Changes files and lets the manifest tell the truth about the change. */
async function relisted(story: Story, change: (files: Map<string, Bytes>) => void): Promise<Bytes> {
  const files = await filesOf(story);
  change(files);
  const count = (folder: string) => [...files.keys()].filter((name) => name.startsWith(folder)).length;
  return zipFiles(await withManifest(files, count("events/"), count("keys/"), story.log.entries.length));
}

function verdicts(report: Report): Verdict[] {
  if (report.exit === 2) throw new Error(report.code);
  return CLAIMS.map((name) => report.claims[name].verdict);
}

function codes(report: Report, claim: (typeof CLAIMS)[number]): string[] {
  if (report.exit === 2) return [report.code];
  const reasons = report.claims[claim].reasons.filter(({ weight }) => weight !== "note");
  return [...new Set(reasons.map(({ code }) => code))].sort();
}

const edit = (files: Map<string, Bytes>, name: string, change: (text: string) => string) =>
  files.set(name, utf8(change(fromUtf8(files.get(name) ?? new Uint8Array()) ?? "")));

describe("verifyPack", () => {
  it("proves a good pack under its policy", async () => {
    const story = await sealed();
    const report = await verifyPack(zipFiles(await filesOf(story)), story.log.policy);
    expect(verdicts(report)).toEqual(["PASS", "PASS", "PASS", "PASS", "NOT PROVEN", "NOT PROVEN"]);
    expect(report).toMatchObject({ exit: 0, events: 6, photos: 1, people: [{ name: "王维", assurance: "webcrypto" }] });
  });

  it("proves only consistency without a policy", async () => {
    const report = await verifyPack(zipFiles(await filesOf(await sealed())), null);
    expect(report.exit).toBe(3);
    const notes = report.exit === 2 ? [] : report.claims.INTEGRITY.reasons.map(({ code }) => code);
    expect(notes).toEqual(["log_key_from_pack"]);
    expect(codes(report, "WHO")).toEqual(["policy_missing"]);
  });

  it("counts the acts against the rules, and proves them like all others", async () => {
    const story = await done();
    const act = await story.log.append(story.wen, { type: "run.stopped", run: RUN, data: {} });
    story.log.contradicting.add(act.hash);
    await story.log.seal();
    const report = await verifyPack(zipFiles(await filesOf(story)), story.log.policy);
    expect(report).toMatchObject({
      exit: 0,
      claims: { ORDER: { reasons: [{ code: "contradicting_acts", about: "1", weight: "note" }] } },
    });
  });

  it("tells the job and its pictures", async () => {
    const story = await sealed();
    const report = await verifyPack(zipFiles(await filesOf(story)), story.log.policy);
    if (report.exit === 2) throw new Error(report.code);
    const { job, pictures } = tell(report.evidence);
    expect(job?.haws.map(({ state }) => state)).toEqual(["done"]);
    expect(job?.state).toMatchObject({ status: "ended", outcome: "completed", sealed: true });
    expect(pictures).toMatchObject([{ path: "before/power_off", slot: "isolator", intact: true }]);
  });

  it("asks for what the policy asks for", async () => {
    const story = await sealed();
    const policy = `${story.log.policy}# tanghulu require when\n`;
    expect((await verifyPack(zipFiles(await filesOf(story)), policy)).exit).toBe(3);
  });

  it("does not prove completeness before the seal, nor after a later event", async () => {
    const open = await done();
    expect(codes(await verifyPack(zipFiles(await filesOf(open)), open.log.policy), "COMPLETENESS")).toEqual([
      "seal_missing",
    ]);
    const late = await sealed();
    await late.log.append(late.wen, { type: "run.stopped", run: RUN, data: {} });
    const report = await verifyPack(zipFiles(await filesOf(late)), late.log.policy);
    expect([report.exit, ...codes(report, "COMPLETENESS")]).toEqual([3, "seal_outdated"]);
    await late.log.seal();
    expect((await verifyPack(zipFiles(await filesOf(late)), late.log.policy)).exit).toBe(0);
  });
});

describe("an altered pack", () => {
  const photoName = (files: Map<string, Bytes>) => [...files.keys()].find((name) => name.startsWith("photos/")) ?? "";
  const withhold = (files: Map<string, Bytes>) => {
    files.delete(photoName(files));
    files.set("openings.json", utf8("[]"));
  };
  it.each<[string, (files: Map<string, Bytes>) => void, string]>([
    ["a photo", (files) => files.set(photoName(files), new Uint8Array([1])), "photo_altered"],
    ["a photo taken out", (files) => files.delete(photoName(files)), "photo_missing"],
    ["openings taken out", withhold, "photo_withheld"],
    ["an opening", (files) => edit(files, "openings.json", (text) => text.replace("王维", "王伟")), "opening_invalid"],
    [
      "the template",
      (files) => edit(files, "template.json", (text) => text.replace("one-step", "two-step")),
      "template_altered",
    ],
    ["the template taken out", (files) => files.delete("template.json"), "template_missing"],
    ["an envelope", (files) => edit(files, "events/000002.dsse.json", (text) => ` ${text}`), "envelope_malformed"],
    [
      "a proof",
      (files) => edit(files, "proofs/000002.tlog-proof", (text) => text.replace("@v1", "@v2")),
      "proof_malformed",
    ],
    [
      "an index",
      (files) => edit(files, "proofs/000002.tlog-proof", (text) => text.replace("index 4", "index 5")),
      "proof_invalid",
    ],
    [
      "an admission",
      (files) => files.set("admissions/000001.dsse.json", files.get("admissions/000002.dsse.json") as Bytes),
      "admission_invalid",
    ],
    ["an admission taken out", (files) => files.delete("admissions/000001.dsse.json"), "admission_missing"],
    ["a key taken out", (files) => files.delete("keys/000003.dsse.json"), "signature_unknown_key"],
  ])("is told by what changed: %s", async (_, change, code) => {
    const story = await sealed();
    const report = await verifyPack(await relisted(story, change), story.log.policy);
    expect(codes(report, "INTEGRITY")).toContain(code);
    expect(report.exit).toBe(code === "photo_withheld" ? 3 : 1);
  });

  it("is told by its manifest", async () => {
    const story = await sealed();
    const files = await filesOf(story);
    files.set("report.html", utf8("<p>"));
    files.set("openings.json", utf8("[]"));
    files.delete("admissions/000001.dsse.json");
    const report = await verifyPack(zipFiles(files), story.log.policy);
    expect(codes(report, "INTEGRITY")).toEqual(
      expect.arrayContaining(["file_altered", "file_missing", "file_unlisted"]),
    );
  });

  it("is told by the count of its seal when an event is dropped", async () => {
    const story = await sealed();
    const files = await filesOf(story);
    for (const name of ["events/000005.dsse.json", "proofs/000005.tlog-proof", "admissions/000005.dsse.json"]) {
      const next = files.get(name.replace("5", "6")) as Bytes;
      files.set(name, next);
      files.delete(name.replace("5", "6"));
    }
    const bytes = zipFiles(await withManifest(files, 5, 3, story.log.entries.length));
    const report = await verifyPack(bytes, story.log.policy);
    expect(codes(report, "ORDER")).toEqual(["device_order_broken", "link_missing"]);
    expect(codes(report, "COMPLETENESS")).toEqual(
      expect.arrayContaining(["seal_count_differs", "seal_devices_differ", "seal_heads_differ"]),
    );
  });

  it("is told by order when two files are swapped", async () => {
    const story = await sealed();
    const report = await verifyPack(
      await relisted(story, (files) => {
        for (const name of ["events/00000#.dsse.json", "proofs/00000#.tlog-proof", "admissions/00000#.dsse.json"]) {
          const [a, b] = ["2", "3"].map((n) => name.replace("#", n)) as [string, string];
          const [first, second] = [files.get(a) as Bytes, files.get(b) as Bytes];
          files.set(a, second).set(b, first);
        }
      }),
      story.log.policy,
    );
    expect(codes(report, "ORDER")).toEqual(["index_not_rising"]);
  });

  it("is told by a policy that names another log", async () => {
    const [story, other] = [await sealed(), await sealed()];
    const report = await verifyPack(zipFiles(await filesOf(story)), other.log.policy);
    expect(codes(report, "INTEGRITY")).toEqual(["checkpoint_signature_invalid"]);
    expect(codes(report, "WHO")).toEqual(["anchor_differs", "integrity_failed"]);
  });
});

describe("who signed", () => {
  async function judged(more: (story: Story) => Promise<void>): Promise<string[]> {
    const story = await done();
    await more(story);
    await story.log.seal();
    return codes(await verifyPack(zipFiles(await filesOf(story)), story.log.policy), "WHO");
  }
  const stop = { type: "run.stopped", run: RUN, data: {} };

  it("must be the person of the device", async () => {
    expect(await judged(async ({ log, wen }) => void (await log.append(wen, { ...stop, actor: VERA })))).toEqual([
      "actor_differs",
    ]);
  });

  it("may not be a machine where a person acts, nor a person where the server speaks", async () => {
    expect(await judged(async ({ log }) => void (await log.append(log.server, stop)))).toEqual(["type_not_allowed"]);
    const timer = { type: "timer.fired", run: RUN, data: { timer: "expiry" } };
    expect(await judged(async ({ log, wen }) => void (await log.append(wen, timer)))).toEqual(["type_not_allowed"]);
  });

  it.each([
    ["nobody may be the same person", "own"],
    ["somebody who may not", "wen"],
  ])("must be vouched for: %s", async (_, by) => {
    const found = await judged(async ({ log, wen, vera }) => {
      const quentin = await log.enrol(by === "own" ? VERA : "33".repeat(16), "?", by === "own" ? vera : wen);
      await log.append(quentin, stop);
    });
    expect(found).toEqual(["countersignature_not_allowed"]);
  });

  it("must be vouched for by the server for a founder's first device only", async () => {
    expect(await judged(async ({ log }) => void (await log.enrol(WEN, "?", log.server)))).toEqual([
      "countersignature_not_allowed",
    ]);
    expect(await judged(async ({ log }) => void (await log.enrol(VERA, "?", log.server)))).toEqual([
      "countersignature_not_allowed",
    ]);
  });

  it("is let in by the server only when the policy pins the device, where it pins any", async () => {
    const story = await sealed();
    const bytes = zipFiles(await filesOf(story));
    const under = (device: string) => verifyPack(bytes, `${story.log.policy}# tanghulu founder ${device}\n`);
    const notes = (report: Report) => (report.exit === 2 ? [] : report.claims.WHO.reasons.map(({ code }) => code));
    expect((await under(story.vera.id)).exit).toBe(0);
    expect(notes(await under(story.vera.id))).toEqual(["keys_can_be_misused"]);
    const other = await under(story.wen.id);
    expect([other.exit, ...codes(other, "WHO")]).toEqual([1, "founder_not_in_policy"]);
    expect(await under("nobody")).toEqual({ exit: 2, code: "policy_malformed" });
    const unpinned = await verifyPack(bytes, story.log.policy);
    expect(unpinned.exit).toBe(0);
    expect(notes(unpinned)).toEqual(["keys_can_be_misused", "founder_by_server"]);
  });

  it("must be vouched for by somebody", async () => {
    const alone = await judged(async ({ log }) => {
      const device = await SampleLog.device(VERA);
      await log.append(device, { type: "device.enrolled", data: { spki: toBase64(device.spki), may_enrol: false } });
    });
    expect(alone).toEqual(["countersignature_missing"]);
  });

  it("must hold the key that it names", async () => {
    const foreign = await judged(async ({ log, vera }) => {
      const [device, other] = [await SampleLog.device(WEN), await SampleLog.device(WEN)];
      const data = { spki: toBase64(other.spki), may_enrol: false };
      await log.append(device, { type: "device.enrolled", data }, vera);
    });
    expect(foreign).toEqual(["enrolment_missing", "integrity_failed"]);
  });
});

describe("a pack that is not safe to read", () => {
  const one = (entry: Partial<Parameters<typeof zip>[0][0]>) => zip([{ name: "a", bytes: utf8("x"), ...entry }]);
  it.each<[string, Bytes, string]>([
    ["nothing", new Uint8Array(), "pack_unreadable"],
    ["not a ZIP", utf8("hello, world, this is no archive"), "pack_unreadable"],
    ["cut off", one({}).slice(0, -1), "pack_unreadable"],
    ["no manifest", one({}), "pack_no_manifest"],
    [
      "a name twice",
      zip([
        { name: "a", bytes: utf8("x") },
        { name: "a", bytes: utf8("y") },
      ]),
      "pack_duplicate_name",
    ],
    ["a way out", one({ name: "../a" }), "pack_bad_name"],
    ["an absolute name", one({ name: "/a" }), "pack_bad_name"],
    ["capital letters", one({ name: "A" }), "pack_bad_name"],
    ["encrypted", one({ flags: 1 }), "pack_bad_method"],
    ["another method", one({ method: 12 }), "pack_bad_method"],
    ["declared too large", one({ method: 8, size: 65 * 1024 * 1024 }), "pack_too_large"],
    ["a ratio beyond reason", one({ method: 8, size: 2 * 1024 * 1024 }), "pack_too_large"],
    ["inflation of nonsense", one({ method: 8, name: "manifest.json", size: 9 }), "pack_unreadable"],
    ["JSON with duplicate keys", one({ name: "manifest.json", bytes: utf8('{"a":1,"a":1}') }), "pack_bad_json"],
    ["another manifest", one({ name: "manifest.json", bytes: utf8("[]") }), "pack_bad_manifest"],
    [
      "a later version",
      one({ name: "manifest.json", bytes: utf8(canonicalText({ format: "tanghulu-pack", v: 2 })) }),
      "pack_unknown_version",
    ],
  ])("is refused: %s", async (_, bytes, code) => {
    expect(await verifyPack(bytes, null)).toEqual({ exit: 2, code });
  });

  it("is refused when it inflates to more than it declares", async () => {
    const stream = new Blob([new Uint8Array(1000)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    expect(await verifyPack(one({ name: "manifest.json", method: 8, bytes, size: 10 }), null)).toMatchObject({
      code: "pack_too_large",
    });
  });

  it("is refused with a policy that is none", async () => {
    expect(await verifyPack(one({}), "trust everybody")).toEqual({ exit: 2, code: "policy_malformed" });
  });
});

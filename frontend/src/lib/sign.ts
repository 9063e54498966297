// The office's browser signs like a phone: with a key of its own, for one person of one company, that never leaves it.
import { type Api, connect, reasonOf } from "./api";
import { type Clock, pageClock } from "./clock";
import { fromBase64, toBase64 } from "./encoding";
import { askAgain, EnrolmentRefused, enrol, invitation } from "./enrol";
import { signPayload } from "./envelope";
import type { ActData, ActType } from "./events";
import { type KeyRecord, type Reason, type Session, type Store, setSingle, single } from "./idb-store";
import { deviceKey } from "./keys";
import { type Draft, record, recordTaken } from "./outbox";
import { openStores, succeed } from "./successor";
import { Sync } from "./sync";

/** Why something was not signed or not taken: the server's code and sentence, or one of ours. */
export class NotSigned extends Error {
  constructor(readonly reason: Reason) {
    super(reason.code);
  }
}

export interface Office {
  store: Store;
  key: KeyRecord;
  api: Api;
  clock: Clock;
  member: string;
  tenant: string;
}

export interface OfficeOptions {
  form_token: string;
  language: string;
  fetch?: typeof fetch;
  clock?: Clock;
}

/** The signer of whoever is signed in here. Throws NotSigned when nobody is, or nobody answers. */
export async function officeSigner(options: OfficeOptions): Promise<Office> {
  const { form_token, language } = options;
  const api = connect({
    base: "/api/v1",
    language: () => language,
    form_token,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  const answer = await api("GET", "/me");
  if (answer.status !== 200) throw new NotSigned(reasonOf(answer.status, answer.body));
  const { tenant, member } = answer.body as { tenant: string; member: { ref: string } };
  const { current: store, former } = await openStores(`tanghulu-office-${tenant}-${member.ref}`);
  const key = await deviceKey(store);
  const clock = options.clock ?? pageClock();
  // What was signed under a key that has ended since goes all the same: the office keeps it, and marks it.
  for (const before of former) await new Sync(before, api, () => clock.now()).pass();
  return { store, key, api, clock, member: member.ref, tenant };
}

/** How this browser's enrolment stands; asks the server while it is pending. */
export async function standing(office: Office): Promise<Session["status"] | "none"> {
  const session = await single(office.store, "session");
  if (session === undefined) return "none";
  if (session.status !== "pending") return session.status;
  return (await askAgain(office.store, office.api, session)).status;
}

/** Enrols this browser for the person who is signed in. A founder's first device is let in at once. */
export async function enrolBrowser(office: Office, label: string): Promise<Session["status"]> {
  const asked = await office.api("POST", "/enrolments/codes", { json: { member: office.member } });
  if (asked.status !== 201) throw new NotSigned(reasonOf(asked.status, asked.body));
  const { code } = asked.body as { code: string };
  if ((await standing(office)) === "revoked") await beginAnew(office);
  try {
    const who = await invitation(office.api, code);
    const session = await enrol(office.store, office.api, office.clock, code, who, label);
    return (await askAgain(office.store, office.api, session)).status;
  } catch (error) {
    if (error instanceof EnrolmentRefused) throw new NotSigned(error.reason);
    throw error;
  }
}

/** A key that was locked out stays so: the browser goes on with another, in a store of its own. */
async function beginAnew(office: Office): Promise<void> {
  const { name } = office.store;
  await succeed(office.store);
  const { current } = await openStores(name);
  office.store = current;
  office.key = await deviceKey(current);
}

async function requireEnrolled(office: Office): Promise<void> {
  if ((await standing(office)) !== "enrolled") throw new NotSigned({ code: "browser_not_enrolled", message: "" });
}

/** A browser whose data is older than the log (restored from a copy) goes on behind its last event, and forks nothing. */
async function catchUp(office: Office): Promise<void> {
  const answer = await office.api("GET", `/devices/${office.key.device}/position`);
  if (answer.status === 404) return;
  // What was handed over without an answer may be there: to sign on without knowing could use its number again.
  if (answer.status !== 200) throw new NotSigned(reasonOf(answer.status, answer.body));
  // `payload` is the hash of that event's payload, which the next one names.
  const { dseq, payload, status } = answer.body as { dseq: number; payload: string; status?: string };
  if (status === "revoked") {
    await new Sync(office.store, office.api, () => office.clock.now()).pass();
    const session = await single(office.store, "session");
    if (session !== undefined) await setSingle(office.store, "session", { ...session, status: "revoked" });
    throw new NotSigned({ code: "revoked", message: "" });
  }
  const counter = await single(office.store, "counter");
  if (dseq <= (counter?.dseq ?? 0)) return;
  await setSingle(office.store, "counter", { dseq, prev_device: payload });
}

interface RunAnswer {
  heads: string[];
  events: { payload: { device: string; rseq?: number } }[];
}

/** Sends what is stored and says how the event with this number fared. */
async function deliver(office: Office, dseq: number): Promise<void> {
  await new Sync(office.store, office.api, () => office.clock.now()).pass();
  const item = await office.store.get("outbox", dseq);
  if (item?.state === "accepted") return;
  // It stays in the outbox and goes with the next thing that is signed here.
  throw new NotSigned(item?.reason ?? { code: "not_sent_yet", message: "" });
}

/** Signs an act in a run, stores it, and sends it. Throws NotSigned; what was signed is never signed again. */
export async function signAct<T extends ActType>(office: Office, draft: Draft<T> & { run: string }): Promise<void> {
  await requireEnrolled(office);
  await catchUp(office);
  const answer = await office.api("GET", `/runs/${draft.run}`);
  if (answer.status !== 200) throw new NotSigned(reasonOf(answer.status, answer.body));
  const { heads, events } = answer.body as RunAnswer;
  const own = events.filter(({ payload }) => payload.device === office.key.device);
  const rseq = Math.max(0, ...own.map(({ payload }) => payload.rseq ?? 0));
  const item = await record(office.store, office.key, office.clock, draft, { heads: [...heads].sort(), rseq });
  await deliver(office, item.dseq);
}

/** Vouches for a device that waits, with this browser's signature over the payload that it signed itself. */
export async function countersign(office: Office, device: string, payload: string): Promise<void> {
  await requireEnrolled(office);
  const bytes = fromBase64(payload);
  if (bytes === null) throw new NotSigned({ code: "payload_malformed", message: "" });
  const sig = toBase64(await signPayload(bytes, office.key.privateKey));
  const answer = await office.api("POST", `/enrolments/${device}/countersign`, {
    json: { keyid: office.key.device, sig },
  });
  if (answer.status !== 204) throw new NotSigned(reasonOf(answer.status, answer.body));
}

/** Turns a waiting device away. */
export async function refuseDevice(office: Office, device: string): Promise<void> {
  const answer = await office.api("POST", `/enrolments/${device}/refuse`, { json: {} });
  if (answer.status !== 204) throw new NotSigned(reasonOf(answer.status, answer.body));
}

/** Ends the key of a device, as the person decides who is signed in here. Throws NotSigned. */
export async function revokeDevice(office: Office, data: ActData["device.revoked"], reason: string): Promise<void> {
  await requireEnrolled(office);
  await catchUp(office);
  const facts = reason === "" ? {} : { facts: { reason } };
  await recordTaken(
    office.store,
    office.key,
    office.clock,
    { type: "device.revoked", data, ...facts },
    async (item) => {
      const text = `{"envelope":${item.envelope},"openings":${JSON.stringify(item.openings)}}`;
      const answer = await office.api("POST", `/devices/${data.device}/revoke`, { text });
      if (answer.status !== 200 && answer.status !== 201) throw new NotSigned(reasonOf(answer.status, answer.body));
      return (answer.body as { admission?: unknown }).admission;
    },
  );
}

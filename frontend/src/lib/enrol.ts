// How a device's key enters the log, as the device sees it (docs/formats/enrolment.md).
import { type Api, reasonOf } from "./api";
import { type Clock, timeText } from "./clock";
import { newOpening, type Opening } from "./commitment";
import { fromUtf8, sha256Hex, toBase64 } from "./encoding";
import { sealEnvelope } from "./envelope";
import { buildPayload } from "./events";
import { type Beacon, type Reason, type Session, type Store, setSingle, single } from "./idb-store";
import { deviceKey } from "./keys";
import { withLock } from "./locks";

/** Whom a one-time code is for. */
export interface Invitation {
  tenant: string;
  tenant_name: string;
  member: string;
  name: string;
  may_enrol: boolean;
  roles: string[];
}

export class EnrolmentRefused extends Error {
  constructor(
    readonly status: number,
    readonly reason: Reason,
  ) {
    super(reason.code);
  }
}

const CODE = /^[A-Za-z0-9_-]{16,64}$/;

/** The one-time code in an address (`#enrol=...`) or in what a QR code says; null when there is none. */
export function codeIn(text: string): string | null {
  const found = /(?:#enrol=|^tanghulu:enrol:)([^&\s]+)/.exec(text)?.[1];
  return found !== undefined && CODE.test(found) ? found : null;
}

/** Asks whom the code is for, without using it up. */
export async function invitation(api: Api, code: string): Promise<Invitation> {
  const answer = await api("POST", "/enrolments/begin", { json: { code }, token: "" });
  if (answer.status !== 200) throw new EnrolmentRefused(answer.status, reasonOf(answer.status, answer.body));
  return answer.body as Invitation;
}

interface Begun {
  status: Session["status"];
  ticket?: string;
  token?: string;
  checkpoint?: unknown;
}

function beaconIn(value: unknown): Beacon | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { root, size } = value as { root?: unknown; size?: unknown };
  return typeof root === "string" && typeof size === "number" ? { root, size } : undefined;
}

/** Signs the first event of the device once; asked again it gives the same. */
function signed(
  store: Store,
  clock: Clock,
  code: string,
  who: Invitation,
  label: string,
): Promise<{ envelope: string; openings: Opening[] }> {
  return withLock(`${store.name}:sign`, async () => {
    const known = await single(store, "enrolment");
    if (known !== undefined && (await store.get("outbox", 1))?.payload.actor === who.member) {
      await setSingle(store, "enrolment", { ...known, code });
      return known;
    }
    if ((await single(store, "counter")) !== undefined) {
      // A device is one person's for ever: its first event says whose.
      throw new EnrolmentRefused(409, { code: "device_taken", message: "" });
    }
    const key = await deviceKey(store);
    const [name, device] = [await newOpening(who.name), await newOpening(label)];
    const payload = buildPayload(
      {
        type: "device.enrolled",
        actor: who.member,
        claimed_at: timeText(clock.now()),
        data: { spki: toBase64(key.spki), may_enrol: who.may_enrol },
        commitments: { label: device.commitment, name: name.commitment },
      },
      {
        tenant: who.tenant,
        device: key.device,
        dseq: 1,
        mono_ms: clock.mono(),
        boot: clock.boot,
        assurance: "webcrypto",
      },
    );
    const envelope = fromUtf8(await sealEnvelope(payload, key.device, key.privateKey)) ?? "";
    const openings = [name, device];
    const hash = await sha256Hex(payload);
    const tx = store.transaction(["singles", "outbox"], "readwrite", { durability: "strict" });
    await tx.objectStore("singles").put({ code, envelope, openings }, "enrolment");
    await tx.objectStore("singles").put({ dseq: 1, prev_device: hash }, "counter");
    await tx.objectStore("outbox").put({
      dseq: 1,
      hash,
      payload: JSON.parse(fromUtf8(payload) ?? ""),
      envelope,
      openings,
      // It reaches the log through its own door, with a second signature.
      state: "accepted",
      tries: 0,
      next_at: 0,
    });
    await tx.done;
    return { envelope, openings };
  });
}

/**
 * Sends the device's key to the company. Throws EnrolmentRefused; may then be called again.
 * `label` is what the office calls this device, such as "Wen's phone".
 */
export async function enrol(
  store: Store,
  api: Api,
  clock: Clock,
  code: string,
  who: Invitation,
  label: string,
): Promise<Session> {
  const { envelope, openings } = await signed(store, clock, code, who, label);
  const text = `{"code":${JSON.stringify(code)},"envelope":${envelope},"openings":${JSON.stringify(openings)}}`;
  const answer = await api("POST", "/enrolments", { text });
  if (answer.status < 200 || answer.status > 299 || answer.body === undefined) {
    throw new EnrolmentRefused(answer.status, reasonOf(answer.status, answer.body));
  }
  const { tenant, tenant_name, member, name, roles } = who;
  const begun = answer.body as Begun;
  const session: Session = { status: "pending", tenant, tenant_name, member, name, roles };
  if (begun.ticket !== undefined) session.ticket = begun.ticket;
  const settled = await settle(store, session, begun);
  // A founder's first device is let in at once; its token is asked for like everybody's.
  return begun.status === "enrolled" && settled.status === "pending" ? askAgain(store, api, settled) : settled;
}

async function settle(store: Store, session: Session, begun: Begun): Promise<Session> {
  const now: Session = { ...session };
  if (begun.status === "refused" || begun.status === "revoked") now.status = begun.status;
  if (begun.status === "enrolled" && begun.token !== undefined) {
    now.status = "enrolled";
    now.token = begun.token;
  }
  await setSingle(store, "session", now);
  const beacon = beaconIn(begun.checkpoint);
  if (beacon !== undefined) await setSingle(store, "beacon", beacon);
  return now;
}

/** Asks whether a second person has confirmed the device; also the way to a new token when the old one has ended. */
export async function askAgain(store: Store, api: Api, session: Session): Promise<Session> {
  if (session.ticket === undefined) return session;
  const { device } = await deviceKey(store);
  const answer = await api("GET", `/enrolments/${device}`, { token: session.ticket });
  if (answer.status !== 200 || answer.body === undefined) return session;
  return settle(store, session, answer.body as Begun);
}

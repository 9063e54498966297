// Photos in a pack: what the server says of them, and whether their bytes are those (docs/formats/pack.md).
import type { PhotoRef } from "../lib/events";
import { standingOf } from "./admission";
import type { Entry, Evidence } from "./evidence";
import type { Findings } from "./report";

const EXTENSIONS: { [media: string]: string } = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

/** What the server says of photos, by commitment. */
export interface Words {
  /** Their bytes have come. */
  stored: Set<string>;
  /** They do not count. */
  refused: Set<string>;
  /** Only acts that it admitted as contradicting the job's rules, or of an ended key, name them: nothing waited for them. */
  unawaited: Set<string>;
}

/** What is said of photos in these events and their admissions. */
export function wordsAbout(evidence: Evidence, events: Entry[]): Words {
  const said = (type: string) =>
    new Set(
      events.filter(({ payload }) => payload.type === type).map(({ payload }) => String(payload.data.commitment)),
    );
  const taken = events.flatMap(({ payload, number }) =>
    (payload.photos ?? []).map(({ commitment }) => ({
      commitment,
      allowed: !["contradicting", "revoked"].includes(String(standingOf(evidence, number))),
    })),
  );
  const allowed = new Set(taken.filter((photo) => photo.allowed).map(({ commitment }) => commitment));
  const unawaited = taken.map(({ commitment }) => commitment).filter((commitment) => !allowed.has(commitment));
  return { stored: said("photo.stored"), refused: said("photo.refused"), unawaited: new Set(unawaited) };
}

/** Whether the bytes need not be there. */
function explainsAbsence({ stored, refused, unawaited }: Words, commitment: string): boolean {
  return !stored.has(commitment) && (refused.has(commitment) || unawaited.has(commitment));
}

/** The names that a photo's file may have: one that was refused may be of another type. None when it is withheld. */
function photoNames({ openings }: Evidence, { commitment, media_type }: PhotoRef, words: Words): string[] {
  const hash = openings.get(commitment)?.value;
  if (typeof hash !== "string") return [];
  const known = words.refused.has(commitment) ? Object.values(EXTENSIONS) : [EXTENSIONS[media_type] ?? "bin"];
  return known.map((extension) => `photos/${hash}.${extension}`);
}

/** The photo's file, or what it would be called; null when it is withheld. */
export function photoName(evidence: Evidence, photo: PhotoRef, words: Words): string | null {
  const names = photoNames(evidence, photo, words);
  return names.find((name) => evidence.pack.found.has(name)) ?? names[0] ?? null;
}

/** Whether the bytes under this name are those of the photo. */
export function isIntact({ pack }: Evidence, name: string, photo: PhotoRef, words: Words): boolean {
  const real = pack.found.get(name);
  const asSaid = words.refused.has(photo.commitment) || real?.size === photo.size;
  return real !== undefined && name.includes(`/${real.sha256}.`) && asSaid;
}

function checkPhoto(evidence: Evidence, file: string, photo: PhotoRef, words: Words, findings: Findings): void {
  const names = photoNames(evidence, photo, words);
  const found = names.filter((name) => evidence.pack.found.has(name));
  for (const name of found) findings.expect(isIntact(evidence, name, photo, words), "photo_altered", name);
  if (found.length > 0 || explainsAbsence(words, photo.commitment)) return;
  if (names.length === 0) findings.open("photo_withheld", file);
  else if (words.stored.has(photo.commitment)) findings.fail("photo_missing", names[0] ?? file);
  else findings.open("photo_never_stored", file);
}

/** Every photo has an opening, and its bytes are what the event says; none is there that no event speaks of. */
export function checkPhotos(evidence: Evidence, findings: Findings): void {
  const words = wordsAbout(evidence, evidence.events);
  const named = new Set<string>();
  for (const { file, payload } of evidence.events) {
    for (const photo of payload.photos ?? []) {
      if (words.refused.has(photo.commitment)) findings.note("photo_refused", file);
      for (const name of photoNames(evidence, photo, words)) named.add(name);
      checkPhoto(evidence, file, photo, words, findings);
    }
  }
  for (const name of evidence.pack.found.keys()) {
    if (name.startsWith("photos/")) findings.expect(named.has(name), "photo_foreign", name);
  }
}

/** Every photo's bytes have reached the server, as it states, but for those that nothing waited for. */
export function checkArrivals(evidence: Evidence, events: Entry[], findings: Findings): void {
  const { stored, refused, unawaited } = wordsAbout(evidence, events);
  for (const { payload, file } of events) {
    for (const { commitment } of payload.photos ?? []) {
      if (stored.has(commitment) || refused.has(commitment)) continue;
      if (unawaited.has(commitment)) findings.note("photo_not_awaited", file);
      else findings.open("photo_never_stored", file);
    }
  }
}

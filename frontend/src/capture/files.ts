// A picture from the phone's own camera, which stands in front of this page meanwhile: the system may close the page
// behind it. Either the whole picture comes through or a plain word that it must be taken again.
import { type Expected, type Store, setSingle, single } from "../lib/idb-store";
import { keepPhoto, StorageFull } from "../lib/outbox";
import { LARGEST, mediaTypeOf } from "../lib/picture-kind";
import { hasRoom } from "../lib/room";
import { inStep, whileBusy } from "./acts";
import type { App } from "./app";
import { lookAt } from "./camera";
import type { Job, OpenStep } from "./fold";
import { signal } from "./signal";

const NOTHING_YET = new Uint8Array();
/** Whoever opens the page so much later has begun anew. */
const EXPECTED_MS = 12 * 3600_000;

/** Notes that another app is in front now and owes a picture. */
export function expectPicture(app: App, job: Job, step: OpenStep, slot: string): void {
  void setSingle(app.store, "expected", { ...inStep(job, step), slot, at: app.clock.now() });
}

/** The person came back without a picture, or with one that is kept. */
export async function nothingExpected(store: Store): Promise<void> {
  await store.delete("singles", "expected");
}

/** The picture that never came: its page was closed behind the camera. Asked once, as the page opens. */
export async function lostPicture(store: Store, now: number): Promise<Expected | undefined> {
  const expected = await single(store, "expected");
  if (expected === undefined) return undefined;
  await nothingExpected(store);
  const { run, step, slot, at } = expected;
  const kept = (await store.getAll("shots")).some(
    (shot) => shot.run === run && shot.step === step && shot.slot === slot && Date.parse(shot.taken_at) >= at,
  );
  return kept || now - at > EXPECTED_MS ? undefined : expected;
}

/** Writes a picture down as it is, whatever its size, and only then looks at it. */
export function keepFile(app: App, job: Job, step: OpenStep, slot: string, file: File): Promise<void> {
  return whileBusy(app, async () => {
    const { t } = app.words;
    const media_type = mediaTypeOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
    if (media_type === undefined || file.size > LARGEST) {
      await nothingExpected(app.store);
      const most = Math.floor(LARGEST / 1e6);
      app.complain(
        media_type === undefined ? t("photo_no_picture") : t("photo_too_large", { size: megabytes(file.size), most }),
      );
      return;
    }
    if (!(await hasRoom(file.size, navigator.storage))) throw new StorageFull("storage_full");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const about = { bytes, media_type, thumbnail: NOTHING_YET, slot, ...inStep(job, step) };
    const shot = await keepPhoto(app.store, about, app.clock.now());
    await nothingExpected(app.store);
    signal("tap");
    app.complain(undefined);
    app.change({ review: { shot, picture: await seen(app, shot.commitment, file, { bytes, media_type }) } });
    await app.measure();
    await app.refresh();
  });
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);

/** The picture as far as it can be shown here; its small one is written beside it. */
async function seen(
  app: App,
  commitment: string,
  file: File,
  about: { bytes: Uint8Array<ArrayBuffer>; media_type: string },
) {
  try {
    const { thumbnail, quality } = await lookAt(file);
    const shot = await app.store.get("shots", commitment);
    if (shot !== undefined)
      await app.unlessFull(async () => void (await app.store.put("shots", { ...shot, thumbnail })));
    return { ...about, thumbnail, quality };
  } catch {
    // This browser cannot show it; the office may.
    return { ...about, thumbnail: NOTHING_YET };
  }
}

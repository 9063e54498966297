// What a person does on the phone: asked of the rules first, then signed and stored; sending is not its business.
import type { AnswerMap } from "../flow/state";
import type { ReadingSpec } from "../flow/template";
import { newRef } from "../lib/encoding";
import type { ActData, ActType, Answers } from "../lib/events";
import type { Shot } from "../lib/idb-store";
import { type Draft, dropPhoto, keepPhoto, record, StorageFull } from "../lib/outbox";
import { hasRoom, isQuota } from "../lib/room";
import { type App, newDraft, type Removal } from "./app";
import type { Picture } from "./camera";
import { codesAgainst, type Job, type OpenStep } from "./fold";
import { signal } from "./signal";

/** Does one thing at a time, and says in words what came of it when it was not to be. */
export async function whileBusy(app: App, work: () => Promise<void>): Promise<void> {
  if (app.state.busy) return;
  app.set({ busy: true });
  try {
    await work();
  } catch (error) {
    const isFull = error instanceof StorageFull || isQuota(error);
    // Said on the screen for as long as it is so.
    if (isFull) app.becomeFull();
    else app.complain(app.words.t("broken"));
  } finally {
    app.set({ busy: false });
  }
}

/** Signs an act, unless the rules are against it; then says why. True when it was signed. */
async function sign<T extends ActType>(app: App, draft: Draft<T>, job?: Job): Promise<boolean> {
  if (job !== undefined) {
    const commitments = Object.fromEntries(Object.keys(draft.facts ?? {}).map((name) => [name, ""]));
    const slot = (draft.data as { slot?: string }).slot;
    const photos =
      draft.photo === undefined ? {} : { photos: [{ commitment: draft.photo, slot, media_type: "", size: 1 }] };
    const { type, data, step, activation } = draft;
    const act = { type, data, actor: app.member, claimed_at: app.at(), step, activation, commitments, ...photos };
    const codes = codesAgainst(job, act);
    if (codes.length > 0) {
      app.complain(app.words.codes(codes));
      signal("refused");
      return false;
    }
  }
  await record(app.store, app.key, app.clock, draft);
  await app.rememberTime();
  await app.refresh();
  app.wake();
  return true;
}

export const inStep = (job: Job, step: OpenStep) => ({ run: job.run, step: step.task.path, activation: step.task.n });

/** Writes a picture down before anybody decides about it. */
export function keep(
  app: App,
  job: Job,
  step: OpenStep,
  slot: string,
  take: () => Promise<Picture | undefined>,
): Promise<void> {
  return whileBusy(app, async () => {
    const picture = await take();
    if (picture === undefined) return;
    signal("tap");
    if (!(await hasRoom(picture.bytes.length, navigator.storage))) throw new StorageFull("storage_full");
    const { bytes, media_type, thumbnail } = picture;
    const shot = await keepPhoto(
      app.store,
      { bytes, media_type, thumbnail, slot, ...inStep(job, step) },
      app.clock.now(),
    );
    app.complain(undefined);
    app.change({ review: { shot, picture } });
    await app.measure();
    await app.refresh();
  });
}

/** Takes the kept photo into use. */
export function usePhoto(app: App, job: Job, shot: Shot): Promise<void> {
  return whileBusy(app, async () => {
    const { run, step, activation, slot, commitment } = shot;
    const done = await sign(
      app,
      { type: "photo.taken", run, step, activation, data: { slot }, photo: commitment },
      job,
    );
    if (!done) return;
    signal("tap");
    forgetReview(app);
  });
}

function forgetReview(app: App): void {
  const { review: _, picked: __, ...draft } = app.state.draft;
  app.set({ draft });
}

/** The photo is to be taken again: these bytes go. */
export function retake(app: App, shot: Shot): Promise<void> {
  return whileBusy(app, async () => {
    await dropPhoto(app.store, shot.commitment);
    // First what is there, then the screen: a photo that is gone is not offered once more.
    await app.refresh();
    forgetReview(app);
  });
}

export function takeReading(
  app: App,
  job: Job,
  step: OpenStep,
  name: string,
  spec: ReadingSpec,
  point?: string,
): Promise<void> {
  return whileBusy(app, async () => {
    const { digits, instrument } = app.state.draft;
    const data: ActData["reading.taken"] = { reading: name, value: digits, unit: spec.unit, sampled_at: app.at() };
    if (point !== undefined) data.point = point;
    if (instrument.trim() !== "") data.instrument = instrument.trim();
    if (!(await sign(app, { type: "reading.taken", ...inStep(job, step), data }, job))) return;
    signal("tap");
    const { picked: _, ...draft } = app.state.draft;
    app.set({ draft: { ...draft, digits: "" } });
  });
}

export function enter(app: App, job: Job, step: OpenStep, data: ActData["register.entered"]): Promise<void> {
  return whileBusy(app, async () => {
    if (!(await sign(app, { type: "register.entered", ...inStep(job, step), data }, job))) return;
    signal("tap");
    app.change({ item: "", count: 1 });
  });
}

/** Somebody or something comes out; also outside of any step, when the job is stopped. */
export function leave(app: App, job: Job, step: OpenStep | undefined, register: string, item: string): Promise<void> {
  return whileBusy(app, async () => {
    const where = step === undefined ? { run: job.run } : inStep(job, step);
    if (await sign(app, { type: "register.left", ...where, data: { register, item } }, job)) signal("tap");
  });
}

/** A lock is removed without its owner, on this person's word and reason. */
export function removeLock(app: App, job: Job, { register, item, holder }: Removal): Promise<void> {
  return whileBusy(app, async () => {
    const data = { register, item, holder, confirmed: [...(app.state.draft.confirmed ?? [])].sort(), saw: seenIn(job) };
    if (!(await sign(app, { type: "lock.removed", run: job.run, data, ...withReason(app) }, job))) return;
    signal("done");
    app.set({ draft: newDraft("") });
    app.go({ name: "job", run: job.run });
    app.say(app.words.t("locks_removed", { who: app.nameOf(holder) }));
  });
}

/** Only what this step asks goes into the answers. */
function answers(step: OpenStep, given: AnswerMap): Answers {
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => Object.hasOwn(step.place.step.ask, name)),
  ) as Answers;
}

export function confirm(app: App, job: Job, step: OpenStep): Promise<void> {
  return whileBusy(app, async () => {
    const given = answers(step, app.state.draft.given);
    const data: ActData["step.confirmed"] = Object.keys(given).length > 0 ? { answers: given } : {};
    if (!(await sign(app, { type: "step.confirmed", ...inStep(job, step), data }, job))) return;
    signal("done");
    app.set({ draft: newDraft("") });
    app.say(app.words.t("job_done_toast", { step: app.words.text(step.place.step.title) }));
  });
}

/** Events whose pictures and values the person could look at before deciding. */
function seenIn(job: Job): string[] {
  const shown = new Set([
    "photo.taken",
    "reading.taken",
    "step.confirmed",
    "register.entered",
    "register.left",
    "lock.removed",
  ]);
  const all = job.events.filter((event) => shown.has(event.type)).map((event) => event.hash);
  const opened = job.state.opened_event;
  return [...new Set(all.length > 0 || opened === undefined ? all : [opened])].sort();
}

export function decide(app: App, job: Job, step: OpenStep): Promise<void> {
  return whileBusy(app, async () => {
    const { verdict, to, reason } = app.state.draft;
    if (verdict !== "ok" && verdict !== "no" && verdict !== "back") return;
    const data: ActData["decision.made"] = {
      verdict,
      saw: seenIn(job),
      ...(verdict === "back" && to !== undefined ? { to } : {}),
    };
    const facts = reason.trim() === "" ? {} : { facts: { reason: reason.trim() } };
    if (!(await sign(app, { type: "decision.made", ...inStep(job, step), data, ...facts }, job))) return;
    signal("done");
    app.set({ draft: newDraft("") });
  });
}

export function endRepeat(app: App, job: Job, repeat: string): Promise<void> {
  return whileBusy(app, async () => {
    if (await sign(app, { type: "repeat.ended", run: job.run, data: { repeat } }, job)) signal("tap");
  });
}

function withReason(app: App): { facts?: { reason: string } } {
  const reason = app.state.draft.reason.trim();
  return reason === "" ? {} : { facts: { reason } };
}

/** Stop, for everybody, at once. Asked of no rule: a stop is recorded whatever the phone believes. */
export function stopRun(app: App, job: Job): Promise<void> {
  return whileBusy(app, async () => {
    await sign(app, { type: "run.stopped", run: job.run, data: {}, ...withReason(app) });
    signal("refused");
    app.set({ draft: newDraft("") });
    app.go({ name: "job", run: job.run });
  });
}

export function resumeRun(app: App, job: Job): Promise<void> {
  return whileBusy(app, async () => {
    if (await sign(app, { type: "run.resumed", run: job.run, data: {}, ...withReason(app) }, job)) {
      app.set({ draft: newDraft("") });
    }
  });
}

export function abandonRun(app: App, job: Job): Promise<void> {
  return whileBusy(app, async () => {
    if (await sign(app, { type: "run.abandoned", run: job.run, data: {}, ...withReason(app) }, job)) {
      app.set({ draft: newDraft("") });
      app.go({ name: "job", run: job.run });
    }
  });
}

/** The person has seen what somebody else did, and goes by it: stands still, takes over, hands over. */
export function acknowledge(app: App, job: Job, about: string): Promise<void> {
  return whileBusy(app, async () => {
    await sign(app, { type: "act.acknowledged", run: job.run, data: { about } });
    signal("done");
    app.go({ name: "job", run: job.run });
  });
}

export function assign(app: App, job: Job, changes: { part: string; members: string[] }[]): Promise<void> {
  return whileBusy(app, async () => {
    for (const data of changes) {
      const act = { type: "people.assigned" as const, run: job.run, data, ...withReason(app) };
      if (!(await sign(app, act, app.job(job.run)))) return;
    }
    app.set({ draft: newDraft("") });
    app.set({ opening: { people: {}, search: "" } });
    app.go({ name: "job", run: job.run });
  });
}

/** Begins a job: this phone draws its id and signs its first event, with a network or without. */
export function openRun(app: App): Promise<void> {
  return whileBusy(app, async () => {
    const { template, equipment, people } = app.state.opening;
    const found = app.state.templates.find((one) => one.version === template);
    if (found === undefined) return;
    const run = newRef();
    const subject = equipment === undefined ? {} : { equipment };
    const data = { template: found.template, version: found.version, subject, people };
    await sign(app, { type: "run.opened", run, data });
    signal("done");
    app.set({ opening: { people: {}, search: "" } });
    app.go({ name: "job", run });
  });
}

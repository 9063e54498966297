// The job that a pack tells: its skewer and its pictures, folded from the pack's own events.

import { fold, type Haw, haws, loadTemplate, type State, type Template, type TemplateDocument } from "../flow";
import type { FlowEvent } from "../lib/events";
import { asideIn, openingsOf, standingOf } from "./admission";
import type { Entry, Evidence } from "./evidence";
import { readJson } from "./pack";
import { isIntact, photoName, type Words, wordsAbout } from "./photos";

export interface Picture {
  commitment: string;
  path: string;
  slot: string;
  by: string;
  at: string;
  /** The file of the event. */
  event: string;
  /** The photo's file; null when it is withheld. */
  file: string | null;
  /** Whether the file's bytes are those of the event. */
  intact: boolean;
}
export interface Story {
  /** Null when the template is missing, altered or unreadable. */
  job: { template: Template; state: State; haws: Haw[] } | null;
  pictures: Picture[];
}

function readTemplate(evidence: Evidence): Template | null {
  const { pack, events } = evidence;
  const bytes = pack.texts.get("template.json");
  const version = openingsOf(events, asideIn(evidence))[0]?.payload.data.version;
  if (bytes === undefined || typeof version !== "string") return null;
  if (pack.found.get("template.json")?.sha256 !== version) return null;
  return loadTemplate(readJson(bytes) as unknown as TemplateDocument, version);
}

function pictureOf(evidence: Evidence, { payload, file: event }: Entry, words: Words): Picture[] {
  return (payload.photos ?? []).map((photo) => {
    const { commitment, slot } = photo;
    const file = photoName(evidence, photo, words);
    const intact = file !== null && isIntact(evidence, file, photo, words);
    const { step = "", actor, claimed_at } = payload;
    return { commitment, path: step, slot, by: actor, at: claimed_at, event, file, intact };
  });
}

/** Folds the pack's events into the job they tell. A template that only looks like one gives no job, not an error. */
export function tell(evidence: Evidence): Story {
  const words = wordsAbout(evidence, evidence.events);
  const pictures = evidence.events.flatMap((entry) => pictureOf(evidence, entry, words));
  try {
    const template = readTemplate(evidence);
    if (template === null) return { job: null, pictures };
    const events = evidence.events.map(({ payload, hash, number }): FlowEvent => {
      const revoked = standingOf(evidence, number) === "revoked";
      return { ...payload, hash, ...(revoked ? { revoked } : {}) };
    });
    const state = fold(template, events);
    return { job: { template, state, haws: haws(template, state) }, pictures };
  } catch {
    return { job: null, pictures };
  }
}

// A lock whose owner does not come back: who may decide confirms three things one by one, says why, and signs.

import { removersOf, STATEMENTS, type Statement } from "../../flow/removals";
import { type Entry, entriesIn } from "../../flow/state";
import * as acts from "../acts";
import { type App, newDraft, type Removal } from "../app";
import { codesAgainst, type Job } from "../fold";
import { icon } from "../icons";
import { signal } from "../signal";
import { type Child, h, type Node_ } from "../view";
import { big, page, reasonField } from "./frame";

interface Lock extends Removal {
  entry: Entry;
}

/** The locks that are on and that somebody may have removed, with the names of their registers. */
function locksOn(job: Job): Lock[] {
  return Object.keys(job.template.document.registers)
    .filter((register) => removersOf(job.template, register) !== undefined)
    .flatMap((register) =>
      entriesIn(job.state, register).map((entry) => ({
        register,
        item: entry.item,
        holder: entry.holder ?? "",
        entry,
      })),
    );
}

/** Why this person may not have this lock removed, everything being confirmed; empty when they may. */
function codesFor(app: App, job: Job, { register, item, holder }: Removal): string[] {
  const data = { register, item, holder, confirmed: [...STATEMENTS], saw: ["seen"] };
  const act = { type: "lock.removed", actor: app.member, claimed_at: app.at(), data, commitments: { reason: "" } };
  return codesAgainst(job, act);
}

/** Whether there is a lock here about which this person may have to decide. */
function mayDecide(app: App, job: Job, lock: Removal): boolean {
  const codes = codesFor(app, job, lock);
  return codes.length === 0 || codes.includes("owner_inside");
}

/** The way to the locks, for those who may decide about one that is on. */
export function locksButton(app: App, job: Job): Child {
  if (!locksOn(job).some((lock) => mayDecide(app, job, lock))) return false;
  const { t } = app.words;
  return big(app, { words: t("locks_open"), look: "plain", icon: "lock", click: () => openLocks(app, job) });
}

/** From a lock in its register to the question about it. */
export function ownerCannotCome(app: App, job: Job, lock: Removal): Child {
  if (!mayDecide(app, job, lock)) return false;
  const { register, item, holder } = lock;
  return h(
    "button.small.lock-absent",
    { type: "button", on: { click: () => openLocks(app, job, { register, item, holder }) } },
    app.words.t("locks_absent"),
  );
}

function openLocks(app: App, job: Job, removal?: Removal): void {
  app.set({ draft: { ...newDraft(`locks:${job.run}`), ...(removal === undefined ? {} : { removal }) } });
  app.go({ name: "locks", run: job.run });
}

function whose(app: App, { entry }: Lock): string {
  const who = app.words.t("register_lock_of", { who: app.nameOf(entry.holder) });
  return [who, entry.point, app.words.clock(entry.in_at)].filter(Boolean).join(" · ");
}

function row(app: App, job: Job, lock: Lock): Node_ {
  const inside = codesFor(app, job, lock).includes("owner_inside");
  return h(
    "li",
    { key: `${lock.register}:${lock.item}:${lock.entry.in_at}` },
    h(
      "div.lock",
      {},
      icon("lock"),
      h(
        "span.row-words",
        {},
        h("span.row-title", {}, lock.item),
        h("span.row-note", {}, whose(app, lock)),
        inside && h("span.row-note.row-alarm", {}, app.words.t("locks_inside")),
      ),
      !inside && ownerCannotCome(app, job, lock),
    ),
  );
}

function listScreen(app: App, job: Job): Child[] {
  const { t } = app.words;
  const locks = locksOn(job);
  return page(app, "locks", {
    bar: barOf(app, job, () => app.go({ name: "job", run: job.run })),
    body: [
      h("p.quiet", {}, t("locks_say")),
      locks.length === 0 && h("p.empty-say", {}, t("register_none_on")),
      h(
        "ul.toggles",
        {},
        locks.map((lock) => row(app, job, lock)),
      ),
    ],
  });
}

function barOf(app: App, job: Job, back: () => void) {
  return { title: app.words.t("locks_title"), note: app.equipmentOf(job), back };
}

/** What has been confirmed so far, in the order in which it is asked. */
function confirmedOf(app: App): Statement[] {
  const { confirmed = [] } = app.state.draft;
  return STATEMENTS.filter((statement) => confirmed.includes(statement));
}

function facts(app: App, lock: Lock): Child {
  return h(
    "div.lock.lock-asked",
    {},
    icon("lock"),
    h("span.row-words", {}, h("span.row-title", {}, lock.item), h("span.row-note", {}, whose(app, lock))),
  );
}

/** The next statement, as wide as the screen: yes goes on, no leaves the lock where it is. */
function statementScreen(app: App, job: Job, lock: Lock, asked: Statement): Child[] {
  const { t } = app.words;
  const confirmed = confirmedOf(app);
  const who = app.nameOf(lock.holder);
  const undo = () => (confirmed.length > 0 ? app.change({ confirmed: confirmed.slice(0, -1) }) : openLocks(app, job));
  const yes = () => {
    signal("tap");
    app.change({ confirmed: [...confirmed, asked] });
  };
  const no = () => {
    openLocks(app, job);
    app.complain(t("locks_stays"));
  };
  return page(app, `locks:${asked}`, {
    bar: barOf(app, job, undo),
    body: [
      facts(app, lock),
      h("p.step-round", {}, t("locks_of_three", { n: confirmed.length + 1 })),
      h("p.question", {}, t(`locks_${asked}`, { who })),
      h("p.quiet", {}, t(`locks_${asked}_say`, { who })),
    ],
    action: h(
      "div.answers.answers-two",
      {},
      h("button.answer", { key: "yes", type: "button", on: { click: yes } }, t("locks_yes")),
      h("button.answer", { key: "no", type: "button", on: { click: no } }, t("locks_no")),
    ),
  });
}

function reasonScreen(app: App, job: Job, lock: Lock): Child[] {
  const { t } = app.words;
  const who = app.nameOf(lock.holder);
  return page(app, "locks:reason", {
    bar: barOf(app, job, () => app.change({ confirmed: confirmedOf(app).slice(0, -1) })),
    body: [
      facts(app, lock),
      h(
        "ul.said",
        {},
        STATEMENTS.map((statement) =>
          h("li", { key: statement }, icon("check"), t(`locks_${statement}_said`, { who })),
        ),
      ),
      reasonField(app, t("decide_reason_needed")),
      h("p.say-alarm", {}, icon("alarm"), t("locks_warn", { who })),
    ],
    action: big(app, {
      words: t("locks_remove"),
      icon: "sign",
      look: "alarm",
      disabled: app.state.draft.reason.trim() === "",
      click: () => void acts.removeLock(app, job, lock),
    }),
  });
}

export function locksScreen(app: App, job: Job): Child[] {
  const { removal } = app.state.draft;
  const lock = locksOn(job).find(
    ({ register, item, holder }) =>
      removal?.register === register && removal.item === item && removal.holder === holder,
  );
  if (lock === undefined || codesFor(app, job, lock).length > 0) return listScreen(app, job);
  const asked = STATEMENTS[confirmedOf(app).length];
  return asked === undefined ? reasonScreen(app, job, lock) : statementScreen(app, job, lock, asked);
}

// A job, one step a screen: what to do, what is still asked, and one big button for the next of it.
import * as acts from "../acts";
import type { App } from "../app";
import { equipmentOf, numberIn } from "../codes";
import { codesAgainst, type Job, type OpenStep, openSteps } from "../fold";
import { icon } from "../icons";
import { openHandOvers } from "../news";
import type { Pictures } from "../pictures";
import { answersOf, nextOf, type Todo, todosOf } from "../todo";
import { type Child, h, type Node_ } from "../view";
import { askBody } from "./ask";
import { decideBody } from "./decide";
import { type Big, big, page } from "./frame";
import { waitsFor } from "./jobs";
import { locksButton } from "./locks";
import { handOverNote } from "./news";
import { photoBody } from "./photo";
import { pointWords, readingBody } from "./reading";
import { registerBody } from "./register";
import { startScan } from "./scan";
import { endedBody, stoppedBody } from "./stop";

/** Everything that the body of one thing to do needs. */
export interface Doing {
  app: App;
  job: Job;
  step: OpenStep;
  pictures: Pictures;
}

/** A body and what stands in reach of the thumb. */
export interface Shown {
  body: Child;
  action: Child;
}

const ICONS: Record<Todo["kind"], string> = {
  photo: "camera",
  reading: "gauge",
  register: "person",
  ask: "question",
  decide: "sign",
  confirm: "check",
};

function stopButton(app: App, job: Job): Child {
  if (job.state.status !== "open") return false;
  return h(
    "button.stop",
    { type: "button", on: { click: () => app.go({ name: "stop", run: job.run }) } },
    app.words.t("stop"),
  );
}

/** Where the step stands among those that are sure to come. */
function number(job: Job, step: OpenStep): { n: number; all: number } {
  const sure = job.haws.filter((haw) => haw.state !== "maybe" && haw.state !== "skipped");
  return { n: sure.findIndex((haw) => haw.path === step.task.path) + 1, all: sure.length };
}

function barOf(app: App, job: Job, step?: OpenStep): { title: Child; note: Child; back: () => void; end: Child } {
  const { t, text } = app.words;
  const place = step === undefined ? "" : `${t("job_step", number(job, step))} · `;
  return {
    title: app.equipmentOf(job) || text(job.template.document.title),
    note: `${place}${text(job.template.document.title)}`,
    back: () => {
      app.camera.stop();
      app.go({ name: "jobs" });
    },
    end: [
      h(
        "button.bar-button",
        {
          type: "button",
          "aria-label": t("job_all_steps"),
          on: { click: () => app.go({ name: "skewer", run: job.run }) },
        },
        icon("string"),
      ),
      stopButton(app, job),
    ],
  };
}

/** The things that a step asks, as small buttons in their order. */
function beads(app: App, todos: Todo[], now: Todo): Child {
  if (todos.length < 3) return false;
  return h(
    "ol.beads",
    {},
    todos.map((todo) =>
      h(
        "li",
        { key: todo.id },
        h(
          `button.bead${todo.done ? ".bead-done" : ""}`,
          {
            type: "button",
            "aria-label": nameOf(app, todo),
            "aria-current": todo.id === now.id ? "step" : undefined,
            on: { click: () => pick(app, todo.id) },
          },
          icon(todo.done ? "check" : ICONS[todo.kind]),
        ),
      ),
    ),
  );
}

function pick(app: App, id: string): void {
  const { review: _, ...draft } = app.state.draft;
  const seen = new Set(draft.seen);
  if (draft.picked?.startsWith("register:")) seen.add(draft.picked);
  app.set({ draft: { ...draft, picked: id, seen, digits: "" } });
}

export function nameOf(app: App, todo: Todo): string {
  const { text, t } = app.words;
  if (todo.kind === "confirm") return t("job_confirm");
  if (todo.kind === "decide") return t("decide_title");
  if (todo.kind === "register") return todo.name;
  return [
    text(todo.spec.title),
    todo.kind === "reading" && todo.point !== undefined ? pointWords(app.words, todo.point) : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function bodyOf(doing: Doing, todo: Todo): Shown {
  if (todo.kind === "photo") return photoBody(doing, todo);
  if (todo.kind === "reading") return readingBody(doing, todo);
  if (todo.kind === "register") return registerBody(doing, todo);
  if (todo.kind === "ask") return askBody(doing, todo);
  return todo.kind === "decide" ? decideBody(doing) : confirmBody(doing, todo.missing);
}

function confirmBody({ app, job, step, pictures }: Doing, missing: string[]): Shown {
  const { t, codes, text } = app.words;
  const each = step.place.step.who.each;
  const photos = step.activation.photos
    .filter(({ refused }) => refused === undefined)
    .map((photo) => pictures.url(photo.commitment, job.shots))
    .filter((url) => url !== undefined);
  const button: Big = {
    words: t(each ? "job_confirm_each" : "job_confirm"),
    icon: "check",
    look: "done",
    disabled: missing.length > 0,
    click: () => void acts.confirm(app, job, step),
  };
  return {
    body: [
      photos.length > 0 &&
        h(
          "div.strip",
          {},
          photos.map((src) => h("img", { src, alt: t("photo_alt", { slot: text(step.place.step.title) }) })),
        ),
      values(app, step),
      missing.length > 0
        ? h("p.say-alarm", { role: "status" }, icon("alarm"), t("job_missing", { what: codes(missing) }))
        : h("p.say-good", {}, icon("check"), t("job_confirm_say")),
    ],
    action: big(app, button),
  };
}

/** What was measured and answered, once more before it is signed. */
function values(app: App, step: OpenStep): Child {
  const { t, text } = app.words;
  const { readings, ask, who } = step.place.step;
  const latest = new Map(step.activation.readings.map((taken) => [`${taken.reading}.${taken.point ?? ""}`, taken]));
  const measured = [...latest.values()].map((taken) => ({
    name: [
      text(readings[taken.reading]?.title),
      taken.point === undefined ? "" : pointWords(app.words, taken.point),
    ].join(" "),
    value: `${taken.value} ${taken.unit}`,
    ok: taken.ok,
  }));
  const answers = answersOf(step.activation, who.each, app.member, app.state.draft.given);
  const said = Object.entries(ask).flatMap(([name, spec]) => {
    const value = answers[name];
    if (value === undefined) return [];
    const option = spec.options.find((one) => one.id === value);
    const words =
      typeof value === "boolean" ? t(value ? "yes" : "no") : option === undefined ? String(value) : text(option.title);
    return [{ name: text(spec.title), value: words, ok: true }];
  });
  const all = [...measured, ...said];
  if (all.length === 0) return false;
  return h(
    "dl.values",
    {},
    all.map(({ name, value, ok }) =>
      h(`div.value${ok ? "" : ".value-out"}`, {}, h("dt", {}, name), h("dd", {}, value)),
    ),
  );
}

/** By when: the step's own time, or that of the round it belongs to. */
function dueOf(job: Job, step: OpenStep): string | undefined {
  const around = step.place.around.findLast(({ place }) => place.kind === "repeat")?.place.path;
  return step.activation.due ?? (around === undefined ? undefined : job.state.repeats[around]?.due);
}

function heading(app: App, job: Job, step: OpenStep): Node_ {
  const { t, text, clock } = app.words;
  const { step: spec } = step.place;
  const due = dueOf(job, step);
  const late = due !== undefined && due < app.at();
  const rounds = job.haws.find((haw) => haw.path === step.task.path)?.rounds ?? 0;
  return h(
    "div.step-head",
    { key: `head:${step.task.path}` },
    rounds > 0 && h("p.step-round", {}, t("job_round", { n: rounds + 1 })),
    h("h2.step-title", {}, text(spec.title)),
    spec.say !== undefined && h("p.step-say", {}, text(spec.say)),
    due !== undefined &&
      h(
        `p.step-due${late ? ".step-late" : ""}`,
        {},
        icon("clock"),
        late ? t("job_overdue") : t("job_due", { time: clock(due) }),
      ),
  );
}

/** Repeats that this person may end now. */
function ends(app: App, job: Job): Child {
  return [...job.template.repeats.values()].map((place) => {
    const act = { type: "repeat.ended", actor: app.member, claimed_at: app.at(), data: { repeat: place.path } };
    if (job.state.repeats[place.path] === undefined || codesAgainst(job, act).length > 0) return false;
    const what =
      app.words.text(place.repeat.title) ||
      app.words.text(job.template.steps.get(firstInside(job, place.path) ?? "")?.step.title);
    return big(app, {
      words: app.words.t("job_end_repeat", { what }),
      look: "plain",
      icon: "check",
      click: () => void acts.endRepeat(app, job, place.path),
    });
  });
}

function firstInside(job: Job, path: string): string | undefined {
  return [...job.template.steps.keys()].find((step) => step.startsWith(`${path}/`));
}

function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const pad = (n: number) => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

/** Nothing for this person now: whom the job waits for. */
function waiting(app: App, job: Job, steps: OpenStep[]): Child {
  const { t, clock } = app.words;
  const first = steps[0];
  const until = steps.find((step) => step.task.mine)?.task.waits_until;
  const waits = waitsFor(app, job);
  const held = first === undefined && job.haws.some((haw) => haw.state === "held");
  return h(
    "div.wait",
    { role: "status" },
    h("span.wait-mark", {}, icon(held ? "up" : "clock")),
    until !== undefined
      ? h(
          "p.wait-words",
          {},
          t("job_wait_until", { time: clock(until), left: left(Date.parse(until) - app.clock.now()) }),
        )
      : h("p.wait-words", {}, waits === undefined || held ? t("job_wait_server") : t("job_wait", waits)),
    first?.place.step.say !== undefined &&
      until === undefined &&
      h("p.wait-say", {}, app.words.text(first.place.step.say)),
  );
}

/** When several steps are open at once, the person chooses among theirs. */
function others(app: App, mine: OpenStep[], now: OpenStep): Child {
  if (mine.length < 2) return false;
  return h(
    "nav.others-open",
    { "aria-label": app.words.t("job_other_steps") },
    mine.map((step) =>
      h(
        "button.chip",
        {
          key: step.task.path,
          type: "button",
          "aria-pressed": String(step === now),
          on: { click: () => app.set({ draft: { ...app.draftFor(keyOf(step)) } }) },
        },
        // A photo that does not count brings back a step that the person thought was done.
        step.activation.retake === true && icon("alarm"),
        app.words.text(step.place.step.title),
      ),
    ),
  );
}

const keyOf = (step: OpenStep) => `${step.task.path}#${step.task.n}`;

export function jobScreen(app: App, job: Job, pictures: Pictures): Child[] {
  const { state } = job;
  const { t } = app.words;
  if (state.status === "ended") return page(app, "ended", { bar: barOf(app, job), ...endedBody(app, job, pictures) });
  if (state.status === "stopped")
    return page(app, "stopped", { bar: barOf(app, job), class: "screen-stopped", ...stoppedBody(app, job) });
  const steps = openSteps(job);
  const mine = steps.filter(({ task }) => task.mine && task.waits_until === undefined);
  const step = mine.find((one) => keyOf(one) === app.state.draft.at) ?? mine[0];
  const leaving = [
    state.leaving !== undefined && h("p.say-alarm", { key: "leaving" }, icon("alarm"), t("job_leaving")),
    handOverNote(app, job, openHandOvers(job)),
  ];
  if (step === undefined) {
    return page(app, "wait", {
      bar: barOf(app, job, steps[0]),
      class: "screen-middle",
      body: [leaving, waiting(app, job, steps), h("div.ends", {}, ends(app, job), locksButton(app, job))],
    });
  }
  const draft = app.draftFor(keyOf(step));
  const todos = todosOf({ job, step, member: app.member, at: app.at(), given: draft.given, seen: draft.seen });
  const todo = nextOf(todos, draft.picked);
  if (todo === undefined) return [];
  const shown = bodyOf({ app, job, step, pictures }, todo);
  return page(app, `step:${keyOf(step)}`, {
    bar: barOf(app, job, step),
    class: `screen-${todo.kind}${todos.some(({ done }) => done) ? " is-begun" : ""}`,
    body: [
      leaving,
      others(app, mine, step),
      heading(app, job, step),
      beads(app, todos, todo),
      untouched(step) && checkEquipment(app, job, step),
      h("div.todo", { key: todo.id }, shown.body),
      untouched(step) && h("div.ends", { key: "ends" }, ends(app, job)),
    ],
    action: shown.action,
    turn: `${todo.id}${app.state.draft.review === undefined ? "" : ":review"}`,
  });
}

/** Where the template asks for it: is this the machine, by the code that is stuck on it. */
function checkEquipment(app: App, job: Job, step: OpenStep): Child {
  const wanted = job.state.subject?.equipment;
  const isFirst = job.haws[0]?.path === step.task.path;
  if (job.template.document.subject.scan !== true || wanted === undefined || !isFirst) return false;
  const { t } = app.words;
  const take = (code: string) => {
    const found = equipmentOf(code, app.state.directory);
    if (found === undefined) return t("scan_unknown", { code: numberIn(code) });
    if (found.ref !== wanted) return t("scan_wrong", { name: found.name, wanted: app.equipmentOf(job) });
    app.say(t("scan_right", { name: found.name }));
    return undefined;
  };
  const scan = () => startScan(app, { title: t("scan_check"), typed: t("scan_equipment_number"), take });
  return h(
    "button.small.scan-check",
    { key: "scan", type: "button", on: { click: scan } },
    icon("code"),
    t("scan_check"),
  );
}

function untouched({ activation }: OpenStep): boolean {
  return activation.photos.length === 0 && activation.readings.length === 0;
}

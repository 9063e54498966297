// A person decides, having seen the pictures. A machine never does.
import * as acts from "../acts";
import { icon } from "../icons";
import { type Child, h, type Node_ } from "../view";
import { big, reasonField } from "./frame";
import type { Doing, Shown } from "./job";

const WORDS = { ok: "decide_ok", no: "decide_no", back: "decide_back" } as const;
type Verdict = keyof typeof WORDS;

function gallery({ app, job, pictures }: Doing): Child {
  const { t, text } = app.words;
  const taken = [...job.template.steps.values()].flatMap((place) =>
    (job.state.steps[place.path] ?? [])
      .filter((one) => one.state !== "void")
      .flatMap((one) =>
        one.photos.filter(({ refused }) => !refused).map((photo) => ({ photo, title: text(place.step.title) })),
      ),
  );
  return [
    h("p.quiet", {}, t("decide_look", { n: taken.length })),
    h(
      "ul.gallery",
      {},
      taken.map(({ photo, title }) => {
        const src = pictures.url(photo.commitment, job.shots);
        return h(
          "li",
          { key: photo.commitment },
          src === undefined
            ? h("span.gallery-none", {}, t("decide_no_picture"))
            : h("img", { src, alt: t("photo_alt", { slot: title }), loading: "lazy" }),
          h("span.gallery-title", {}, title),
        );
      }),
    ),
  ];
}

function back({ app, job, step }: Doing): Node_ {
  const { t, text } = app.words;
  const offered = step.place.step.decision?.back_to ?? [];
  return h(
    "div.back-to",
    { role: "group", "aria-label": t("decide_back_to") },
    h("p.heading", {}, t("decide_back_to")),
    offered.map((path) =>
      h(
        "button.choose",
        {
          key: path,
          type: "button",
          "aria-pressed": String(app.state.draft.to === path),
          on: { click: () => app.change({ to: path }) },
        },
        text(job.template.steps.get(path)?.step.title),
      ),
    ),
  );
}

export function decideBody(doing: Doing): Shown {
  const { app, job, step } = doing;
  const { t } = app.words;
  const spec = step.place.step.decision;
  const { verdict, to, reason } = app.state.draft;
  const offered = (spec?.verdicts ?? []).filter((one): one is Verdict => Object.hasOwn(WORDS, one));
  const chosen = offered.find((one) => one === verdict);
  const asks = chosen !== undefined && (spec?.reason === "always" || chosen !== "ok");
  const lacks = chosen === undefined || (asks && reason.trim() === "") || (chosen === "back" && to === undefined);
  const look = { ok: "done", no: "alarm", back: "plain" } as const;
  return {
    body: [
      gallery(doing),
      h(
        "div.answers",
        {},
        offered.map((one) =>
          h(
            `button.answer.answer-${one}`,
            {
              key: one,
              type: "button",
              "aria-pressed": String(one === chosen),
              on: { click: () => app.change({ verdict: one }) },
            },
            icon(one === "ok" ? "check" : one === "no" ? "alarm" : "again"),
            t(WORDS[one]),
          ),
        ),
      ),
      chosen === "back" && back(doing),
      chosen !== undefined && reasonField(app, t(asks ? "decide_reason_needed" : "decide_reason")),
    ],
    action: big(app, {
      words: chosen === undefined ? t("decide_title") : t("decide_send", { verdict: t(WORDS[chosen]) }),
      icon: "sign",
      look: chosen === undefined ? "plain" : look[chosen],
      disabled: lacks,
      click: () => void acts.decide(app, job, step),
    }),
  };
}

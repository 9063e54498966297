// The camera: live picture, a frame to aim with, a shutter for gloves; then keep it or take it again.
import type { Shot } from "../../lib/idb-store";
import * as acts from "../acts";
import type { App } from "../app";
import { fromFile } from "../camera";
import { icon } from "../icons";
import type { Todo } from "../todo";
import { type Child, h, type Node_ } from "../view";
import { big } from "./frame";
import type { Doing, Shown } from "./job";

type PhotoTodo = Extract<Todo, { kind: "photo" }>;

function wanted(app: App, todo: PhotoTodo): Child {
  const { t, text } = app.words;
  const { spec, taken } = todo;
  return h(
    "div.aim",
    {},
    h(
      "p.aim-title",
      {},
      text(spec.title),
      spec.count > 1 && h("span.aim-count", {}, t("photo_taken", { n: taken.length, all: spec.count })),
    ),
    spec.show.length > 0 && [
      h("p.unseen", {}, t("job_show")),
      h(
        "ul.aim-list",
        {},
        spec.show.map((what) => h("li", {}, text(what))),
      ),
    ],
  );
}

function strip({ app, job, pictures }: Doing, todo: PhotoTodo): Child {
  if (todo.taken.length === 0) return false;
  const { t, text } = app.words;
  return h(
    "div.strip.strip-small",
    {},
    todo.taken.map((photo) => {
      const src = pictures.url(photo.commitment, job.shots);
      return (
        src !== undefined &&
        h("img", { key: photo.commitment, src, alt: t("photo_alt", { slot: text(todo.spec.title) }) })
      );
    }),
  );
}

function viewfinder(app: App): Node_ {
  const { t } = app.words;
  const { state } = app.camera;
  const trouble = state === "denied" ? t("photo_allow") : state === "none" ? t("photo_no_camera") : undefined;
  return h(
    "div.finder",
    { key: "finder" },
    h("video.finder-video", {
      playsinline: true,
      muted: true,
      autoplay: true,
      "aria-label": t("photo_shutter"),
      mounted: (element) => {
        void app.camera.show(element as HTMLVideoElement);
        return () => app.camera.stop(element);
      },
    }),
    state === "live" && h("div.finder-frame", { "aria-hidden": "true" }),
    (state === "starting" || state === "off") && h("p.finder-words", { role: "status" }, t("photo_starting")),
    trouble !== undefined && h("p.finder-words", { role: "status" }, icon("camera"), trouble),
    app.camera.torch !== "none" &&
      h(
        "button.finder-torch",
        {
          type: "button",
          "aria-pressed": String(app.camera.torch === "on"),
          "aria-label": t("photo_torch"),
          on: { click: () => void app.camera.switchTorch() },
        },
        icon("light"),
      ),
  );
}

function fileButton({ app, job, step }: Doing, todo: PhotoTodo, words: string, look: string, live: boolean): Node_ {
  return h(
    `label.big.${look}`,
    {},
    icon("camera"),
    h("span", {}, words),
    h("input.unseen", {
      type: "file",
      accept: "image/jpeg,image/png,image/webp",
      // Only a new picture will do where the template says so.
      capture: todo.spec.camera_only || live ? "environment" : undefined,
      on: {
        change: (event) => {
          const input = event.target as HTMLInputElement;
          const file = input.files?.[0];
          input.value = "";
          if (file !== undefined) void acts.keep(app, job, step, todo.slot, () => fromFile(file));
        },
      },
    }),
  );
}

function aiming(doing: Doing, todo: PhotoTodo): Shown {
  const { app, job, step } = doing;
  const { t, text } = app.words;
  const works = app.camera.state !== "none" && app.camera.state !== "denied";
  return {
    body: [
      wanted(app, todo),
      strip(doing, todo),
      todo.stale && h("p.say-alarm", {}, icon("alarm"), app.words.codes(["photo_stale"])),
      todo.refused.length > 0 &&
        h(
          "p.say-alarm",
          { role: "status" },
          icon("alarm"),
          h(
            "span",
            {},
            t(step.activation.retake ? "photo_refused_only" : "photo_refused", { why: app.words.codes(todo.refused) }),
          ),
        ),
      viewfinder(app),
    ],
    action: works
      ? h(
          "div.shutter-row",
          {},
          !todo.spec.camera_only &&
            h(
              "label.side",
              {},
              icon("plus"),
              h("span.unseen", {}, t("photo_pick")),
              h("input.unseen", {
                type: "file",
                accept: "image/jpeg,image/png,image/webp",
                on: {
                  change: (event) => {
                    const file = (event.target as HTMLInputElement).files?.[0];
                    if (file !== undefined) void acts.keep(app, job, step, todo.slot, () => fromFile(file));
                  },
                },
              }),
            ),
          h("button.shutter", {
            type: "button",
            "aria-label": `${t("photo_shutter")}: ${text(todo.spec.title)}`,
            disabled: app.state.busy || app.camera.state !== "live",
            on: { click: () => void acts.keep(app, job, step, todo.slot, () => app.camera.shoot()) },
          }),
        )
      : fileButton(doing, todo, t("photo_file"), "big-primary", true),
  };
}

function reviewing(doing: Doing, todo: PhotoTodo, shot: Shot): Shown {
  const { app, job, pictures } = doing;
  const { t, text } = app.words;
  const verdict = app.state.draft.review?.picture.quality.verdict ?? "good";
  const words = { good: t("photo_good"), blurred: t("photo_blurred"), dark: t("photo_dark"), glare: t("photo_glare") }[
    verdict
  ];
  return {
    body: [
      wanted(app, todo),
      h(
        "figure.review",
        { key: "review" },
        h("img.review-picture", {
          src: large(app, shot, pictures.url(shot.commitment, [shot])),
          alt: t("photo_alt", { slot: text(todo.spec.title) }),
        }),
        h(
          `figcaption.review-words${verdict === "good" ? "" : ".review-doubt"}`,
          { role: "status" },
          icon(verdict === "good" ? "check" : "alarm"),
          words,
        ),
      ),
    ],
    action: [
      big(app, {
        words: t("photo_use"),
        icon: "check",
        look: verdict === "good" ? "primary" : "plain",
        click: () => void acts.usePhoto(app, job, shot),
      }),
      big(app, {
        words: t("photo_retake"),
        icon: "again",
        look: verdict === "good" ? "plain" : "primary",
        click: () => void acts.retake(app, shot),
      }),
    ],
  };
}

let shownFor = "";
let shownUrl = "";

/** The photo itself, not the small one: people look whether the number can be read. */
function large(app: App, shot: Shot, small: string | undefined): string | undefined {
  const bytes = app.state.draft.review?.picture.bytes;
  if (bytes === undefined) return small;
  if (shownFor !== shot.commitment) {
    URL.revokeObjectURL(shownUrl);
    shownUrl = URL.createObjectURL(new Blob([bytes], { type: shot.media_type }));
    shownFor = shot.commitment;
  }
  return shownUrl;
}

export function photoBody(doing: Doing, todo: PhotoTodo): Shown {
  const { review } = doing.app.state.draft;
  return review?.shot.slot === todo.slot ? reviewing(doing, todo, review.shot) : aiming(doing, todo);
}

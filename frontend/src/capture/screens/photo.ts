// The camera: live picture, a frame to aim with, a shutter for gloves; then keep it or take it again.
import type { Shot } from "../../lib/idb-store";
import * as acts from "../acts";
import type { App } from "../app";
import { drawing } from "../drawing";
import { expectPicture, keepFile, nothingExpected } from "../files";
import { icon } from "../icons";
import type { Todo } from "../todo";
import { type Child, h, type Node_ } from "../view";
import { big } from "./frame";
import type { Doing, Shown } from "./job";

type PhotoTodo = Extract<Todo, { kind: "photo" }>;

/** What the photo is to look like: small beside its words, as wide as the screen on a tap. */
function example(app: App, todo: PhotoTodo): Child {
  const drawn = drawing(todo.spec.illustration);
  if (drawn === undefined) return false;
  const { t, text } = app.words;
  const large = app.state.draft.enlarged === todo.id;
  const { enlarged: _, ...draft } = app.state.draft;
  const click = () => app.set({ draft: large ? draft : { ...draft, enlarged: todo.id } });
  const label = `${t(large ? "photo_example_close" : "photo_example")}: ${text(todo.spec.title)}`;
  return h(
    `button.example${large ? ".example-large" : ""}`,
    { key: "example", type: "button", "aria-expanded": String(large), "aria-label": label, on: { click } },
    drawn,
  );
}

function wanted(app: App, todo: PhotoTodo): Child {
  const { t, text } = app.words;
  const { spec, taken } = todo;
  return h(
    "div.aim",
    {},
    example(app, todo),
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

/** The running picture of the camera, or why there is none. */
export function viewfinder(app: App): Node_ {
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

/** What takes a picture from outside of this page: from the phone's own camera, or from its album. */
function fileInput({ app, job, step }: Doing, todo: PhotoTodo, own: boolean): Node_ {
  return h("input.unseen", {
    type: "file",
    accept: "image/jpeg,image/png,image/webp",
    // Only a new picture will do where the template says so.
    capture: own ? "environment" : undefined,
    on: {
      click: () => expectPicture(app, job, step, todo.slot),
      cancel: () => void nothingExpected(app.store),
      change: (event) => {
        const input = event.target as HTMLInputElement;
        const file = input.files?.[0];
        if (file === undefined) return;
        void keepFile(app, job, step, todo.slot, file).finally(() => {
          input.value = "";
        });
      },
    },
  });
}

function ownCamera(doing: Doing, todo: PhotoTodo): Node_ {
  return h(
    "label.big.big-primary",
    {},
    icon("camera"),
    h("span", {}, doing.app.words.t("photo_file")),
    fileInput(doing, todo, true),
  );
}

/** No room for another photo, as a note above says: no camera until there is some. */
function full({ app }: Doing, todo: PhotoTodo): Shown {
  const see = () => app.go({ name: "outbox" });
  return { body: wanted(app, todo), action: big(app, { words: app.words.t("outbox_title"), icon: "up", click: see }) };
}

function aiming(doing: Doing, todo: PhotoTodo): Shown {
  const { app, job, step } = doing;
  const { t, text } = app.words;
  if (app.isFull) return full(doing, todo);
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
            h("label.side", {}, icon("plus"), h("span.unseen", {}, t("photo_pick")), fileInput(doing, todo, false)),
          h("button.shutter", {
            type: "button",
            "aria-label": `${t("photo_shutter")}: ${text(todo.spec.title)}`,
            disabled: app.state.busy || app.camera.state !== "live",
            on: { click: () => void acts.keep(app, job, step, todo.slot, () => app.camera.shoot()) },
          }),
        )
      : ownCamera(doing, todo),
  };
}

function verdictOf(app: App, shot: Shot): { look: "good" | "doubt"; words: string } {
  const { t } = app.words;
  const { review } = app.state.draft;
  if (review?.shot.commitment !== shot.commitment) return { look: "doubt", words: t("photo_kept_before") };
  const verdict = review.picture.quality?.verdict;
  if (verdict === undefined) return { look: "doubt", words: t("photo_unseen") };
  return { look: verdict === "good" ? "good" : "doubt", words: t(`photo_${verdict}`) };
}

function reviewing(doing: Doing, todo: PhotoTodo, shot: Shot): Shown {
  const { app, job, pictures } = doing;
  const { t, text } = app.words;
  const { look, words } = verdictOf(app, shot);
  return {
    body: [
      wanted(app, todo),
      h(
        "figure.review",
        { key: "review" },
        h("img.review-picture", {
          decoding: "async",
          src: large(app, shot, pictures.url(shot.commitment, [shot])),
          alt: t("photo_alt", { slot: text(todo.spec.title) }),
        }),
        h(
          "figcaption",
          {},
          h(
            `p.review-words${look === "good" ? "" : ".review-doubt"}`,
            { role: "status" },
            icon(look === "good" ? "check" : "alarm"),
            words,
          ),
        ),
      ),
    ],
    action: [
      big(app, {
        words: t("photo_use"),
        icon: "check",
        look: look === "good" ? "primary" : "plain",
        click: () => void acts.usePhoto(app, job, shot),
      }),
      big(app, {
        words: t("photo_retake"),
        icon: "again",
        look: look === "good" ? "plain" : "primary",
        click: () => void acts.retake(app, shot),
      }),
    ],
  };
}

let shownFor = "";
let shownUrl = "";

/** The photo itself, not the small one: people look whether the number can be read. */
function large(app: App, shot: Shot, small: string | undefined): string | undefined {
  const { review } = app.state.draft;
  if (review?.shot.commitment !== shot.commitment) return small;
  const { bytes } = review.picture;
  if (shownFor !== shot.commitment) {
    URL.revokeObjectURL(shownUrl);
    shownUrl = URL.createObjectURL(new Blob([bytes], { type: shot.media_type }));
    shownFor = shot.commitment;
  }
  return shownUrl;
}

/** A photo of this very place that was kept when the page was closed, and that nobody has decided about. */
function keptBefore({ app, job, step }: Doing, todo: PhotoTodo): Shot | undefined {
  return app.state.unused.find(
    (shot) =>
      shot.run === job.run &&
      shot.step === step.task.path &&
      shot.activation === step.task.n &&
      shot.slot === todo.slot,
  );
}

export function photoBody(doing: Doing, todo: PhotoTodo): Shown {
  const { review } = doing.app.state.draft;
  const shot = review?.shot.slot === todo.slot ? review.shot : keptBefore(doing, todo);
  return shot === undefined ? aiming(doing, todo) : reviewing(doing, todo, shot);
}

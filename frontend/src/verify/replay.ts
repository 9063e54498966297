// Picture by picture: one photo large, with what its event says, and the way to the one before and after.
import { momentIn } from "../lib/time-of-day";
import { h, sign } from "./dom";
import type { Picture, Story } from "./story";
import { inLanguage, type Language, say } from "./words";

export interface ReplayOptions {
  story: Story;
  language: Language;
  nameOf: (ref: string) => string;
  full: (file: string) => Promise<string | null>;
  thumb: (file: string) => Promise<string | null>;
}

function missing(word: "withheld" | "altered" | "unshown", language: Language): HTMLElement {
  return h("div", { class: "replay-missing" }, sign(word === "altered" ? "warn" : "open"), say(language, word));
}

export class Replay {
  readonly element: HTMLElement;
  private readonly stage = h("figure", { class: "replay-figure" });
  private readonly count = h("span", { class: "number quiet", "aria-live": "polite" });
  private readonly film = h("div", { class: "film" });
  private readonly buttons: HTMLButtonElement[] = [];
  private at = 0;

  constructor(private readonly options: ReplayOptions) {
    const { language } = options;
    const step = (by: number, icon: "back" | "on", word: "previous" | "next") =>
      h(
        "button",
        {
          class: "button button-icon",
          type: "button",
          "aria-label": say(language, word),
          click: () => this.show(this.at + by),
        },
        sign(icon),
      );
    const head = h(
      "div",
      { class: "replay-head" },
      h("h2", {}, say(language, "pictures")),
      h("div", { class: "replay-steer" }, this.count, step(-1, "back", "previous"), step(1, "on", "next")),
    );
    this.element = h("section", { class: "card replay", keydown: (event) => this.onKey(event as KeyboardEvent) });
    this.element.append(head, this.stage, this.film);
    this.film.append(...options.story.pictures.map((picture, number) => this.frame(picture, number)));
    this.show(0);
  }

  /** Shows the picture of that number, from 0; numbers beyond the ends stay at the end. */
  show(number: number): void {
    const { pictures } = this.options.story;
    this.at = Math.max(0, Math.min(pictures.length - 1, number));
    const picture = pictures[this.at];
    if (picture === undefined) return;
    this.count.textContent = say(this.options.language, "pictureOf", { n: this.at + 1, all: pictures.length });
    this.buttons.forEach((button, index) => {
      if (index === this.at) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    this.buttons[this.at]?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
    // Whoever walks along the film with the keyboard stays on the frame that is shown.
    if (this.film.contains(document.activeElement)) this.buttons[this.at]?.focus();
    this.stage.replaceChildren(h("div", { class: "replay-picture" }), this.caption(picture));
    void this.load(picture, this.at);
  }

  private async load(picture: Picture, number: number): Promise<void> {
    const { language, full } = this.options;
    const box = this.stage.firstElementChild;
    if (picture.file === null || !picture.intact) {
      box?.replaceWith(missing(picture.file === null ? "withheld" : "altered", language));
      return;
    }
    const url = await full(picture.file);
    if (number !== this.at) return;
    const image = h("img", { src: url ?? "", alt: this.titleOf(picture) });
    image.addEventListener("error", () => image.replaceWith(missing("unshown", language)));
    box?.replaceWith(image);
  }

  private titleOf({ path, slot }: Picture): string {
    const { story, language } = this.options;
    const step = story.job?.template.steps.get(path)?.step;
    const titles = [inLanguage(step?.title, language), inLanguage(step?.photos[slot]?.title, language)];
    return titles.filter((title) => title !== "").join(" · ") || `${path} · ${slot}`;
  }

  private readingsOf({ path }: Picture): HTMLElement | false {
    const { story, language } = this.options;
    const taken = story.job?.state.steps[path]?.flatMap(({ readings }) => readings) ?? [];
    const items = taken.map(({ point, value, unit, ok }) =>
      h("li", { class: ok ? "number" : "number is-alarm" }, !ok && sign("warn"), `${point ?? ""} ${value} ${unit}`),
    );
    return items.length > 0 && h("ul", { class: "ticks", "aria-label": say(language, "readings") }, ...items);
  }

  private caption(picture: Picture): HTMLElement {
    const { language, nameOf } = this.options;
    const time = momentIn(language, new Date(picture.at));
    return h(
      "figcaption",
      { class: "replay-caption" },
      h("p", { class: "strong" }, this.titleOf(picture)),
      h(
        "p",
        { class: "quiet small" },
        `${say(language, "by")} ${nameOf(picture.by)} · ${say(language, "claimed")} `,
        h("time", { datetime: picture.at, class: "number" }, time),
      ),
      this.readingsOf(picture),
      h("p", { class: "hash" }, picture.event, " → ", picture.file ?? picture.commitment),
    );
  }

  private frame(picture: Picture, number: number): HTMLElement {
    const button = h("button", { type: "button", class: "film-frame", click: () => this.show(number) });
    button.setAttribute("aria-label", `${number + 1}. ${this.titleOf(picture)}`);
    const none = h("span", { class: "film-missing" }, String(number + 1));
    button.append(none);
    this.buttons.push(button);
    if (picture.file !== null && picture.intact) {
      void this.options.thumb(picture.file).then((url) => {
        if (url !== null) none.replaceWith(h("img", { src: url, alt: "" }));
      });
    }
    return button;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "ArrowLeft") this.show(this.at - 1);
    else if (event.key === "ArrowRight") this.show(this.at + 1);
  }
}

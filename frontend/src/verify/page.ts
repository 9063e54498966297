// The page: takes a pack and a policy, shows the verdict, the skewer and the pictures. Nothing leaves the computer.
import { LANGUAGES, pickLanguage } from "../lib/languages";
import { h, s, sign } from "./dom";
import { Gallery } from "./gallery";
import { Replay } from "./replay";
import { banner, claimCards, facts, personName } from "./result";
import { drawSkewer } from "./skewer";
import { tell } from "./story";
import { type Report, type Verified, verifyPack } from "./verify";
import { type Language, say, type Word } from "./words";

const LOGO_STICK = "M3.5 48.5 62 6.2l3.6-4-4.9 2.2L1.9 46.3a1.6 1.6 0 0 0 1.6 2.2z";

function logo(): SVGElement {
  const haw = (cx: number, cy: number) => s("circle", { cx, cy, r: 10.6 });
  return s(
    "svg",
    { viewBox: "0 0 68 52", "aria-hidden": "true", focusable: "false", class: "logo" },
    s("path", { d: LOGO_STICK, class: "logo-stick" }),
    s("g", { class: "logo-haws" }, haw(17.5, 37.4), haw(33.4, 26), haw(49.3, 14.6)),
  );
}

export class Page {
  private language: Language;
  private pack: File | null = null;
  private policy = "";
  private report: Report | null = null;
  private gallery: Gallery | null = null;
  private readonly progress = h("progress", { max: "1", value: "0" });
  private readonly result = h("div", { class: "result" });
  /** Rises with every verification, so that an older one that ends later is not shown. */
  private turn = 0;

  constructor(
    private readonly root: HTMLElement,
    languages: readonly string[],
  ) {
    this.language = pickLanguage(undefined, languages, "en");
    root.addEventListener("dragover", (event) => event.preventDefault());
    root.addEventListener("drop", (event) => this.onDrop(event));
    this.draw();
  }

  private word(word: Word): string {
    return say(this.language, word);
  }

  private onDrop(event: DragEvent): void {
    event.preventDefault();
    void this.take([...(event.dataTransfer?.files ?? [])]);
  }

  /** Files are a pack or, when their names say so, a policy; both may come at once. */
  private async take(files: File[]): Promise<void> {
    for (const file of files) {
      if (/\.(policy|txt)$/.test(file.name)) this.policy = await file.text();
      else this.pack = file;
    }
    this.draw();
    await this.verify();
  }

  private async verify(): Promise<void> {
    if (this.pack === null) return;
    this.turn += 1;
    const { turn } = this;
    this.progress.value = 0;
    this.result.replaceChildren(h("p", { class: "quiet", role: "status" }, this.word("reading")), this.progress);
    const policy = this.policy.trim() === "" ? null : this.policy;
    const report = await verifyPack(this.pack, policy, (part) => {
      this.progress.value = part;
    });
    if (turn !== this.turn) return;
    this.report = report;
    this.gallery?.close();
    this.gallery = report.exit === 2 ? null : new Gallery(report.evidence.pack);
    this.drawResult();
  }

  private draw(): void {
    document.documentElement.lang = this.language;
    document.title = this.word("title");
    this.root.replaceChildren(this.head(), this.input(), this.result, this.limits());
    if (this.report !== null) this.drawResult();
  }

  private head(): HTMLElement {
    return h(
      "header",
      { class: "verify-head" },
      logo(),
      h("div", {}, h("h1", {}, this.word("title")), h("p", { class: "quiet small" }, this.word("about"))),
      this.languageSwitch(),
    );
  }

  private languageSwitch(): HTMLElement {
    const buttons = LANGUAGES.map(({ tag, name }) => {
      const click = () => {
        this.language = tag;
        this.draw();
      };
      return h("button", { type: "button", lang: tag, "aria-pressed": String(tag === this.language), click }, name);
    });
    return h("div", { class: "switch", role: "group", "aria-label": this.word("language") }, ...buttons);
  }

  private picker(id: string, accept: string, onPick: (file: File) => Promise<void>): HTMLInputElement {
    const input = h("input", { type: "file", id, accept, class: "picker" });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file !== undefined) void onPick(file);
    });
    return input;
  }

  private async takePolicy(file: File): Promise<void> {
    this.policy = await file.text();
    this.draw();
    await this.verify();
  }

  private input(): HTMLElement {
    const name = this.pack?.name;
    const text = h("textarea", { id: "policy-text", rows: "3", spellcheck: "false", class: "hash" });
    text.value = this.policy;
    text.addEventListener("change", () => {
      this.policy = text.value;
      void this.verify();
    });
    const given = this.policy.trim() === "" ? "policyNone" : "policyGiven";
    return h(
      "section",
      { class: "card take" },
      this.picker("pack-file", ".zip,application/zip", (file) => this.take([file])),
      h(
        "label",
        { class: "drop", for: "pack-file" },
        sign("pack"),
        h("strong", {}, name ?? this.word("drop")),
        h("span", { class: "quiet small" }, this.word(name === undefined ? "dropHint" : "another")),
      ),
      h(
        "details",
        { class: "policy", open: this.policy.trim() !== "" || name === undefined },
        h("summary", {}, h("strong", {}, this.word("policy")), h("span", { class: "pill" }, this.word(given))),
        h("p", { class: "quiet small" }, this.word("policyHelp")),
        this.picker("policy-file", ".policy,.txt,text/plain", (file) => this.takePolicy(file)),
        h("label", { class: "button button-small", for: "policy-file" }, this.word("policyPick")),
        h(
          "div",
          { class: "field" },
          h("label", { for: "policy-text", class: "small" }, this.word("policyPaste")),
          text,
        ),
      ),
    );
  }

  private drawResult(): void {
    const { report, language } = this;
    if (report === null) return;
    if (report.exit === 2) {
      this.result.replaceChildren(banner(report, language));
      return;
    }
    this.result.replaceChildren(
      banner(report, language),
      h("h2", { class: "claims-title" }, this.word("claims")),
      claimCards(report, language),
      ...this.job(report),
      facts(report, language),
    );
  }

  private job(report: Verified): HTMLElement[] {
    const { gallery, language } = this;
    if (gallery === null) return [];
    const story = tell(report.evidence);
    const nameOf = (ref: string) => personName(report.people, ref);
    const thumb = (file: string) => gallery.thumb(file);
    const full = (file: string) => gallery.full(file);
    const replay = story.pictures.length > 0 ? new Replay({ story, language, nameOf, full, thumb }) : null;
    const onPick = (picture: number) => {
      replay?.show(picture);
      replay?.element.scrollIntoView({ block: "start", behavior: "smooth" });
    };
    const { job, pictures } = story;
    const skewer =
      job === null
        ? h("p", { class: "quiet" }, this.word("noTemplate"))
        : drawSkewer({ job, pictures, language, nameOf, thumb, onPick });
    const ended = job && (job.state.status === "ended" ? `ended_${job.state.outcome}` : job.state.status);
    const title = job?.template.document.title;
    const heading = title?.[language] ?? title?.["zh-Hans"] ?? this.word("skewer");
    const head = h(
      "div",
      { class: "card-head" },
      h("h2", {}, heading),
      ended && h("span", { class: "pill" }, this.word(`ago_${ended}` as Word)),
    );
    return [
      h("section", { class: "card" }, head, skewer),
      replay?.element ?? h("section", { class: "card" }, h("p", { class: "quiet" }, this.word("noPictures"))),
    ];
  }

  private limits(): HTMLElement {
    const items = (["limit1", "limit2", "limit3"] as const).map((word) => h("li", {}, this.word(word)));
    return h("footer", { class: "limits small quiet" }, h("strong", {}, this.word("limits")), h("ul", {}, ...items));
  }
}

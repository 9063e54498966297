// A decision in the office: signed with this browser's key over what was on the screen. Dispatches `review:signed`.
//
//   <form data-controller="review" data-action="review#send" data-review-run-value=".." data-review-step-value=".."
//         data-review-activation-value="1" data-review-reason-value="always" data-review-saw-value='["hash", ..]'
//         data-review-looked-value='{"hash": 3}'>
//     <input type="radio" data-review-target="verdict"> <div data-review-target="back"> <select data-review-target="to">
//     <textarea data-review-target="reason"> <button data-review-target="button"> <span data-review-target="note">
import { Controller } from "@hotwired/stimulus";
import type { ActData } from "../lib/events";
import { officeWord, whyNot } from "../lib/office-words";
import { NotSigned, officeSigner, signAct } from "../lib/sign";
import { formToken } from "./form_token";

type Verdict = ActData["decision.made"]["verdict"];

export default class ReviewController extends Controller<HTMLFormElement> {
  static override targets = ["verdict", "back", "to", "reason", "button", "note"];
  static override values = {
    run: String,
    step: String,
    activation: Number,
    reason: String,
    saw: Array,
    looked: Object,
  };

  declare readonly verdictTargets: HTMLInputElement[];
  declare readonly backTargets: HTMLElement[];
  declare readonly toTargets: HTMLSelectElement[];
  declare readonly reasonTargets: HTMLTextAreaElement[];
  declare readonly buttonTargets: HTMLButtonElement[];
  declare readonly noteTargets: HTMLElement[];
  declare readonly runValue: string;
  declare readonly stepValue: string;
  declare readonly activationValue: number;
  declare readonly reasonValue: string;
  declare readonly sawValue: string[];
  declare readonly lookedValue: { [event: string]: number };

  private readonly fit = () => this.adapt();

  override connect(): void {
    this.element.addEventListener("change", this.fit);
    this.adapt();
  }

  override disconnect(): void {
    this.element.removeEventListener("change", this.fit);
  }

  private get verdict(): Verdict | undefined {
    return this.verdictTargets.find((input) => input.checked)?.value as Verdict | undefined;
  }

  /** Where to send back to is asked only of who sends back; a reason only where one is needed. */
  private adapt(): void {
    for (const back of this.backTargets) back.hidden = this.verdict !== "back";
    const needed = this.reasonValue === "always" || (this.verdict !== undefined && this.verdict !== "ok");
    for (const reason of this.reasonTargets) reason.required = needed;
  }

  private say(words: string): void {
    for (const note of this.noteTargets) note.textContent = words;
  }

  async send(event: Event): Promise<void> {
    event.preventDefault();
    const { verdict } = this;
    if (verdict === undefined || !this.element.reportValidity()) return;
    const to = verdict === "back" ? this.toTargets[0]?.value : undefined;
    const reason = this.reasonTargets[0]?.value.trim() ?? "";
    const looked = Object.keys(this.lookedValue).length > 0 ? { looked: this.lookedValue } : {};
    const data = { verdict, saw: [...this.sawValue].sort(), ...looked, ...(to === undefined ? {} : { to }) };
    const where = { run: this.runValue, step: this.stepValue, activation: this.activationValue };
    this.lock(true);
    this.say(officeWord("signing"));
    try {
      const office = await officeSigner({ form_token: formToken(), language: document.documentElement.lang });
      await signAct(office, { type: "decision.made", ...where, data, ...(reason === "" ? {} : { facts: { reason } }) });
      this.say(officeWord("signed"));
      this.dispatch("signed");
    } catch (error) {
      this.say(whyNot(error instanceof NotSigned ? error.reason : { code: "broken", message: "" }));
      // What is signed already is on its way; signing a second time would be a second decision.
      this.lock(error instanceof NotSigned && error.reason.code === "not_sent_yet");
    }
  }

  private lock(locked: boolean): void {
    for (const button of this.buttonTargets) button.disabled = locked;
  }
}

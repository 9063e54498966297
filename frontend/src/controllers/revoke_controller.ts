// Locking a device out: a decision, signed with this browser's key in sight of what the device did last.
//
//   <form data-controller="revoke" data-action="revoke#send" data-revoke-device-value=".." data-revoke-saw-value="hash or empty">
//     <input type="radio" data-revoke-target="why"> <textarea data-revoke-target="reason">
//     <button data-revoke-target="button"> <span data-revoke-target="note">
import { Controller } from "@hotwired/stimulus";
import { officeWord, whyNot } from "../lib/office-words";
import { NotSigned, officeSigner, revokeDevice } from "../lib/sign";
import { formToken } from "./form_token";

export default class RevokeController extends Controller<HTMLFormElement> {
  static override targets = ["why", "reason", "button", "note"];
  static override values = { saw: String };

  declare readonly whyTargets: HTMLInputElement[];
  declare readonly reasonTargets: HTMLTextAreaElement[];
  declare readonly buttonTargets: HTMLButtonElement[];
  declare readonly noteTargets: HTMLElement[];
  declare readonly sawValue: string;

  /** Called when it is done: the page tells what there is to tell. */
  done: () => void = () => location.reload();

  /** As it is written: Stimulus itself would read a device of digits only as a number. */
  private get device(): string {
    return this.element.getAttribute("data-revoke-device-value") ?? "";
  }

  private say(words: string): void {
    for (const note of this.noteTargets) note.textContent = words;
  }

  private lock(locked: boolean): void {
    for (const button of this.buttonTargets) button.disabled = locked;
  }

  async send(event: Event): Promise<void> {
    event.preventDefault();
    const why = this.whyTargets.find((input) => input.checked)?.value;
    if (why === undefined || !this.element.reportValidity()) return;
    const reason = this.reasonTargets[0]?.value.trim() ?? "";
    this.lock(true);
    this.say(officeWord("signing"));
    try {
      const office = await officeSigner({ form_token: formToken(), language: document.documentElement.lang });
      await revokeDevice(
        office,
        { device: this.device, why, saw: this.sawValue === "" ? [] : [this.sawValue] },
        reason,
      );
      this.say(officeWord("signed"));
      this.done();
    } catch (error) {
      this.say(whyNot(error instanceof NotSigned ? error.reason : { code: "broken", message: "" }));
      this.lock(false);
    }
  }
}

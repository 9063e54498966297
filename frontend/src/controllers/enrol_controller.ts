// Devices: this browser's own key, and vouching for others with it.
//
//   <div data-controller="enrol" data-enrol-agrees-value="Let in." data-enrol-refused-value="Turned away.">
//     <li data-enrol-target="row">
//       <button data-action="enrol#countersign" data-enrol-device-param=".." data-enrol-payload-param="..">
//       <button data-action="enrol#refuse" data-enrol-device-param=".."> <span data-enrol-target="note">
//     <button data-action="enrol#browser" data-enrol-target="browser"> <span data-enrol-target="state">
import { Controller } from "@hotwired/stimulus";
import { checkNumber } from "../lib/keys";
import { officeWord, whyNot } from "../lib/office-words";
import { countersign, enrolBrowser, NotSigned, type Office, officeSigner, refuseDevice, standing } from "../lib/sign";
import { formToken } from "./form_token";

const ASK_MS = 4000;

export default class EnrolController extends Controller<HTMLElement> {
  static override targets = ["row", "note", "browser", "state"];
  static override values = { member: String, agrees: String, refused: String };

  declare readonly rowTargets: HTMLElement[];
  declare readonly browserTargets: HTMLButtonElement[];
  declare readonly stateTargets: HTMLElement[];
  declare readonly agreesValue: string;
  declare readonly refusedValue: string;

  private office: Promise<Office> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connect(): void {
    void this.show();
  }

  override disconnect(): void {
    clearTimeout(this.timer);
  }

  private signer(): Promise<Office> {
    this.office ??= officeSigner({ form_token: formToken(), language: document.documentElement.lang });
    return this.office;
  }

  private say(words: string): void {
    for (const state of this.stateTargets) state.textContent = words;
  }

  /** Says how this browser stands, and keeps asking while it waits. */
  private async show(): Promise<void> {
    try {
      const office = await this.signer();
      const status = await standing(office);
      this.say(officeWord(status, { number: checkNumber(office.key.device) }));
      for (const button of this.browserTargets) button.hidden = status === "enrolled" || status === "pending";
      if (status === "pending") this.timer = setTimeout(() => void this.show(), ASK_MS);
    } catch (error) {
      this.office = undefined;
      this.say(explain(error));
    }
  }

  async browser(): Promise<void> {
    this.say(officeWord("signing"));
    try {
      const office = await this.signer();
      const person = document.querySelector(".bar .menu > summary")?.textContent?.trim() ?? "";
      await enrolBrowser(office, officeWord("browser", { name: person }));
      await this.show();
    } catch (error) {
      this.say(explain(error));
    }
  }

  countersign(event: Event): Promise<void> {
    const [device, payload] = [given(event, "device"), given(event, "payload")];
    return this.answer(event, this.agreesValue, (office) => countersign(office, device, payload));
  }

  refuse(event: Event): Promise<void> {
    const device = given(event, "device");
    return this.answer(event, this.refusedValue, (office) => refuseDevice(office, device));
  }

  private async answer(event: Event, done: string, act: (office: Office) => Promise<void>): Promise<void> {
    const row = this.rowTargets.find((one) => event.target instanceof Node && one.contains(event.target));
    const note = row?.querySelector("[data-enrol-target='note']");
    const buttons = row?.querySelectorAll("button") ?? [];
    const say = (words: string) => {
      if (note) note.textContent = words;
    };
    for (const button of buttons) button.disabled = true;
    say(officeWord("signing"));
    try {
      await act(await this.signer());
      say(done);
    } catch (error) {
      say(explain(error));
      for (const button of buttons) button.disabled = false;
    }
  }
}

/** As it is written: Stimulus itself would read a device of digits only as a number. */
function given(event: Event, name: string): string {
  const button = event.currentTarget;
  return button instanceof Element ? (button.getAttribute(`data-enrol-${name}-param`) ?? "") : "";
}

function explain(error: unknown): string {
  return whyNot(error instanceof NotSigned ? error.reason : { code: "broken", message: "" });
}

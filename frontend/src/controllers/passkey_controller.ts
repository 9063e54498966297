// Passkeys: make one, or sign in with one.
//
//   <form method="post" data-controller="passkey" data-passkey-failed-value="That did not work.">
//     <input type="hidden" name="credential" data-passkey-target="credential">
//     <script id="passkey-options" type="application/json">{"publicKey": ..}</script>   (create, get)
//     <button type="button" data-action="passkey#create">     make one
//     <button type="button" data-action="passkey#get">        use one, with the options above
//     <button type="button" data-action="passkey#ask">        use one, with options asked of the form's address
//     <p hidden data-passkey-target="trouble">
import { Controller } from "@hotwired/stimulus";
import { answer, creation, request } from "../lib/passkey";

type Options = { [name: string]: unknown };

export default class PasskeyController extends Controller<HTMLFormElement> {
  static override targets = ["credential", "trouble"];
  static override values = { failed: String };

  declare readonly credentialTarget: HTMLInputElement;
  declare readonly troubleTarget: HTMLElement;
  declare readonly failedValue: string;

  create(): Promise<void> {
    return this.send(async () => navigator.credentials.create(creation(this.given())));
  }

  get(): Promise<void> {
    return this.send(async () => navigator.credentials.get(request(this.given())));
  }

  ask(): Promise<void> {
    return this.send(async () => navigator.credentials.get(request(await this.asked())));
  }

  private async send(use: () => Promise<Credential | null>): Promise<void> {
    this.troubleTarget.hidden = true;
    try {
      const credential = await use();
      if (credential === null) throw new Error("no passkey");
      this.credentialTarget.value = answer(credential as PublicKeyCredential);
      this.element.submit();
    } catch {
      // Turned away by the person, unknown to the device, not possible here: the browser has said which.
      this.troubleTarget.textContent = this.failedValue;
      this.troubleTarget.hidden = false;
    }
  }

  private given(): Options {
    return JSON.parse(document.getElementById("passkey-options")?.textContent ?? "{}") as Options;
  }

  private async asked(): Promise<Options> {
    const answered = await fetch(this.element.action, { headers: { Accept: "application/json" } });
    if (!answered.ok) throw new Error("no options");
    return ((await answered.json()) as { request_options: Options }).request_options;
  }
}

// Mentioning somebody in a comment: whoever writes `@` and the beginning of a name is offered people.
//
//   <form data-controller="mention" data-mention-address-value="/mentionable/">
//     <textarea data-mention-target="text" data-action="input->mention#look keydown->mention#key blur->mention#leave">
//     <ul role="listbox" hidden data-mention-target="list"></ul>
//   </form>
//
// Arrows choose, Enter or Tab takes, Escape closes. Without this script a name that is written out does the same.
import { Controller } from "@hotwired/stimulus";

const BEGUN = /[@\uff20]([^\s@\uff20]{0,20})$/;

type Person = { name: string; unit: string };

export default class MentionController extends Controller<HTMLElement> {
  static override targets = ["text", "list"];
  static override values = { address: String };

  declare readonly textTarget: HTMLTextAreaElement;
  declare readonly listTarget: HTMLUListElement;
  declare readonly addressValue: string;

  private asked = 0;
  private chosen = 0;

  async look(): Promise<void> {
    const word = this.word();
    this.asked += 1;
    const turn = this.asked;
    if (word === undefined) {
      this.close();
      return;
    }
    let people: Person[] = [];
    try {
      const answer = await fetch(`${this.addressValue}?q=${encodeURIComponent(word)}`);
      if (answer.ok) people = ((await answer.json()) as { people: Person[] }).people;
    } catch {
      // Without a network the name is simply written out.
    }
    // Whoever writes has gone on meanwhile.
    if (turn === this.asked) this.offer(people);
  }

  key(event: KeyboardEvent): void {
    if (this.listTarget.hidden || event.isComposing) return;
    const count = this.listTarget.children.length;
    if (event.key === "ArrowDown") this.choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp") this.choose((this.chosen + count - 1) % count);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  leave(): void {
    this.close();
  }

  private word(): string | undefined {
    return BEGUN.exec(this.textTarget.value.slice(0, this.textTarget.selectionStart))?.[1];
  }

  private offer(people: Person[]): void {
    this.listTarget.replaceChildren(...people.map((person, index) => this.option(person, index)));
    this.listTarget.hidden = people.length === 0;
    if (people.length > 0) this.choose(0);
  }

  private option(person: Person, index: number): HTMLLIElement {
    const option = document.createElement("li");
    const unit = document.createElement("span");
    option.id = `${this.listTarget.id}-${index}`;
    option.setAttribute("role", "option");
    option.dataset.name = person.name;
    option.append(person.name, unit);
    unit.textContent = person.unit;
    // Before the text loses the focus, which would close the list.
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(index);
    });
    return option;
  }

  private choose(index: number): void {
    this.chosen = index;
    [...this.listTarget.children].forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === index));
    });
    this.textTarget.setAttribute("aria-activedescendant", `${this.listTarget.id}-${index}`);
  }

  private take(index: number): void {
    const name = (this.listTarget.children[index] as HTMLElement | undefined)?.dataset.name;
    const end = this.textTarget.selectionStart;
    const start = end - (this.word()?.length ?? 0);
    if (name !== undefined) this.textTarget.setRangeText(`${name} `, start, end, "end");
    this.close();
  }

  private close(): void {
    this.asked += 1;
    this.listTarget.hidden = true;
    this.textTarget.removeAttribute("aria-activedescendant");
  }
}

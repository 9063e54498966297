// The verdict in words: one line for all, a card per claim, the facts of the pack and its people.
import { type Child, h, sign } from "./dom";
import { reasonText } from "./reasons";
import { CLAIMS, type Claim, type ClaimName, type Person, type Reason, type Verdict } from "./report";
import type { Report, Verified } from "./verify";
import { claimName, claimQuestion, type Language, say, verdictWord, type Word } from "./words";

const MOOD = { 0: "done", 1: "alarm", 2: "alarm", 3: "held" } as const;
const PILLS: Record<Verdict, string> = { PASS: "pill-done", FAIL: "pill-alarm", "NOT PROVEN": "pill-held" };
const SIGNS: Record<Verdict, "tick" | "warn" | "open"> = { PASS: "tick", FAIL: "warn", "NOT PROVEN": "open" };

/** The one line that says what to make of the pack. */
export function banner(report: Report, language: Language): HTMLElement {
  const icon = report.exit === 0 ? "tick" : report.exit === 3 ? "open" : "warn";
  return h(
    "div",
    { class: `banner banner-${MOOD[report.exit]} verdict`, role: "status" },
    sign(icon),
    h("strong", {}, say(language, `exit${report.exit}` as Word)),
    report.exit === 2 && h("span", {}, `${reasonText(report.code, language)} (${report.code})`),
  );
}

function reasonItem({ code, about, weight }: Reason, language: Language): HTMLElement {
  return h(
    "li",
    { class: `reason reason-${weight}` },
    h("span", {}, reasonText(code, language)),
    h("span", { class: "hash" }, `${code} · ${about}`),
  );
}

function claimCard(name: ClaimName, claim: Claim, language: Language): HTMLElement {
  const pill = h(
    "span",
    { class: `pill ${PILLS[claim.verdict]}` },
    sign(SIGNS[claim.verdict]),
    verdictWord(language, claim.verdict),
  );
  const more = claim.more > 0 && h("li", { class: "quiet small" }, say(language, "moreReasons", { n: claim.more }));
  return h(
    "section",
    { class: "card claim", "data-claim": name, "data-verdict": claim.verdict },
    h("div", { class: "card-head" }, h("h3", {}, claimName(language, name)), pill),
    h("p", { class: "quiet small" }, claimQuestion(language, name)),
    claim.reasons.length > 0 &&
      h("ul", { class: "reasons" }, ...claim.reasons.map((reason) => reasonItem(reason, language)), more),
    !claim.asked && h("p", { class: "tiny quiet" }, say(language, "notAsked")),
  );
}

/** A card for each of the six claims. */
export function claimCards({ claims }: Verified, language: Language): HTMLElement {
  return h("div", { class: "claims" }, ...CLAIMS.map((name) => claimCard(name, claims[name], language)));
}

/** How a person is called: the name that the pack opens, else the beginning of the ref. */
export function personName(people: Person[], ref: string): string {
  return people.find((person) => person.ref === ref)?.name ?? ref.slice(0, 6);
}

function peopleTable(people: Person[], language: Language): HTMLElement {
  const heads = (["person", "device", "assurance"] as const).map((word) =>
    h("th", { scope: "col" }, say(language, word)),
  );
  const rows = people.map((person) =>
    h(
      "tr",
      {},
      h("td", {}, personName(people, person.ref)),
      h("td", { class: "hash" }, `${person.device.slice(0, 12)}…`),
      h("td", {}, say(language, person.assurance as Word)),
    ),
  );
  return h("table", { class: "people" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows));
}

/** What the pack is about, in numbers, and who acted in it. */
export function facts(report: Verified, language: Language): HTMLElement {
  const row = (word: Word, ...value: Child[]) => [
    h("dt", {}, say(language, word)),
    h("dd", { class: "number" }, ...value),
  ];
  const number = (n: number) => n.toLocaleString(language);
  return h(
    "section",
    { class: "card" },
    h("h2", {}, say(language, "facts")),
    h(
      "dl",
      { class: "facts" },
      ...row("tenant", report.tenant),
      ...row("run", h("span", { class: "hash" }, report.run)),
      ...row("log", h("span", { class: "hash" }, report.origin)),
      ...row("logSize", number(report.size)),
      ...row("events", number(report.events)),
      ...row("photos", number(report.photos)),
    ),
    report.people.length > 0 && h("h3", { class: "people-title" }, say(language, "people")),
    report.people.length > 0 && peopleTable(report.people, language),
  );
}

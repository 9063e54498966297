// What the verifier says: six claims, each with its reasons (docs/formats/pack.md).

export const CLAIMS = ["INTEGRITY", "ORDER", "COMPLETENESS", "WHO", "WHEN", "UNIQUE"] as const;
export type ClaimName = (typeof CLAIMS)[number];
export type Verdict = "PASS" | "FAIL" | "NOT PROVEN";

/** `fail` makes the claim false, `open` leaves it unproven, `note` is only said. */
export type Weight = "fail" | "open" | "note";
export interface Reason {
  code: string;
  /** The file or event it is about. */
  about: string;
  weight: Weight;
}
export interface Claim {
  verdict: Verdict;
  asked: boolean;
  reasons: Reason[];
  /** How many reasons there are beyond those listed. */
  more: number;
}
export interface Person {
  ref: string;
  name?: string;
  assurance: string;
  device: string;
}

const MAX_REASONS = 50;

/** Gathers the reasons of one claim. One failure does not hide another. */
export class Findings {
  private readonly all: Reason[] = [];
  private readonly said = new Set<string>();

  fail(code: string, about: string): void {
    this.say({ code, about, weight: "fail" });
  }

  open(code: string, about: string): void {
    this.say({ code, about, weight: "open" });
  }

  note(code: string, about: string): void {
    this.say({ code, about, weight: "note" });
  }

  /** The same thing found twice, on two ways, is said once. */
  private say(reason: Reason): void {
    const key = `${reason.code} ${reason.about}`;
    if (this.said.has(key)) return;
    this.said.add(key);
    this.all.push(reason);
  }

  /** Fails unless the condition holds; gives the condition back. */
  expect(condition: boolean, code: string, about: string): boolean {
    if (!condition) this.fail(code, about);
    return condition;
  }

  /** Takes over what another has gathered. */
  add(other: Findings): void {
    for (const reason of other.all) this.say(reason);
  }

  /** Whether nothing speaks against, and nothing is left open. */
  get isClear(): boolean {
    return this.all.every(({ weight }) => weight === "note");
  }

  claim(asked: boolean): Claim {
    const has = (weight: Weight) => this.all.some((reason) => reason.weight === weight);
    const verdict = has("fail") ? "FAIL" : has("open") ? "NOT PROVEN" : "PASS";
    return {
      verdict,
      asked,
      reasons: this.all.slice(0, MAX_REASONS),
      more: Math.max(0, this.all.length - MAX_REASONS),
    };
  }
}

export type Claims = Record<ClaimName, Claim>;

/** 0 all asked for is proven, 1 something is false, 3 something asked for is not proven. */
export function exitOf(claims: Claims): 0 | 1 | 3 {
  const all = Object.values(claims);
  if (all.some(({ verdict }) => verdict === "FAIL")) return 1;
  return all.every(({ asked, verdict }) => !asked || verdict === "PASS") ? 0 : 3;
}

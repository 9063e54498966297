// The policy: whom the reader trusts (C2SP tlog-policy, docs/formats/pack.md). Nothing in a pack adds to it.
import { parseVerifierKey, type VerifierKey } from "../lib/note";
import { PackError } from "./zip";

export interface Policy {
  logs: { key: VerifierKey; text: string }[];
  /** Whether a quorum of witnesses is asked for. */
  asksUnique: boolean;
  asksWhen: boolean;
  /** Devices of founders: where there are any, the server may have vouched for these only. */
  founders: Set<string>;
}

function fail(): never {
  throw new PackError("policy_malformed");
}

class PolicyReader {
  readonly logs: Policy["logs"] = [];
  private readonly names = new Set<string>(["none"]);
  quorum: string | null = null;

  async line(words: string[]): Promise<void> {
    const [kind, ...rest] = words;
    if (kind === "log") await this.log(rest);
    else if (kind === "witness") await this.witness(rest);
    else if (kind === "group") this.group(rest);
    else if (kind === "quorum") this.setQuorum(rest);
    else fail();
  }

  private async log([text = "", ...more]: string[]): Promise<void> {
    const key = await parseVerifierKey(text);
    if (key === null || more.length > 1) fail();
    this.logs.push({ key, text });
  }

  private async witness([name = "", text = "", ...more]: string[]): Promise<void> {
    // Witness keys are of kinds that this reader does not verify yet; their form is all that is looked at.
    if (!/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/.test(text) || more.length > 1) fail();
    this.add(name);
  }

  private group([name = "", count = "", ...members]: string[]): void {
    const least = count === "any" ? 1 : count === "all" ? members.length : Number(count);
    const known = members.every((member) => member !== "none" && this.names.has(member));
    if (!/^(any|all|[1-9][0-9]*)$/.test(count) || !known || members.length === 0 || least > members.length) fail();
    if (new Set(members).size !== members.length) fail();
    this.add(name);
  }

  private add(name: string): void {
    if (name === "" || this.names.has(name)) fail();
    this.names.add(name);
  }

  private setQuorum([name = "", ...more]: string[]): void {
    if (this.quorum !== null || more.length > 0 || !this.names.has(name)) fail();
    this.quorum = name;
  }
}

/** The device that a comment line pins; null for any other line. A pin that names no device would pin nobody. */
function readPin(line: string): string | null {
  const [, device] = /^#[ \t]*tanghulu founder(?:[ \t]+(.*))?$/.exec(line) ?? [null, null];
  if (device === null) return null;
  return /^[0-9a-f]{64}$/.test(device ?? "") ? (device ?? "") : fail();
}

/** Reads a policy file. Throws PackError `policy_malformed`. */
export async function parsePolicy(text: string): Promise<Policy> {
  const reader = new PolicyReader();
  const lines = text.split(/\r?\n/);
  const founders = new Set<string>();
  for (const line of lines) {
    const pin = readPin(line.trim());
    if (pin !== null) founders.add(pin);
    const words = line.trim().split(/[ \t]+/);
    if (words[0] !== "" && !words[0]?.startsWith("#")) await reader.line(words);
  }
  if (reader.quorum === null || reader.logs.length === 0) fail();
  return {
    logs: reader.logs,
    asksUnique: reader.quorum !== "none",
    asksWhen: lines.some((line) => line.startsWith("# tanghulu require when")),
    founders,
  };
}

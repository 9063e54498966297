// What the keys that this phone had before have signed is sent to the end, under their own tokens.
import { connect } from "../lib/api";
import { askAgain } from "../lib/enrol";
import { type Store, single } from "../lib/idb-store";
import { Sync } from "../lib/sync";

const REST_MS = 60_000;

export class Former {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly stores: Store[],
    private readonly base: string,
    private readonly now: () => number,
    /** Told how much is still to be sent. */
    private readonly told: (left: number) => void,
  ) {}

  /** One pass over all of them; another one later while something is left. */
  async send(): Promise<void> {
    clearTimeout(this.timer);
    let left = 0;
    for (const store of this.stores) left += await this.pass(store);
    this.told(left);
    if (left > 0) this.timer = setTimeout(() => void this.send(), REST_MS);
  }

  private async pass(store: Store): Promise<number> {
    const session = await single(store, "session");
    if (session === undefined) return 0;
    const api = connect({ base: this.base, language: () => "zh-Hans", token: () => session.token });
    const pass = await new Sync(store, api, this.now).pass();
    if (pass?.network === "signed_out") await askAgain(store, api, session);
    return pass?.left ?? 0;
  }
}

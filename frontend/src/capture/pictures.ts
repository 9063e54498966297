// Photos to look at: the small ones kept here, else the server's; each is fetched once and then shown from memory.

import type { Bytes } from "../lib/encoding";
import type { Shot } from "../lib/idb-store";

const PATIENCE_MS = 20_000;

export class Pictures {
  private readonly urls = new Map<string, string>();
  private readonly asked = new Set<string>();

  constructor(
    private readonly base: string,
    private readonly token: () => string | undefined,
    private readonly changed: () => void,
  ) {}

  /** An address for the picture, or undefined while there is none; `changed` is called when it comes. */
  url(commitment: string, shots: readonly Shot[], size: 320 | 1600 = 320): string | undefined {
    const name = `${commitment}/${size}`;
    const known = this.urls.get(name);
    if (known !== undefined) return known;
    const shot = shots.find((one) => one.commitment === commitment);
    if (shot !== undefined && shot.thumbnail.length > 0 && size === 320) return this.keep(name, shot.thumbnail);
    // Nobody else has what has not been sent.
    if (shot !== undefined && shot.state !== "stored") return undefined;
    if (!this.asked.has(name)) void this.fetch(name);
    return undefined;
  }

  private keep(name: string, bytes: Bytes): string {
    const url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
    this.urls.set(name, url);
    return url;
  }

  private async fetch(name: string): Promise<void> {
    const token = this.token();
    if (token === undefined) return;
    this.asked.add(name);
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await fetch(`${this.base}/photos/${name}.jpg`, {
        headers: { Authorization: `Bearer ${token}` },
        signal,
      });
      if (answer.ok) {
        this.keep(name, new Uint8Array(await answer.arrayBuffer()));
        this.changed();
        return;
      }
    } catch {
      // No network: asked again later.
    }
    setTimeout(() => this.asked.delete(name), PATIENCE_MS);
  }
}

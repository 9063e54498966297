// The photos of a pack as addresses that this page can show: whole, and small for the skewer.
import type { Pack } from "./pack";

const THUMB = 192;
const MEDIA: { [extension: string]: string } = { jpg: "image/jpeg", png: "image/png", webp: "image/webp" };

export class Gallery {
  private readonly whole = new Map<string, Promise<string | null>>();
  private readonly small = new Map<string, Promise<string | null>>();
  private readonly urls: string[] = [];

  constructor(private readonly pack: Pack) {}

  /** The address of the photo's own bytes. */
  full(name: string): Promise<string | null> {
    return this.once(this.whole, name, async () => this.address(await this.read(name)));
  }

  /** The address of a small picture of it; null when it cannot be decoded. */
  thumb(name: string): Promise<string | null> {
    return this.once(this.small, name, async () => {
      const blob = await this.read(name);
      return this.address(blob && (await shrink(blob)));
    });
  }

  /** Lets go of every picture. */
  close(): void {
    for (const url of this.urls) URL.revokeObjectURL(url);
  }

  private once(
    cache: Map<string, Promise<string | null>>,
    name: string,
    make: () => Promise<string | null>,
  ): Promise<string | null> {
    const known = cache.get(name) ?? make();
    cache.set(name, known);
    return known;
  }

  private async read(name: string): Promise<Blob | null> {
    const bytes = await this.pack.photo(name);
    const type = MEDIA[name.slice(name.lastIndexOf(".") + 1)];
    return bytes === null || type === undefined ? null : new Blob([bytes], { type });
  }

  private address(blob: Blob | null): string | null {
    if (blob === null) return null;
    const url = URL.createObjectURL(blob);
    this.urls.push(url);
    return url;
  }
}

async function shrink(blob: Blob): Promise<Blob | null> {
  try {
    const picture = await createImageBitmap(blob);
    const scale = THUMB / Math.min(picture.width, picture.height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  } catch {
    return null;
  }
}

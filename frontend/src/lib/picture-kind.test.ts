import { describe, expect, it } from "vitest";
import { mediaTypeOf } from "./picture-kind";

const bytes = (text: string) => Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)));

describe("mediaTypeOf", () => {
  it.each([
    ["image/jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF"],
    ["image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"],
    ["image/webp", "RIFF\x00\x00\x00\x00WEBPVP8 "],
    [undefined, "\x00\x00\x00\x18ftypheic"],
    [undefined, "RIFF\x00\x00\x00\x00WAVEfmt "],
    [undefined, ""],
  ])("tells %s by its first bytes", (kind, head) => {
    expect(mediaTypeOf(bytes(head))).toBe(kind);
  });
});

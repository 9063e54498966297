// What a file is, by its first bytes and not by its name: the same kinds that the server takes.

/** Bytes of the largest photo that the server takes. */
export const LARGEST = 40 * 1024 * 1024;

const starts = (bytes: Uint8Array, at: number, text: string) =>
  [...text].every((letter, n) => bytes[at + n] === letter.charCodeAt(0));

/** The media type of a photo; undefined when it is none that can be used. */
export function mediaTypeOf(head: Uint8Array): string | undefined {
  if (starts(head, 0, "\xff\xd8\xff")) return "image/jpeg";
  if (starts(head, 0, "\x89PNG\r\n\x1a\n")) return "image/png";
  return starts(head, 0, "RIFF") && starts(head, 8, "WEBP") ? "image/webp" : undefined;
}

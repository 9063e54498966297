// A hint before a photo is used: is it sharp, is it bright enough. Only a hint; the server's checks count.

export interface Quality {
  /** Variance of the Laplacian of the brightness at about 1024 pixels: small when nothing has an edge. */
  sharpness: number;
  /** Brightness (0 to 255) below which 95 of 100 pixels lie. */
  bright: number;
  /** Share of pixels that are burnt out. */
  burnt: number;
  verdict: "good" | "blurred" | "dark" | "glare";
}

// Measured on real photos of locks, gauges and machines: a blur of two pixels puts all below 60, one in fourteen sharp ones too.
const SHARP_FROM = 60;
const BRIGHT_FROM = 70;
const BURNT_TO = 0.35;
export const LONG_EDGE = 1024;

/** Brightness by ITU-R BT.601 of RGBA pixels. */
function luma(rgba: Uint8ClampedArray): Float32Array {
  const values = new Float32Array(rgba.length / 4);
  for (let at = 0; at < values.length; at += 1) {
    const from = at * 4;
    values[at] = 0.299 * (rgba[from] ?? 0) + 0.587 * (rgba[from + 1] ?? 0) + 0.114 * (rgba[from + 2] ?? 0);
  }
  return values;
}

function laplacianVariance(values: Float32Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const around =
        (values[at - 1] ?? 0) + (values[at + 1] ?? 0) + (values[at - width] ?? 0) + (values[at + width] ?? 0);
      const bend = around - 4 * (values[at] ?? 0);
      sum += bend;
      squares += bend * bend;
      count += 1;
    }
  }
  if (count === 0) return 0;
  const mean = sum / count;
  return squares / count - mean * mean;
}

/** Judges RGBA pixels of a picture whose long edge is about 1024. */
export function judge(rgba: Uint8ClampedArray, width: number, height: number): Quality {
  const values = luma(rgba);
  const steps = new Uint32Array(256);
  for (const value of values)
    steps[Math.min(255, Math.round(value))] = (steps[Math.min(255, Math.round(value))] ?? 0) + 1;
  let below = 0;
  let bright = 0;
  while (bright < 255 && below + (steps[bright] ?? 0) < values.length * 0.95) {
    below += steps[bright] ?? 0;
    bright += 1;
  }
  let white = 0;
  for (let step = 250; step < 256; step += 1) white += steps[step] ?? 0;
  const burnt = values.length === 0 ? 0 : white / values.length;
  const sharpness = laplacianVariance(values, width, height);
  return { sharpness, bright, burnt, verdict: verdictOf(sharpness, bright, burnt) };
}

// A dark picture has no edges either, so darkness is said first: it is what can be helped.
function verdictOf(sharpness: number, bright: number, burnt: number): Quality["verdict"] {
  if (bright < BRIGHT_FROM) return "dark";
  if (burnt > BURNT_TO) return "glare";
  return sharpness < SHARP_FROM ? "blurred" : "good";
}

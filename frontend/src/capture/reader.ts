// Reads the code that the camera sees: by the browser itself where it can, else by our own reader, fetched when needed.

/** Reads a code; undefined when there is none in the picture. */
export type Reader = (video: HTMLVideoElement) => Promise<string | undefined>;

/** The browser's own reader, as far as it is used here (the Barcode Detection API of WICG). */
interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}
interface OwnReader {
  read(picture: ImageData): Promise<string | undefined>;
}

const FORMATS = ["qr_code", "data_matrix", "code_128", "code_39", "ean_13"];
/** Pixels of the long edge that are looked at: enough for a code that fills a quarter of the picture. */
const EDGE = 960;

async function native(detectors: DetectorClass | undefined): Promise<Reader | undefined> {
  const able = (await detectors?.getSupportedFormats().catch(() => [])) ?? [];
  if (detectors === undefined || !able.includes("qr_code")) return undefined;
  const detector = new detectors({ formats: FORMATS.filter((format) => able.includes(format)) });
  return async (video) => (await detector.detect(video))[0]?.rawValue;
}

function pixels(video: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData | undefined {
  const { videoWidth: width, videoHeight: height } = video;
  const scale = Math.min(1, EDGE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context?.getImageData(0, 0, canvas.width, canvas.height);
}

/** Where the page says that our own reader lies. */
const ownAddress = () => document.getElementById("phone")?.dataset.reader ?? "";

async function own(address: string): Promise<Reader> {
  const { read } = (await import(/* @vite-ignore */ address)) as OwnReader;
  const canvas = document.createElement("canvas");
  return async (video) => {
    const picture = pixels(video, canvas);
    return picture === undefined ? undefined : read(picture);
  };
}

/** As often in a row may the browser's own reader fail before ours takes over: some phones name it and do not have it. */
const FAILURES = 3;

/** Reads with the browser's own reader, with ours once that has failed too often. A look that fails has seen nothing. */
function backed(first: Reader, address: string): Reader {
  let failures = 0;
  let second: Promise<Reader> | undefined;
  return async (video) => {
    if (failures >= FAILURES) {
      second ??= own(address);
      return (await second)(video);
    }
    try {
      const code = await first(video);
      failures = 0;
      return code;
    } catch {
      failures += 1;
      return undefined;
    }
  };
}

const detectorsHere = () => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

/** The reader of this phone. Throws when there is none and none can be fetched. */
export async function codeReader(address = ownAddress(), detectors = detectorsHere()): Promise<Reader> {
  const first = await native(detectors);
  return first === undefined ? own(address) : backed(first, address);
}

let isKept = false;

/** Whether the service worker, which stands between, has got this now. */
const arrived = (address: string) =>
  fetch(address).then(
    (answer) => answer.ok,
    () => false,
  );

/**
 * Lets the service worker keep our own reader for when there is no network, on a phone that will need it; once. What did
 * not come is asked for again with the next call.
 */
export async function keepReader(detectors = detectorsHere()): Promise<void> {
  if (isKept || navigator.serviceWorker?.controller == null) return;
  isKept = true;
  if ((await native(detectors)) !== undefined) return;
  const { reader, wasm } = document.getElementById("phone")?.dataset ?? {};
  const asked = [reader, wasm].flatMap((address) => (address === undefined ? [] : [arrived(address)]));
  isKept = (await Promise.all(asked)).every((came) => came);
}

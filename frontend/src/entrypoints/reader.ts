// Reads codes in pictures where the browser cannot do it by itself. Loaded only when somebody scans.
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";

const OPTIONS: ReaderOptions = {
  formats: ["QRCode", "DataMatrix", "Code128", "Code39", "EAN-13"],
  tryHarder: true,
  maxNumberOfSymbols: 1,
};

// The page says where it lies; nothing is asked of any other host.
const machineCode = () => document.getElementById("phone")?.dataset.wasm ?? "";
prepareZXingModule({ overrides: { locateFile: machineCode } });

/** The text of a code in the picture; undefined when there is none. */
export async function read(picture: ImageData): Promise<string | undefined> {
  const [found] = await readBarcodes(picture, OPTIONS);
  return found?.isValid === true ? found.text : undefined;
}

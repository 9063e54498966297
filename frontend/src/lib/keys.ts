// The device's key: made once, never readable, found again as long as the store lives.
import { describeKey, newDeviceKey } from "./envelope";
import { type KeyRecord, type Store, setSingle, single } from "./idb-store";
import { withLock } from "./locks";

/** The device's key, made now if there is none yet. Two pages that ask at once get the same. */
export function deviceKey(store: Store): Promise<KeyRecord> {
  return withLock(`${store.name}:key`, async () => {
    const known = await single(store, "key");
    if (known !== undefined) return known;
    const pair = await newDeviceKey();
    const { spki, device } = await describeKey(pair.publicKey);
    const record: KeyRecord = { device, spki, privateKey: pair.privateKey };
    await setSingle(store, "key", record);
    return record;
  });
}

/** The six digits that two people compare when a device is confirmed. */
export function checkNumber(device: string): string {
  return String(Number.parseInt(device.slice(0, 12), 16) % 1_000_000).padStart(6, "0");
}

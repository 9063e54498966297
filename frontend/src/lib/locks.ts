// One at a time: across tabs where the browser has Web Locks, in this page otherwise.

const queues = new Map<string, Promise<unknown>>();

/** Runs the work when nobody else holds the name; the others wait in the order in which they came. */
export function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (typeof navigator !== "undefined" && navigator.locks !== undefined) {
    return navigator.locks.request(name, work) as Promise<T>;
  }
  const before = queues.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  queues.set(
    name,
    mine.catch(() => undefined),
  );
  return mine;
}

/** Runs the work unless somebody else holds the name: then it is not run and the answer is undefined. */
export function ifFree<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  if (typeof navigator === "undefined" || navigator.locks === undefined) return withLock(name, work);
  return navigator.locks.request(name, { ifAvailable: true }, (lock) =>
    lock === null ? undefined : work(),
  ) as Promise<T | undefined>;
}

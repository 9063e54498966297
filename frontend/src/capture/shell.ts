// Which requests the kept shell answers.

export interface ShellList {
  version: string;
  /** The page itself first, then everything that it loads. */
  urls: string[];
  /** What is kept once somebody has asked for it: large, and not needed by everybody. */
  later?: string[];
}

/** The kept address that answers this request; undefined when the network does. */
export function answerFrom(
  shell: ShellList,
  url: URL,
  origin: string,
  method: string,
  mode: string,
): string | undefined {
  if (method !== "GET" || url.origin !== origin || url.pathname.startsWith("/api/")) return undefined;
  const [page] = shell.urls;
  // Whatever follows the page's address is for the page to read.
  if (mode === "navigate") return page !== undefined && url.pathname === page ? page : undefined;
  return shell.urls.includes(url.pathname) ? url.pathname : undefined;
}

/** Whether this is a part that is kept from the first time that it is asked for. */
export function isKeptLater(shell: ShellList, url: URL, origin: string, method: string): boolean {
  return method === "GET" && url.origin === origin && shell.later?.includes(url.pathname) === true;
}

/** Answers from what is kept, else from the network, and keeps that: where it can, for a full phone is answered all the same. */
export async function keptOrFetched(
  open: () => Promise<Pick<Cache, "match" | "put">>,
  request: Request,
  fetched: (request: Request) => Promise<Response>,
): Promise<Response> {
  const cache = await open().catch(() => undefined);
  const kept = await cache?.match(request.url);
  if (kept !== undefined) return kept;
  const answer = await fetched(request);
  if (answer.ok) await cache?.put(request.url, answer.clone()).catch(() => undefined);
  return answer;
}

// Which requests the kept shell answers.

export interface ShellList {
  version: string;
  /** The page itself first, then everything that it loads. */
  urls: string[];
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

// The phone's pages without a network. It keeps the shell and nothing else: what the server answers to the phone is data,
// and the phone keeps that itself.
import { answerFrom, isKeptLater, keptOrFetched, type ShellList } from "../capture/shell";

interface Worker extends ServiceWorkerGlobalScope {
  /** Written in front of this script by the server: what makes up the shell, and a hash of it. */
  SHELL: ShellList;
}
const worker = self as unknown as Worker;
const PREFIX = "tanghulu-shell-";
const cacheName = `${PREFIX}${worker.SHELL.version}`;

async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(worker.SHELL.urls.map((url) => new Request(url, { cache: "reload" })));
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== cacheName).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));

// A new version waits until the person asks for it: nobody's page changes under their hands.
worker.addEventListener("message", (event) => {
  if (event.data === "take over") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (isKeptLater(worker.SHELL, url, worker.location.origin, request.method)) {
    event.respondWith(keptOrFetched(() => caches.open(cacheName), request, fetch));
    return;
  }
  const wanted = answerFrom(worker.SHELL, url, worker.location.origin, request.method, request.mode);
  if (wanted === undefined) return;
  event.respondWith(caches.open(cacheName).then(async (cache) => (await cache.match(wanted)) ?? fetch(request)));
});

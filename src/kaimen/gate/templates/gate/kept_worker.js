/* Keeps a page on the phone: every file it needs, under a name that changes with any of them. Only the page's
   own files are answered from here, and nothing of the API ever. A newer worker waits until the page says so: a page
   that runs keeps the files it began with. What waits to be sent lies elsewhere, and no worker touches it. */
const PAGE = "kaimen-{{ name|default:'page' }}-";
const CACHE = PAGE + "{{ version|default:'0' }}";
const FILES = {{ files|default:"[]"|safe }};

self.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidied());
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method === "GET" && origin === location.origin && FILES.includes(pathname)) {
    event.respondWith(kept(event.request, pathname));
  }
});

async function tidied() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PAGE) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(request, pathname) {
  return (await (await caches.open(CACHE)).match(pathname)) ?? fetch(request);
}

/* The service worker of the crew pages alone: opened pages stay readable without network, and a form
   of a plate that cannot be sent waits on the phone. */
"use strict";
importScripts("/static/crew-store.js");
const MOST_PAGES = 300;
const IN_SCOPE = /^\/crew(\/|$)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const isPage = request.mode === "navigate" && IN_SCOPE.test(url.pathname);
  if (isPage && request.method === "POST") event.respondWith(send(request, url));
  else if (isPage && request.method === "GET") event.respondWith(show(event, request, url));
  else if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(file(event, request));
});

async function put(request, answer) {
  const pages = await caches.open(crewStore.PAGES);
  await pages.put(request, answer);
  const keys = await pages.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PAGES)).map((key) => pages.delete(key)));
}

async function show(event, request, url) {
  try {
    const answer = await fetch(request);
    const lasts = answer.ok && !answer.redirected && !url.searchParams.has("done");
    if (lasts) event.waitUntil(put(request, answer.clone()));
    return answer;
  } catch {
    const kept = await caches.match(request, { ignoreVary: true })
      || await caches.match(request, { ignoreVary: true, ignoreSearch: true });
    return kept || tell("没有网络", "这一页在手机上还没有打开过。有网络时打开过的页面，没有网络也能看、能填。");
  }
}

async function file(event, request) {
  const kept = await caches.match(request);
  if (kept && new URL(request.url).search) return kept; // its address changes with its content
  try {
    const answer = await fetch(request);
    if (answer.ok) event.waitUntil(put(request, answer.clone()));
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function send(request, url) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const fields = [...(await copy.formData()).entries()];
    const values = new Map(fields);
    if (!values.get("event_id") || !values.get("owner")) {
      return tell("没有网络", "这一项要有网络才能办。等有了网络，再提交一次。");
    }
    // Only without any network it is certain that nothing has arrived: a form that may have, is sent again as it was.
    if (!navigator.onLine) fields.push(["at", new Date().toISOString()]);
    await crewStore.keep(url.pathname, fields);
    return Response.redirect("/crew", 303);
  }
}

function tell(title, text) {
  const page = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>${text}</p><p><a href="/crew">回到清单</a></p></main></body></html>`;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'",
  };
  return new Response(page, { status: 503, headers });
}

// Keeps the part of a page that is marked data-live up to date; without script there is a link.
"use strict";
const renew = async () => {
  const part = document.querySelector("[data-live]");
  if (!part) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok && page.getElementById(part.id);
    if (!fresh) return location.reload();
    if (!fresh.hasAttribute("data-live")) return location.reload();
    if (!part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
  } catch { /* the network is away: ask again */ }
  setTimeout(renew, 2000);
};
setTimeout(renew, 2000);

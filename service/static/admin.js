// Keeps the part of a page that is marked data-live up to date; without script there is a link.
// Lists of divisions open the next level at once; without script there is a button or a page.
"use strict";
document.documentElement.classList.add("scripted");
document.addEventListener("change", async (event) => {
  const picker = event.target.closest("[data-divisions]");
  if (!picker) return;
  const sent = new URLSearchParams({ need: picker.dataset.divisions });
  for (const field of picker.querySelectorAll("[name=division]")) {
    sent.append("division", field.value);
    if (field === event.target) break;
  }
  const place = [...picker.querySelectorAll("select")].indexOf(event.target);
  try {
    const answer = await fetch(`/admin/divisions?${sent}`, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok && page.querySelector("[data-divisions] > div");
    if (!fresh) return;
    const had = picker.contains(document.activeElement);
    picker.querySelector(":scope > div").replaceWith(document.adoptNode(fresh));
    if (had) picker.querySelectorAll("select")[place]?.focus();
  } catch { /* the network is away: the form still says what is picked */ }
});
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

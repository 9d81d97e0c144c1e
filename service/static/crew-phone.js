/* The crew pages on a phone: what waits for network is shown and sent once, pages are kept to be
   read without it, and a round begins where one stands. The pages work without this script. */
(function () {
  "use strict";
  const meta = (name) => document.querySelector(`meta[name=${name}]`)?.content || "";
  const owner = meta("crew-owner");
  const main = document.getElementById("main");
  if (!owner || !main) return;

  for (const form of document.querySelectorAll("form[data-locate]")) {
    if (!navigator.geolocation) break;
    const button = form.querySelector("button");
    button.hidden = false;
    form.addEventListener("submit", (event) => {
      if (form.elements.lon.value) return;
      event.preventDefault();
      button.textContent = "正在定位…";
      navigator.geolocation.getCurrentPosition((found) => {
        form.elements.lon.value = found.coords.longitude.toFixed(5);
        form.elements.lat.value = found.coords.latitude.toFixed(5);
        form.submit();
      }, () => { button.textContent = "定不了位：请到空旷处再按一次"; }, { timeout: 20000, maximumAge: 60000 });
    });
  }

  if (!("serviceWorker" in navigator) || !self.indexedDB || !self.crewStore) return;
  const store = self.crewStore;
  const make = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const box = make("section", "", "waiting");
  box.id = "waiting";
  box.setAttribute("aria-live", "polite");
  box.hidden = true;
  main.prepend(box);
  let advice = "";

  const show = async () => {
    const forms = await store.list(owner);
    const open = forms.filter((one) => !one.refused);
    box.replaceChildren();
    if (open.length) box.append(make("p", `等网络发送（${open.length} 条）${advice}`, "count-of"));
    for (const one of forms.filter((form) => form.refused)) {
      const line = make("p", `没有办成：${one.place}，${one.refused} `);
      const link = make("a", "打开这块门牌");
      link.href = one.path;
      const drop = make("button", "不再发送", "second");
      drop.type = "button";
      drop.onclick = async () => { await store.remove(one.id); show(); };
      line.append(link, drop);
      box.append(line);
    }
    box.hidden = !forms.length;
    const paths = new Set(open.map((one) => one.path));
    for (const link of document.querySelectorAll(".pile-of a")) {
      link.classList.toggle("waits", paths.has(link.pathname));
    }
  };

  const REFUSALS = { 404: "门牌找不到了", 409: "门牌的情况已经变了", 412: "门牌被别人改过", 413: "照片太大", 422: "内容不全" };
  const sendOne = async (one) => {
    const body = new FormData();
    for (const [name, value] of one.fields) if (name !== "form_token") body.append(name, value);
    const token = document.querySelector("input[name=form_token]").value;
    const answer = await fetch(one.path, { method: "POST", body, headers: { "X-Form-Token": token, Accept: "text/html" } });
    const led = new URL(answer.url);
    if (led.pathname === "/admin/sign-in") { advice = "：请先登录"; return false; }
    // Somebody else has signed in since this page was opened, or the right was taken away: it stays.
    if (answer.status === 403) { advice = "：请本人重新登录，再打开这一页"; return false; }
    if (answer.ok && led.searchParams.has("done")) { await store.remove(one.id); return true; }
    if (answer.status in REFUSALS) { await store.put({ ...one, refused: REFUSALS[answer.status] }); return true; }
    return false;
  };

  let isSending = false;
  const send = async () => {
    if (isSending || !navigator.onLine) return;
    isSending = true;
    try {
      advice = "";
      for (const one of await store.list(owner)) {
        if (!one.refused && !await sendOne(one)) break;
      }
    } catch { /* the network is away again: later */ }
    isSending = false;
    await show();
  };
  const sendAlone = () => navigator.locks ? navigator.locks.request("crew-send", send) : send();

  const keepList = () => {
    const links = [...new Set([...document.querySelectorAll(".pile-of a[href^='/crew/']")].map((one) => one.href))];
    if (!links.length) return;
    const button = make("button", "存到手机，没有网络也能办", "wide second keep");
    button.type = "button";
    button.onclick = async () => {
      button.disabled = true;
      const pages = await caches.open(store.PAGES);
      let kept = 0;
      try {
        for (const link of links) {
          const answer = await fetch(link, { headers: { Accept: "text/html" } });
          if (answer.ok && !answer.redirected) { await pages.put(link, answer); kept += 1; }
          button.textContent = `已存 ${kept} / ${links.length}`;
        }
        button.textContent = `已存到手机（${kept} 块）`;
      } catch {
        button.textContent = `网络断了，已存 ${kept} 块：再按一次接着存`;
        button.disabled = false;
      }
    };
    document.querySelector(".pile-of").before(button);
  };

  const leave = document.querySelector("form[action='/admin/sign-out']");
  if (leave) {
    let isCleared = false;
    leave.addEventListener("submit", async (event) => {
      if (isCleared) return;
      event.preventDefault();
      const left = (await store.list(owner)).length;
      if (left && !confirm(`还有 ${left} 条没有发送，退出后就没有了。仍要退出吗？`)) return;
      await store.clear(owner);
      isCleared = true;
      leave.submit();
    });
  }

  const begin = async () => {
    if (await store.owner() !== owner) { // somebody else's pages are not for this person
      await caches.delete(store.PAGES);
      await store.own(owner);
    }
    await navigator.serviceWorker.register(meta("crew-worker"), { scope: "/crew" });
    await show();
    keepList();
    addEventListener("online", sendAlone);
    setInterval(sendAlone, 30000);
    if (!await caches.match("/crew", { ignoreVary: true })) { // where a form that waits leads back to
      const answer = await fetch("/crew", { headers: { Accept: "text/html" } });
      if (answer.ok) await (await caches.open(store.PAGES)).put("/crew", answer);
    }
    await sendAlone();
  };
  begin().catch(() => { /* a browser that keeps nothing: the pages work as they are */ });
})();

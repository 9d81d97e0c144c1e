/* What waits on the phone until there is network: forms of crews, by person. Used by the pages and
   by their service worker. */
(function (scope) {
  "use strict";
  const PAGES = "crew-pages";

  const open = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("crew", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("forms", { keyPath: "id" });
      asked.result.createObjectStore("facts");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  const ask = async (store, mode, act) => {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const change = database.transaction(store, mode);
        const asked = act(change.objectStore(store));
        change.oncomplete = () => resolve(asked.result);
        change.onerror = change.onabort = () => reject(change.error);
      });
    } finally {
      database.close();
    }
  };

  const said = (fields) => JSON.stringify(fields.filter(([name, value]) =>
    typeof value === "string" && !["event_id", "form_token", "at"].includes(name)));

  scope.crewStore = {
    PAGES,
    list: async (owner) => {
      const all = await ask("forms", "readonly", (forms) => forms.getAll());
      return all.filter((one) => one.owner === owner).sort((one, other) => one.since - other.since);
    },
    put: (form) => ask("forms", "readwrite", (forms) => forms.put(form)),
    remove: (id) => ask("forms", "readwrite", (forms) => forms.delete(id)),
    /* Keeps a form; the same one twice is one, another one from the same page gets an id of its own. */
    keep: async (path, fields) => {
      const values = Object.fromEntries(fields.filter(([, value]) => typeof value === "string"));
      let id = values.event_id;
      const held = await ask("forms", "readonly", (forms) => forms.get(id));
      if (held && said(held.fields) !== said(fields)) {
        id = crypto.randomUUID();
        fields = fields.map(([name, value]) => [name, name === "event_id" ? id : value]);
      }
      await scope.crewStore.put({
        id, path, fields, owner: values.owner, place: values.place || path, since: Date.now(), refused: "",
      });
    },
    owner: () => ask("facts", "readonly", (facts) => facts.get("owner")),
    own: (owner) => ask("facts", "readwrite", (facts) => facts.put(owner, "owner")),
    /* Forgets the pages, and the forms of one person. */
    clear: async (owner) => {
      await caches.delete(PAGES);
      for (const one of await scope.crewStore.list(owner)) await scope.crewStore.remove(one.id);
    },
  };
})(self);

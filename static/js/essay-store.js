// Keeps the text that the server has not confirmed in this browser, so that a reload, a dead battery or a lost line loses nothing.
const key = (id) => `kv:essay:${id}`;

export function keep(id, draft) {
  try {
    localStorage.setItem(key(id), JSON.stringify(draft));
  } catch {
    // A full or forbidden store leaves the text in the page, which still sends it.
    return false;
  }
  return true;
}

export function kept(id) {
  try {
    const draft = JSON.parse(localStorage.getItem(key(id)));
    return draft && typeof draft.body === "string" ? draft : null;
  } catch {
    // What cannot be read was not written by this page.
    return null;
  }
}

export function forget(id) {
  try {
    localStorage.removeItem(key(id));
  } catch {
    // Nothing was kept where nothing may be kept.
    return false;
  }
  return true;
}

// Waits for the check of a photograph: asks every two seconds while it goes on, and puts the words and the picture into the page.
const EVERY = 2000;
const SLOWER = 10000;

export function watch(address, show, first) {
  let asked = 0;
  const step = async () => {
    const reply = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (reply && reply.status >= 400 && reply.status < 500) return;
    const state = reply?.ok ? await reply.json() : null;
    if (state) show(state);
    if (!state || state.state === "processing") setTimeout(step, (asked += 1) > 60 ? SLOWER : EVERY);
  };
  if (first) show(first);
  if (!first || first.state === "processing") setTimeout(step, EVERY);
}

export function watchAll(root) {
  for (const place of root.querySelectorAll("[data-photo-status]")) {
    const link = place.querySelector("[data-reload]");
    if (link) link.hidden = true;
    watch(place.dataset.photoStatus, (state) => place.isConnected && fill(place, state));
  }
}

watchAll(document);

function fill(place, state) {
  place.querySelector("[data-state-words]").textContent = state.words;
  place.querySelector("[data-state-detail]").textContent = state.detail;
  place.querySelector("[data-state]").classList.toggle("ok", state.state === "ready");
  place.querySelector("[data-state]").classList.toggle("bad", state.state === "refused");
  if (!state.thumbnail) return;
  for (const [tile, address, shape] of [
    [place.querySelector("[data-thumb]"), state.thumbnail, "thumb"],
    [place.querySelector("[data-picture]"), state.picture, "photo-shown"],
  ]) {
    if (!tile) continue;
    const picture = new Image();
    picture.className = shape;
    picture.alt = "";
    picture.src = address;
    tile.replaceWith(picture);
  }
}

// Follows an analysis that is worked out in the background: moves its bar, and opens the page anew once it is there.
const EVERY = 2000;

for (const box of document.querySelectorAll("[data-analysis]")) setTimeout(() => ask(box), EVERY);

async function ask(box) {
  const reply = await fetch(box.dataset.analysis, { headers: { Accept: "application/json" } }).catch(() => null);
  if (reply && reply.status >= 400 && reply.status < 500) return;
  const state = reply?.ok ? await reply.json() : null;
  if (state && !state.running) {
    location.reload();
    return;
  }
  const bar = box.querySelector("progress");
  if (state && bar) {
    bar.max = state.total || 1;
    bar.value = state.done;
    const shown = bar.previousElementSibling?.lastElementChild;
    if (shown) shown.textContent = `${state.done.toLocaleString("vi-VN")}/${state.total.toLocaleString("vi-VN")}`;
  }
  setTimeout(() => ask(box), EVERY);
}

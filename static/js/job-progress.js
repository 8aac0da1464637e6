// Follows work that is done in the background: moves its bar while somebody looks, and opens the page anew once it is there.
const EVERY = 2000;

for (const box of document.querySelectorAll("[data-job-progress]")) follow(box);

function follow(box) {
  for (const words of box.querySelectorAll("[data-job-tag]")) words.hidden = false;
  let timer = setTimeout(ask, EVERY);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") ask();
  });

  async function ask() {
    clearTimeout(timer);
    const reply = await fetch(box.dataset.jobProgress, { headers: { Accept: "application/json" } }).catch(() => null);
    if (reply && reply.status >= 400 && reply.status < 500) return;
    const state = reply?.ok ? await reply.json().catch(() => null) : null;
    if (state && !state.running) return location.reload();
    if (state) show(state);
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(ask, EVERY);
  }

  function show(state) {
    if (state.shown === undefined) return;
    const bar = box.querySelector("progress");
    const words = box.querySelector("[data-job-words]") ?? bar?.previousElementSibling?.lastElementChild;
    if (words) words.textContent = state.shown;
    if (!bar) return;
    bar.max = state.total || 1;
    bar.value = state.done;
  }
}

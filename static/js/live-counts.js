// Keeps the dashboard's figures fresh; without it they are those of the moment at which the page was opened.
const EVERY = 10000;

for (const box of document.querySelectorAll("[data-live-counts]")) bind(box);

function bind(box) {
  const lost = box.querySelector("[data-live-lost]");
  box.querySelector("[data-live-tag]").hidden = false;
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);

  async function refresh() {
    if (document.visibilityState === "hidden") return;
    try {
      const reply = await fetch(box.dataset.liveCounts, { headers: { Accept: "application/json" } });
      if (!reply.ok) throw new Error(String(reply.status));
      const figures = await reply.json();
      for (const place of box.querySelectorAll("[data-live]")) {
        if (place.dataset.live in figures) place.textContent = figures[place.dataset.live];
      }
      lost.hidden = true;
    } catch {
      lost.hidden = false;
    }
  }
}

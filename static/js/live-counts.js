// Keeps a page's figures and its chart fresh while somebody looks; without it they are those of the moment at which the page was opened.
const EVERY = 10000;

for (const box of document.querySelectorAll("[data-live-counts]")) bind(box);

function bind(box) {
  const lost = box.querySelector("[data-live-lost]");
  const drawn = box.querySelector("[data-live-drawn]");
  for (const words of box.querySelectorAll("[data-live-tag]")) words.hidden = false;
  for (const link of box.querySelectorAll("[data-live-by-hand]")) link.hidden = true;
  let timer = setTimeout(refresh, EVERY);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") refresh();
  });

  async function refresh() {
    clearTimeout(timer);
    try {
      const reply = await fetch(box.dataset.liveCounts, { headers: { Accept: "application/json" } });
      if (!reply.ok) throw new Error(String(reply.status));
      show(await reply.json());
      lost.hidden = true;
    } catch {
      lost.hidden = false;
    }
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(refresh, EVERY);
  }

  function show(figures) {
    for (const place of box.querySelectorAll("[data-live]")) {
      const words = figures[place.dataset.live];
      if (words !== undefined && place.textContent !== words) place.textContent = words;
    }
    if (drawn && figures.drawn) redraw(new DOMParser().parseFromString(figures.drawn, "text/html"));
  }

  // Only the lines and the numbers are put in anew: the table stays open, scrolled and focused as it was.
  function redraw(fresh) {
    for (const part of ["svg", "tbody"]) {
      const before = drawn.querySelector(part);
      const after = fresh.querySelector(part);
      if (before && after) before.replaceChildren(...document.adoptNode(after).childNodes);
    }
  }
}

// A timeline wider than its screen opens at today, not at what is past.
for (const wrap of document.querySelectorAll("[data-timeline]")) {
  wrap.scrollLeft = Number(wrap.dataset.timeline) * wrap.scrollWidth - wrap.clientWidth / 2;
}

// On a phone the entry and its scorecard take turns; without this module the two links of the bar lead to either.
for (const grid of document.querySelectorAll("[data-judge-view]")) bind(grid);

function bind(grid) {
  const tabs = [...document.querySelectorAll(".judge-tabs a")];
  const places = {};
  const views = tabs.map((tab) => tab.hash.slice(1));

  function show(view) {
    grid.dataset.judgeView = view;
    for (const tab of tabs) {
      if (tab.hash === `#${view}`) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  }

  for (const tab of tabs) {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      places[grid.dataset.judgeView] = scrollY;
      show(tab.hash.slice(1));
      const bar = tab.closest(".judge-tabs");
      scrollTo(0, places[grid.dataset.judgeView] ?? Math.min(scrollY, grid.getBoundingClientRect().top + scrollY - bar.offsetHeight));
    });
  }
  const asked = location.hash.slice(1);
  show(views.includes(asked) ? asked : grid.dataset.judgeView || views[0]);
}

// Marks chosen rows, counts and names them, and shows the bar of bulk acts only while something is chosen.
const NAMED = 10;
const boxes = [...document.querySelectorAll("[data-select]")];
const all = document.querySelector("[data-select-all]");
const bar = document.querySelector("[data-bulk]");

function refresh() {
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr")?.classList.toggle("sel", box.checked);
  if (all) {
    all.checked = chosen.length > 0 && chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  if (bar) {
    bar.hidden = chosen.length === 0;
    for (const count of bar.querySelectorAll("[data-bulk-count]")) count.textContent = chosen.length;
    for (const names of bar.querySelectorAll("[data-bulk-names]")) names.textContent = named(chosen);
  }
}

function named(chosen) {
  const names = chosen.map((box) => box.closest("tr").querySelector(".row-link").textContent.trim());
  const left = names.length - NAMED;
  return names.slice(0, NAMED).join(", ") + (left > 0 ? ` và ${left} lượt khác` : "") + ".";
}

function choose(on) {
  for (const box of boxes) box.checked = on;
  refresh();
}

for (const box of boxes) box.addEventListener("change", refresh);
all?.addEventListener("change", () => choose(all.checked));
for (const button of document.querySelectorAll("[data-select-none]")) button.addEventListener("click", () => choose(false));
refresh();

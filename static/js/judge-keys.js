// The keyboard of the photograph's stage: digits mark the criterion in hand, arrows move. The judge can switch the keys off.
const KEPT = "judge-keys";
const TYPING = "input:not([type='checkbox']), textarea, select, [contenteditable]";

for (const desk of document.querySelectorAll("[data-photo-desk]")) bind(desk);

function bind(desk) {
  const criteria = [...desk.querySelectorAll("form .criterion")];
  const help = desk.querySelector("[data-keys]");
  const on = desk.querySelector("[data-keys-on]");
  if (help) help.hidden = false;
  if (on) {
    on.checked = kept() !== "off";
    on.addEventListener("change", () => keep(on.checked ? "on" : "off"));
  }

  take(criteria.find((criterion) => !field(criterion).value) || criteria[0]);
  for (const criterion of criteria) criterion.addEventListener("focusin", () => take(criterion));
  // The scorecard has set the mark by the time this bubbles up; go on to the next criterion.
  desk.addEventListener("click", (event) => { if (event.target.closest(".ten button")) goOn(); });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (on && !on.checked)) return;
    if (event.target.closest(TYPING)) return;
    if (act(event.key)) event.preventDefault();
  });

  function act(key) {
    const now = criteria.find((criterion) => criterion.classList.contains("now"));
    if (now && /^\d$/.test(key)) return press(now.querySelectorAll(".ten button")[(Number(key) + 9) % 10]);
    if (now && (key === "+" || key === "=")) return press(now.querySelector("[data-step='1']"));
    if (now && (key === "-" || key === "_")) return press(now.querySelector("[data-step='-1']"));
    if (now && key === "ArrowDown") return take(criteria[(criteria.indexOf(now) + 1) % criteria.length]);
    if (now && key === "ArrowUp") return take(criteria[(criteria.indexOf(now) || criteria.length) - 1]);
    const target = [...desk.querySelectorAll("[data-key]")].find((one) => one.dataset.key.toLowerCase() === key.toLowerCase());
    return press(target);
  }

  function press(target) {
    if (!target) return false;
    target.click();
    return true;
  }

  function take(criterion) {
    for (const one of criteria) one.classList.toggle("now", one === criterion);
    return true;
  }

  function goOn() {
    const next = criteria[criteria.findIndex((criterion) => criterion.classList.contains("now")) + 1];
    if (next) take(next);
  }
}

function field(criterion) {
  return criterion.querySelector(".score-value");
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    // A browser that forbids storage still obeys for this page.
  }
}

// Starts the small behaviours that a page asks for by a data attribute; each lives in a module of its own.
const behaviours = [
  ["[data-countdown]", "./countdown.js"],
  ["[data-server-clock]", "./clock.js"],
  ["[data-confirm]", "./confirm.js"],
  ["[data-reveal]", "./reveal.js"],
  ["[data-focus]", "./focus.js"],
  ["[data-print]", "./print.js"],
  ["details.disclosure", "./unfold.js"],
  ["[data-select], [data-select-all]", "./selection.js"],
  ["[data-autosubmit]", "./autosubmit.js"],
  ["[data-copy]", "./copy.js"],
  ["[data-once]", "./once.js"],
  ["[data-stay]", "./stay.js"],
  ["[data-back]", "./back.js"],
];

for (const [selector, address] of behaviours) {
  if (document.querySelector(selector)) import(address);
}

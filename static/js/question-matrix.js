// The blueprint: marks cells that ask for more than the bank has, and asks the server at once whether papers can be drawn, also for what was typed before
// this script came.
import { whole } from "./number.js";

const form = document.querySelector("[data-matrix]");
const WAIT = 300;
let timer;
let asked = 0;

function mark() {
  let count = 0;
  for (const input of form.querySelectorAll("[data-have]")) {
    const wanted = whole(input.value) || 0;
    count += wanted;
    input.closest("td").classList.toggle("over", wanted > Number(input.dataset.have));
  }
  form.querySelector("[data-matrix-count]").textContent = count;
}

function show(missing) {
  const state = form.querySelector("[data-matrix-state]");
  state.classList.toggle("hoe", missing.length > 0);
  state.classList.toggle("la", missing.length === 0);
  const glyph = state.querySelector("use");
  glyph.setAttribute("href", glyph.getAttribute("href").replace(/#.*/, missing.length ? "#exclamation-triangle-fill" : "#check-circle-fill"));
  const lines = (missing.length ? missing : ["Ngân hàng đủ câu cho ma trận này."]).map((words) => {
    const line = document.createElement("li");
    line.textContent = words;
    return line;
  });
  state.querySelector("[data-matrix-missing]").replaceChildren(...lines);
}

async function ask() {
  const turn = ++asked;
  try {
    const reply = await fetch(form.dataset.matrix, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    const said = await reply.json();
    if (turn === asked) show(said.missing || [said.error?.happened || ""]);
  } catch {
    return;
  }
}

if (form) {
  form.addEventListener("input", () => {
    mark();
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  if ([...form.querySelectorAll("[data-have]")].some((input) => input.value !== input.defaultValue)) {
    mark();
    ask();
  }
}

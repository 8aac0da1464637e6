// Starts what a quiz page needs: the clock and the keeping of answers, and on the paper one question at a time.
import { ask } from "./quiz-ask.js";
import { startClock } from "./quiz-clock.js";
import { keepGuess } from "./quiz-guess.js";
import { Keeper } from "./quiz-keeper.js";
import { Paper } from "./quiz-paper.js";
import { showElsewhere, showNet, showSaved } from "./quiz-state.js";
import { startSteps } from "./quiz-steps.js";

const form = document.querySelector("[data-quiz]");
const ending = document.querySelector("[data-quiz-ending]");

function sit() {
  const paper = new Paper(form);
  const keeper = new Keeper(form, paper);
  const guess = keepGuess(form, form.action);
  const clock = startClock(
    () => keeper.ask(),
    () => {
      guess.save();
      keeper.send();
    },
  );
  const early = paper.early();
  const steps = startSteps(form, keeper, paper);
  keeper.addEventListener("state", () => {
    showSaved(keeper);
    showNet(keeper);
    showElsewhere(keeper);
  });
  keeper.addEventListener("time", (event) => clock.set(event.detail));
  keeper.addEventListener("over", (event) => location.assign(event.detail));
  keeper.addEventListener("held", () => steps.refresh());
  document.querySelector("[data-quiz-retry]").addEventListener("click", () => keeper.send());
  document.querySelector("[data-quiz-reload]").addEventListener("click", () => location.reload());
  keeper.begin();
  for (const { position, char, marked } of early) {
    if (char !== null) keeper.answer(position, char);
    if (marked !== null) keeper.mark(position, marked);
  }
  if (early.length) steps.refresh();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await guess.save();
    const done = await keeper.settle();
    if (keeper.over) return;
    if (done) location.assign(form.dataset.review);
    else document.querySelector("[data-quiz-net]").scrollIntoView();
  });
}

function review() {
  const guess = keepGuess(ending, ending.dataset.save);
  const standing = async () => {
    const heard = await ask(ending.dataset.standing);
    if (!heard?.ok) return null;
    if (heard.held.over) location.assign(heard.held.result);
    else clock.set({ remaining: heard.held.remaining_ms, paused: heard.held.paused, at: heard.at });
    return heard.held.over;
  };
  const clock = startClock(standing, () => guess.save());
  stayOffline(standing);
  document.addEventListener("visibilitychange", () => document.hidden || standing());
}

// A press on hand-in goes only where the server answers: the browser's own page of a lost network would say nothing of the paper.
function stayOffline(standing) {
  const last = ending.querySelector("form");
  const words = ending.querySelector("[data-quiz-unsent]");
  const button = last.querySelector(".btn-primary");
  const name = button.textContent;
  let pressed = null;
  let asking = false;
  last.addEventListener("click", (event) => (pressed = event.target.closest("[type=submit]")));
  last.addEventListener("submit", async (event) => {
    if (pressed !== button) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    const over = await standing();
    asking = false;
    if (over === false) return last.submit();
    if (over) return;
    delete last.dataset.sent;
    button.removeAttribute("aria-disabled");
    button.textContent = name;
    words.hidden = false;
  });
}

if (form) sit();
if (ending) review();

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
  const clock = startClock(
    () => keeper.ask(),
    () => keeper.send(),
  );
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

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const done = await keeper.send();
    if (keeper.over) return;
    if (done) location.assign(form.dataset.review);
    else document.querySelector("[data-quiz-net]").scrollIntoView();
  });
}

function review() {
  const guess = keepGuess(ending);
  const standing = async () => {
    const heard = await ask(ending.dataset.standing);
    if (!heard?.ok) return null;
    if (heard.held.over) location.assign(heard.held.result);
    else clock.set({ remaining: heard.held.remaining_ms, paused: heard.held.paused, at: heard.at });
    return heard.held.over;
  };
  const clock = startClock(standing, () => guess.save());
  document.addEventListener("visibilitychange", () => document.hidden || standing());
}

if (form) sit();
if (ending) review();

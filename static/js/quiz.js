// Starts what a quiz page needs: the clock and the keeping of answers, and on the paper one question at a time.
import { startClock } from "./quiz-clock.js";
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
    async () => {
      await keeper.send();
      location.assign(form.dataset.result);
    },
    () => keeper.ask(),
  );
  if ("paused" in form.dataset) keeper.ask();
  keeper.addEventListener("state", () => {
    showSaved(keeper);
    showNet(keeper);
    showElsewhere(keeper);
  });
  keeper.addEventListener("time", (event) => clock.set(event.detail.remaining, event.detail.paused));
  keeper.addEventListener("over", (event) => location.assign(event.detail));
  document.querySelector("[data-quiz-retry]").addEventListener("click", () => keeper.send());
  document.querySelector("[data-quiz-reload]").addEventListener("click", () => location.reload());
  const steps = startSteps(form, keeper, paper);
  keeper.addEventListener("held", () => steps.refresh());
  keeper.begin();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const done = await keeper.send();
    if (keeper.over) return;
    if (done) location.assign(form.dataset.review);
    else document.querySelector("[data-quiz-net]").scrollIntoView({ block: "nearest" });
  });
}

if (form) sit();
if (ending) startClock(() => location.assign(ending.dataset.quizEnding));

// Starts what a quiz page needs: the clock and the keeping of answers, and on the paper one question at a time.
import { startClock } from "./quiz-clock.js";
import { Keeper } from "./quiz-keeper.js";
import { showNet, showSaved } from "./quiz-state.js";
import { startSteps } from "./quiz-steps.js";

const paper = document.querySelector("[data-quiz]");
const ending = document.querySelector("[data-quiz-ending]");

function sit(form) {
  const keeper = new Keeper(form);
  const clock = startClock(
    async () => {
      await keeper.send({ last: true });
      location.assign(form.dataset.result);
    },
    () => keeper.ask(),
  );
  if ("paused" in form.dataset) keeper.ask();
  keeper.addEventListener("state", () => {
    showSaved(keeper);
    showNet(keeper);
  });
  keeper.addEventListener("time", (event) => clock.set(event.detail.remaining, event.detail.paused));
  keeper.addEventListener("over", (event) => location.assign(event.detail));
  document.querySelector("[data-quiz-retry]").addEventListener("click", () => keeper.send());
  const steps = startSteps(form, keeper);
  keeper.addEventListener("held", () => steps.refresh());
  keeper.begin();
  steps.refresh();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await keeper.send()) location.assign(form.dataset.review);
    else document.querySelector("[data-quiz-net]").scrollIntoView({ block: "nearest" });
  });
}

if (paper) sit(paper);
if (ending) startClock(() => location.assign(ending.dataset.quizEnding));

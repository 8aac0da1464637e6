// Shows the paper as one question from its first paint on: drawn as one long form and shortened by its script later, the page would jump.
// Runs in the head, before the form comes. What is ticked before the page's script has come is marked for it.
(() => {
  function look() {
    const form = document.querySelector("[data-quiz]");
    if (!form) return;
    const asked = Number(/^#cau-(\d+)$/.exec(location.hash)?.[1] || 0);
    const guess = location.hash === "#du-doan";
    const { answers } = form.dataset;
    const first = asked ? Math.min(asked, answers.length) - 1 : Math.max(answers.indexOf("0"), 0);
    form.classList.add("quiz-single");
    form.querySelectorAll("[data-quiz-step]").forEach((step, position) => (step.hidden = guess || position !== first));
    for (const step of form.querySelectorAll("[data-quiz-guess]")) step.hidden = !guess;
    for (const steps of form.querySelectorAll("[data-quiz-steps]")) steps.hidden = false;
  }

  // Without the page's script it is the long form after all.
  function undo() {
    const form = document.querySelector("[data-quiz]");
    if (!form || form.classList.contains("quiz-scripted")) return;
    form.classList.remove("quiz-single");
    for (const step of form.querySelectorAll("[data-quiz-step], [data-quiz-guess]")) step.hidden = false;
    for (const steps of form.querySelectorAll("[data-quiz-steps]")) steps.hidden = true;
  }

  const coming = new MutationObserver(look);
  coming.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    coming.disconnect();
    look();
  });
  window.addEventListener("load", undo);
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-quiz-step]")) event.target.dataset.quizEarly = "yes";
  });
})();

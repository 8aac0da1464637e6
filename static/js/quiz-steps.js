// Shows one question at a time, with the list of questions, the ticks and the mark for review following along.
import { press } from "./press.js";

export function startSteps(form, keeper, paper) {
  const { steps } = paper;
  const links = [...form.querySelectorAll(".navigator a")];
  const ticks = [...document.querySelectorAll(".ticks i")];
  const back = form.querySelector("[data-quiz-back]");
  const next = form.querySelector("[data-quiz-next]");
  let current = -1;

  function refresh() {
    steps.forEach((step, position) => {
      const done = keeper.answers[position] !== "0";
      const marked = keeper.marked[position] === "1";
      if (paper.read(position) !== keeper.answers[position]) paper.fill(position, keeper.answers[position]);
      step.querySelector(".quiz-mark input").checked = marked;
      links[position].classList.toggle("done", done);
      links[position].classList.toggle("marked", marked);
      links[position].querySelector("[data-quiz-said]").textContent = `${done ? ", đã làm" : ", chưa làm"}${marked ? ", xem lại" : ""}`;
      ticks[position].className = position === current ? "now" : done ? "done" : "";
    });
    const count = keeper.answers.filter((char) => char !== "0").length;
    form.querySelector("[data-quiz-count]").textContent = `${count} trên ${steps.length} đã trả lời`;
  }

  function show(position, { focus = true } = {}) {
    current = Math.min(Math.max(position, 0), steps.length - 1);
    steps.forEach((step, index) => (step.hidden = index !== current));
    links.forEach((link, index) => (index === current ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current")));
    const where = document.querySelector("[data-quiz-where]");
    const number = document.createElement("b");
    number.textContent = `Câu ${current + 1}`;
    where.replaceChildren(number, ` trên ${steps.length}`);
    back.disabled = current === 0;
    next.firstElementChild.textContent = current === steps.length - 1 ? "Xem lại" : "Câu sau";
    history.replaceState(null, "", `${form.dataset.address}#cau-${current + 1}`);
    refresh();
    if (focus) {
      steps[current].focus({ preventScroll: true });
      scrollTo({ top: 0 });
    }
  }

  const asked = () => Number(/^#cau-(\d+)$/.exec(location.hash)?.[1] || 0) - 1;

  form.addEventListener("change", (event) => {
    const position = steps.findIndex((step) => step.contains(event.target));
    if (position < 0) return;
    if (event.target.closest(".quiz-mark")) keeper.mark(position, event.target.checked);
    else keeper.answer(position, paper.read(position));
    refresh();
  });
  links.forEach((link, position) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(position);
    }),
  );
  back.addEventListener("click", () => show(current - 1));
  next.addEventListener("click", () => (current === steps.length - 1 ? press(form, form.querySelector("[data-quiz-review]")) : show(current + 1)));
  addEventListener("hashchange", () => asked() >= 0 && asked() !== current && show(asked()));

  form.classList.add("quiz-single", "quiz-scripted");
  form.querySelector("[data-quiz-steps]").hidden = false;
  const blank = keeper.answers.indexOf("0");
  show(asked() >= 0 ? asked() : Math.max(blank, 0), { focus: false });
  return { refresh };
}

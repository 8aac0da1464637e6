// Shows how far the weights of a rubric are from 100 while they are typed; the server checks them again.
import { whole } from "./number.js";

for (const box of document.querySelectorAll("[data-rubric]")) {
  const words = box.querySelector("[data-rubric-sum]");
  const weights = [...box.querySelectorAll("[data-rubric-weight]")];

  function show() {
    const sum = weights.reduce((total, input) => total + (whole(input.value) || 0), 0);
    const left = 100 - sum;
    words.textContent = left === 0 ? "Tổng 100 điểm, đủ." : left > 0 ? `Tổng ${sum} điểm, còn thiếu ${left}.` : `Tổng ${sum} điểm, thừa ${-left}.`;
  }

  box.addEventListener("input", show);
  show();
}

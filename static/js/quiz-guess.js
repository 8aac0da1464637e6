// Keeps the number that is being predicted as it is typed in, before the attempt is handed in: on leaving the field, the page, or at the end of the time.
import { ask } from "./quiz-ask.js";

const AGAIN = 5000;

export function keepGuess(page) {
  const field = page.querySelector("[name=prediction]");
  const form = field?.form;
  let kept = field?.defaultValue;
  let timer = 0;

  async function save() {
    if (!field || field.value === kept) return;
    clearTimeout(timer);
    const before = kept;
    kept = field.value;
    const body = new URLSearchParams(new FormData(form));
    const shown = form.elements.shown_prediction;
    shown.value = "?"; // Whether it arrives is not known: from now on the field counts as changed, whatever it holds.
    const heard = await ask(page.dataset.save, { method: "POST", body, keepalive: true });
    if (heard?.ok) shown.value = body.get("prediction");
    if (heard) return; // What the server refuses is told when the paper is handed in.
    kept = before;
    timer = setTimeout(save, AGAIN);
  }

  field?.addEventListener("change", save);
  addEventListener("pagehide", save);
  return { save };
}

// Keeps the number that is being predicted as it is typed in, before the attempt is handed in: on leaving the field, the page, or at the end of the time.
import { ask } from "./quiz-ask.js";

const AGAIN = 5000;
const NAMES = ["csrf_token", "prediction", "shown_prediction", "decimals"];

export function keepGuess(page, address) {
  const field = page.querySelector("[name=prediction]");
  const form = field?.form;
  let kept = field?.defaultValue;
  let timer = 0;

  function tell(words) {
    const place = page.querySelector("[data-quiz-guess-error]");
    place.textContent = words;
    place.hidden = !words;
    field.classList.toggle("is-invalid", Boolean(words));
  }

  async function save() {
    if (!field || field.value === kept) return;
    clearTimeout(timer);
    const before = kept;
    kept = field.value;
    // Of the paper's form only what is guessed: its answers have a keeper of their own.
    const body = new URLSearchParams([...new FormData(form)].filter(([name]) => NAMES.includes(name)));
    const shown = form.elements.shown_prediction;
    shown.value = "?"; // Whether it arrives is not known: from now on the field counts as changed, whatever it holds.
    const heard = await ask(address, { method: "POST", body, keepalive: true });
    if (heard?.ok) shown.value = body.get("prediction");
    if (heard) return tell(heard.ok ? "" : heard.held.error?.happened || "");
    kept = before;
    timer = setTimeout(save, AGAIN);
  }

  field?.addEventListener("change", save);
  addEventListener("pagehide", save);
  return { save };
}

// What a judge has typed and the server does not hold yet stays in this browser, under the scorecard's own address, which no other account can open.
import { forget, keep, kept } from "./essay-store.js";

const cleaned = (marks) => Object.entries(marks || {}).map(([name, points]) => [name, String(points).trim()]).filter(([, points]) => points).sort();
export const same = (a, b) => JSON.stringify(cleaned(a.marks)) === JSON.stringify(cleaned(b.marks)) && (a.comment || "").trim() === (b.comment || "").trim();
const named = (address) => `card-${address}`;

export class Keeper {
  constructor(form, typed) {
    this.id = named(form.dataset.scorecard);
    this.held = JSON.parse(form.dataset.held);
    this.typed = typed;
    this.box = form.querySelector("[data-kept]");
    this.sent = null;
    this.works = true;
  }

  // `sequence` is that of the save on which the typed marks rest.
  write(sequence) {
    this.works = keep(this.id, { ...this.typed(), body: "", sequence, unconfirmed: this.sent });
  }

  // The server holds what was sent; what was typed since goes on being kept.
  confirmed(sent) {
    this.held = sent;
    this.sent = null;
    if (same(this.typed(), sent)) forget(this.id);
  }

  // Gives back what an earlier page could not save; where the server has something newer, the judge chooses.
  restore(sequence, fill) {
    const draft = kept(this.id);
    if (!draft) return;
    if (same(draft, this.held)) return void forget(this.id);
    if (draft.sequence === sequence || (draft.unconfirmed && same(draft.unconfirmed, this.held))) return fill(draft);
    this.box.hidden = false;
    this.box.querySelector("[data-kept-mine]").addEventListener("click", () => {
      this.box.hidden = true;
      fill(draft);
    });
    this.box.querySelector("[data-kept-theirs]").addEventListener("click", () => {
      this.box.hidden = true;
      forget(this.id);
    });
  }
}

// A card that is signed or given up keeps nothing here.
export function forgetDone() {
  for (const done of document.querySelectorAll("[data-done-card]")) forget(named(done.dataset.doneCard));
}

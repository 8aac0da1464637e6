// Reads the paper in the page: what is ticked, what a question's choices allow, and which letters an answer shows.
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

export class Paper {
  constructor(form) {
    this.steps = [...form.querySelectorAll("[data-quiz-step]")];
    // The order of the choices differs from paper to paper: what was kept for another one is never taken for this.
    this.print = this.steps.map((step) => this.#boxes(step).map((box) => box.value).join("")).join(".");
  }

  // The answer that is ticked at this position.
  read(position) {
    let mask = 0;
    for (const box of this.#boxes(this.steps[position])) if (box.checked) mask |= ALPHABET.indexOf(box.value);
    return ALPHABET[mask];
  }

  fill(position, char) {
    const mask = ALPHABET.indexOf(char);
    for (const box of this.#boxes(this.steps[position])) box.checked = (mask & ALPHABET.indexOf(box.value)) !== 0;
  }

  // Whether the question has every choice of the answer; the server refuses a packet with any other.
  fits(position, char) {
    const boxes = this.steps[position] ? this.#boxes(this.steps[position]) : [];
    const all = boxes.reduce((mask, box) => mask | ALPHABET.indexOf(box.value), 0);
    const mask = typeof char === "string" && char.length === 1 ? ALPHABET.indexOf(char) : -1;
    return mask >= 0 && (mask & ~all) === 0;
  }

  // The letters beside the choices of an answer, as its person saw them.
  letters(position, char) {
    const mask = ALPHABET.indexOf(char);
    const ticked = this.#boxes(this.steps[position]).filter((box) => mask & ALPHABET.indexOf(box.value));
    return ticked.map((box) => box.closest(".option").querySelector("i").textContent).join(", ");
  }

  #boxes(step) {
    return [...step.querySelectorAll(".option input")];
  }
}

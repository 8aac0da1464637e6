// Reads the paper in the page: what is ticked, what a question's choices allow, and which letters an answer shows.
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const WIDE = 0xa000; // An answer that marks a choice beyond the sixth is one letter of the block that begins here.
const MASKS = 1024;

function charOf(mask) {
  return mask < ALPHABET.length ? ALPHABET[mask] : String.fromCharCode(WIDE + mask);
}

// The choices that a character marks, as bits; -1 for a character of no answer.
function maskOf(char) {
  const mask = char.charCodeAt(0) - WIDE;
  return mask >= ALPHABET.length && mask < MASKS ? mask : ALPHABET.indexOf(char);
}

export class Paper {
  constructor(form) {
    this.steps = [...form.querySelectorAll("[data-quiz-step]")];
    // The order of the choices differs from paper to paper: what was kept for another one is never taken for this.
    this.print = this.steps.map((step) => this.#boxes(step).map((box) => box.value).join("")).join(".");
  }

  // The answer that is ticked at this position.
  read(position) {
    let mask = 0;
    for (const box of this.#boxes(this.steps[position])) if (box.checked) mask |= maskOf(box.value);
    return charOf(mask);
  }

  fill(position, char) {
    const mask = maskOf(char);
    for (const box of this.#boxes(this.steps[position])) box.checked = (mask & maskOf(box.value)) !== 0;
  }

  // What was ticked before this script had come; the page says so on each box.
  early() {
    return this.steps.flatMap((step, position) => {
      if (!step.querySelector("[data-quiz-early]")) return [];
      const mark = step.querySelector(".quiz-mark [data-quiz-early]");
      const ticked = step.querySelector(".option [data-quiz-early]");
      return [{ position, char: ticked ? this.read(position) : null, marked: mark ? mark.checked : null }];
    });
  }

  // Whether the question has every choice of the answer; the server refuses a packet with any other.
  fits(position, char) {
    const boxes = this.steps[position] ? this.#boxes(this.steps[position]) : [];
    const all = boxes.reduce((mask, box) => mask | maskOf(box.value), 0);
    const mask = typeof char === "string" && char.length === 1 ? maskOf(char) : -1;
    return mask >= 0 && (mask & ~all) === 0;
  }

  // The letters beside the choices of an answer, as its person saw them.
  letters(position, char) {
    const mask = maskOf(char);
    const ticked = this.#boxes(this.steps[position]).filter((box) => mask & maskOf(box.value));
    return ticked.map((box) => box.closest(".option").querySelector("i").textContent).join(", ");
  }

  #boxes(step) {
    return [...step.querySelectorAll(".option input")];
  }
}

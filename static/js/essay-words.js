// Counts words as the server does: what blanks part, if it holds a letter or a digit.
const LETTER = /[\p{L}\p{N}]/u;
const shown = new Intl.NumberFormat("vi-VN");

export function countWords(text) {
  return text.split(/\s+/u).filter((word) => LETTER.test(word)).length;
}

function verdict(words, least, most) {
  if (words < Math.max(1, least)) return `Còn thiếu ${shown.format(Math.max(1, least) - words)} từ.`;
  if (most && words > most) return `Thừa ${shown.format(words - most)} từ.`;
  return "Đã đủ số từ.";
}

// Shows the count of `text` in the box [data-essay-count].
export function showCount(box, text) {
  const words = countWords(text);
  const least = Number(box.dataset.least);
  const most = Number(box.dataset.most);
  const bar = box.querySelector("[data-count-bar]");
  const fits = words >= Math.max(1, least) && (!most || words <= most);
  box.querySelector("[data-count-words]").textContent = shown.format(words);
  box.querySelector("[data-count-verdict]").textContent = verdict(words, least, most);
  bar.value = words;
  bar.className = fits ? "la" : "ink";
}

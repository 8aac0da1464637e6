// "Sửa chỗ này": goes to the words that may tell who wrote the essay, and selects them.
export function bindLeaks(box, form) {
  box.addEventListener("click", (event) => {
    const link = event.target.closest("[data-leak]");
    if (!link) return;
    event.preventDefault();
    const field = form.elements[link.dataset.leakField];
    const words = link.dataset.leak;
    const before = Array.from(field.value).slice(0, Number(link.dataset.leakStart)).join("").length;
    const at = field.value.startsWith(words, before) ? before : field.value.indexOf(words);
    field.focus();
    if (at < 0) return;
    field.setSelectionRange(at, at + words.length);
    if (field.tagName === "TEXTAREA") scrollTo(field, at);
  });
}

// Brings the place `at` into view: a textarea cut off there is as tall as what stands before it.
function scrollTo(field, at) {
  const whole = field.value;
  const [from, to] = [field.selectionStart, field.selectionEnd];
  field.value = whole.slice(0, at);
  const above = field.scrollHeight;
  field.value = whole;
  field.setSelectionRange(from, to);
  field.scrollTop = Math.max(0, above - field.clientHeight / 2);
  field.scrollIntoView({ block: "center" });
}

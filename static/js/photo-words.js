// Counts the words of a caption beside what the rules allow, as the server counts them.
const field = document.querySelector("[data-caption-words]");
const place = document.querySelector("[data-caption-count]");
if (field && place) {
  const most = Number(field.dataset.captionWords);
  const count = () => {
    const words = field.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    place.textContent = `${words} trên ${most} từ${words > most ? ", bạn cần rút gọn" : ""}`;
  };
  place.hidden = false;
  field.addEventListener("input", count);
  count();
}

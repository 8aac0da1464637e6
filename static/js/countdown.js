// Keeps the page's countdowns going by the server's clock, however wrong the visitor's own clock is, and through a sleep.
const day = 86400000;

function pieces(left) {
  const seconds = Math.floor(left / 1000);
  const [days, hours] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600)];
  const minutes = Math.floor((seconds % 3600) / 60);
  if (left >= day) return [[days, "ngày"], [hours % 24, "giờ"], [minutes, "phút"]];
  return [[hours, "giờ"], [minutes, "phút"], [seconds % 60, "giây"]];
}

function start(box) {
  const ahead = Date.parse(box.dataset.now) - Date.now();
  const end = Date.parse(box.dateTime);
  const timer = setInterval(() => {
    const left = end - Date.now() - ahead;
    if (left <= 0) {
      clearInterval(timer);
      box.removeAttribute("role");
      box.textContent = box.dataset.done;
      return;
    }
    pieces(left).forEach(([number, word], index) => {
      const part = box.children[index];
      part.firstElementChild.textContent = number;
      part.lastElementChild.textContent = word;
    });
  }, 1000);
}

document.querySelectorAll("[data-countdown]").forEach(start);

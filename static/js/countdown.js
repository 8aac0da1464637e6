// Keeps the page's countdowns going by the server's clock, however wrong the visitor's own clock is.
const loadedAt = performance.now();

function pieces(left, withDays) {
  const seconds = Math.floor(left / 1000);
  const days = Math.floor(seconds / 86400);
  const clock = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return withDays ? [days, clock[0] % 24, clock[1]] : clock;
}

function tick(box) {
  const now = Date.parse(box.dataset.now) + (performance.now() - loadedAt);
  const left = Date.parse(box.dateTime) - now;
  if (left <= 0) {
    box.removeAttribute("role");
    box.textContent = box.dataset.done;
    return false;
  }
  const withDays = left >= 86400000;
  const words = withDays ? ["ngày", "giờ", "phút"] : ["giờ", "phút", "giây"];
  pieces(left, withDays).forEach((number, index) => {
    const part = box.children[index];
    part.firstElementChild.textContent = number;
    part.lastElementChild.textContent = words[index];
  });
  return true;
}

for (const box of document.querySelectorAll("[data-countdown]")) {
  const timer = setInterval(() => tick(box) || clearInterval(timer), 1000);
}

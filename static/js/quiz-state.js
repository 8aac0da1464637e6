// Says in words what the server holds and what still waits on this device.
const box = document.querySelector("[data-quiz-saved]");
const words = document.querySelector("[data-quiz-words]");
const net = document.querySelector("[data-quiz-net]");
const netWords = document.querySelector("[data-quiz-net-words]");
const lost = document.querySelector("[data-quiz-lost]");

function time(moment) {
  const zone = { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
  return new Date(moment).toLocaleTimeString("vi-VN", zone);
}

function setIcon(name) {
  for (const icon of box.querySelectorAll("[data-quiz-icon]")) icon.hidden = icon.dataset.quizIcon !== name;
}

export function showSaved(keeper) {
  const waits = keeper.waiting;
  const unsent = waits > 0;
  box.classList.toggle("waiting", unsent);
  box.classList.toggle("none", !unsent && !keeper.savedAt);
  if (unsent) words.textContent = `Chờ gửi ${waits} câu`;
  else if (keeper.savedAt) words.textContent = `Đã lưu ${time(keeper.savedAt)}`;
  else return;
  setIcon(unsent ? "waiting" : "kept");
}

function list(positions) {
  const numbers = positions.map((position) => Number(position) + 1).sort((a, b) => a - b);
  return numbers.length > 4 ? `${numbers.length} câu` : `Câu ${numbers.join(", ")}`;
}

let ticking = 0;

export function showNet(keeper) {
  const away = keeper.failures > 0;
  net.hidden = !away;
  lost.hidden = !away;
  clearInterval(ticking);
  if (!away) return;
  const say = () => {
    const seconds = Math.max(0, Math.ceil((keeper.retryAt - performance.now()) / 1000));
    const done = keeper.answers.filter((char, position) => char !== "0" && !(position in keeper.changes)).length;
    const here = keeper.waiting ? `${list(Object.keys(keeper.changes))} đang giữ trong máy này` : "Dấu xem lại đang giữ trong máy này";
    const why = keeper.problem ? `${keeper.problem} ` : "";
    netWords.textContent = `${why}${here}, ${done} câu trước đã lưu ở máy chủ. Tự gửi khi có mạng; thử lại sau ${seconds} giây.`;
  };
  say();
  ticking = setInterval(say, 1000);
}

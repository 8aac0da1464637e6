// Says in words what the server holds, what still waits on this device, and what another device has answered.
const box = document.querySelector("[data-quiz-saved]");
const words = document.querySelector("[data-quiz-words]");
const notes = document.querySelector("[data-quiz-notes]");
const net = document.querySelector("[data-quiz-net]");
const netTitle = document.querySelector("[data-quiz-net-title]");
const netWords = document.querySelector("[data-quiz-net-words]");
const again = document.querySelector("[data-quiz-net-again]");
const retry = document.querySelector("[data-quiz-retry]");
const reload = document.querySelector("[data-quiz-reload]");
const lost = document.querySelector("[data-quiz-lost]");
const elsewhere = document.querySelector("[data-quiz-elsewhere]");
const elsewhereWords = document.querySelector("[data-quiz-elsewhere-words]");

function time(moment) {
  const zone = { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
  return new Date(moment).toLocaleTimeString("vi-VN", zone);
}

function setIcon(name) {
  for (const icon of box.querySelectorAll("[data-quiz-icon]")) icon.hidden = icon.dataset.quizIcon !== name;
}

// A live region is read aloud whenever it is written, so it is written only when it says something else.
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
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

function numbers(positions) {
  return positions.map((position) => Number(position) + 1).sort((a, b) => a - b).join(", ");
}

function list(positions) {
  return positions.length > 4 ? `${positions.length} câu` : `Câu ${numbers(positions)}`;
}

function kept(keeper) {
  if (!keeper.waiting) return keeper.marksChanged ? "Dấu xem lại đang giữ trong máy này" : "Câu trả lời đã lưu vẫn còn nguyên";
  const waiting = list(Object.keys(keeper.changes));
  return keeper.store.works ? `${waiting} đang giữ trong máy này` : `${waiting} đang giữ trong trang này và mất khi đóng trang`;
}

// The page slides down by as much as what is said takes.
if (notes && "ResizeObserver" in window) {
  new ResizeObserver(() => {
    const height = Math.ceil(notes.getBoundingClientRect().height);
    document.documentElement.style.setProperty("--quiz-notes", `${height}px`);
    document.documentElement.classList.toggle("quiz-slid", height > 0);
  }).observe(notes);
}

let ticking = 0;

export function showNet(keeper) {
  const away = keeper.failures > 0;
  net.hidden = !away;
  lost.hidden = !away || Boolean(keeper.refused);
  clearInterval(ticking);
  if (!away) return;
  const { refused, problem } = keeper;
  const done = keeper.answers.filter((char, position) => char !== "0" && !(position in keeper.changes)).length;
  const turnedDown = refused && reload.hidden;
  retry.hidden = Boolean(refused);
  reload.hidden = !refused;
  again.hidden = Boolean(refused);
  if (refused) {
    say(netTitle, refused.title);
    say(netWords, `${refused.happened} ${refused.todo} ${kept(keeper)}.`);
    // Only the person can mend this, so it is brought before whoever has scrolled past it.
    if (turnedDown) net.scrollIntoView();
    return;
  }
  if (keeper.ending) {
    say(netTitle, "Mất kết nối nên chưa nộp bài được.");
    say(netWords, `${kept(keeper)}${done ? `, ${done} câu đã lưu ở máy chủ` : ""}. Khi có mạng, trang tự gửi phần còn giữ; bạn bấm Xem lại và nộp bài lần nữa. Đồng hồ vẫn chạy: hết giờ, hệ thống tự nộp những câu máy chủ đã có.`);
  } else {
    say(netTitle, "Mất kết nối. Bạn cứ làm tiếp.");
    say(netWords, `${problem ? `${problem} ` : ""}${kept(keeper)}${done ? `, ${done} câu trước đã lưu ở máy chủ` : ""}. Tự gửi khi có mạng.`);
  }
  const count = () => (again.textContent = `Thử lại sau ${Math.max(0, Math.ceil((keeper.retryAt - performance.now()) / 1000))} giây.`);
  count();
  ticking = setInterval(count, 1000);
}

export function showElsewhere(keeper) {
  const positions = [...keeper.elsewhere];
  elsewhere.hidden = !positions.length;
  if (!positions.length) return say(elsewhereWords, "");
  say(elsewhereWords, `Câu ${numbers(positions)} đã có câu trả lời từ máy hoặc cửa sổ khác. Trang hiện câu trả lời máy chủ đang giữ; muốn đổi, bạn chọn lại.`);
}

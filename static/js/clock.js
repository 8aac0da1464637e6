// Keeps the footer's server time true while the page stands open.
const clock = document.querySelector("[data-server-clock]");
const served = Date.parse(clock.dateTime);
const loadedAt = performance.now();
const zone = { timeZone: "Asia/Ho_Chi_Minh" };

function words(moment) {
  const time = moment.toLocaleTimeString("vi-VN", { ...zone, hour: "2-digit", minute: "2-digit", hour12: false });
  return clock.textContent.trim().replace(/^\d\d:\d\d/, time);
}

function sameDay(moment) {
  const day = (value) => new Date(value).toLocaleDateString("vi-VN", zone);
  return day(moment) === day(served);
}

const timer = setInterval(() => {
  const moment = new Date(served + performance.now() - loadedAt);
  if (!sameDay(moment)) return clearInterval(timer);
  clock.textContent = words(moment);
}, 15000);

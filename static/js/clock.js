// Keeps the footer's server time true while the page stands open; at midnight the words stay, for the weekday changes too.
const clock = document.querySelector("[data-server-clock]");
const served = Date.parse(clock.dateTime);
const ahead = served - Date.now();
const zone = { timeZone: "Asia/Ho_Chi_Minh" };
const dayOf = (moment) => new Date(moment).toLocaleDateString("en-GB", zone);
const timeOf = (moment) =>
  new Date(moment).toLocaleTimeString("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" });

const timer = setInterval(() => {
  const now = Date.now() + ahead;
  if (dayOf(now) !== dayOf(served)) return clearInterval(timer);
  clock.textContent = clock.textContent.trim().replace(/^\d\d:\d\d/, timeOf(now));
}, 15000);

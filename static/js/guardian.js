/**
 * Opens the part of the guardian, <details data-guardian="ID OF THE BIRTH DATE">, as soon as the day of birth says that one is needed.
 *
 * It reads a day as the server does, and decides nothing: whoever is asked for a guardian is told so by the server.
 */

const DAY = /^(\d{1,2})(?:\s*[/.-]\s*|\s+)(\d{1,2})(?:\s*[/.-]\s*|\s+)(\d{4}|\d{2})$/;
const DIGITS = /^(\d\d)(\d\d)(\d{4}|\d{2})$/;

function born(text, today) {
  const plain = text.normalize("NFC").replace(/ngày|tháng|năm/gi, " ").trim();
  const found = DAY.exec(plain) || DIGITS.exec(plain);
  if (!found) return null;
  const [day, month, year] = found.slice(1).map(Number);
  if (day < 1 || day > 31 || month < 1 || month > 12) return null;
  if (found[3].length === 4) return { day, month, year };
  const whole = Math.floor(today.year / 100) * 100 + year;
  return age({ day, month, year: whole }, today) < 0 ? { day, month, year: whole - 100 } : { day, month, year: whole };
}

function age(from, today) {
  const before = today.month < from.month || (today.month === from.month && today.day < from.day);
  return today.year - from.year - (before ? 1 : 0);
}

function watch(part) {
  const field = document.getElementById(part.dataset.guardian);
  const status = document.getElementById(part.dataset.guardianStatus);
  const limit = Number(part.dataset.guardianAge);
  const [year, month, day] = part.dataset.guardianToday.split("-").map(Number);
  const today = { year, month, day };
  let opened = false;

  function look() {
    const from = born(field.value, today);
    const years = from ? age(from, today) : -1;
    if (years >= 0 && years < limit && !part.open) {
      part.open = opened = true;
      status.textContent = `Người dưới ${limit} tuổi cần người giám hộ: phần thông tin người giám hộ vừa mở ra ở dưới.`;
    } else if (years >= limit && opened) {
      part.open = opened = false;
      status.textContent = "";
    }
  }

  field.addEventListener("change", look);
  window.addEventListener("pageshow", look);
  look();
}

document.querySelectorAll("details[data-guardian]").forEach(watch);

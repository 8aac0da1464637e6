// Runs the clock of a sitting from the time that the server says is left; the visitor's own clock does not matter, and nothing ends by this one.
const ANNOUNCED = [5, 1];
const STILL_ASKED = 15000;
const LAST = 1500;
const ASKED_AGAIN = 3000;
const JUMP = 2000;
const LATE = 60000;
const RUNNING = "còn lại, theo giờ máy chủ";
const ENDING = "sắp hết giờ làm bài";
const UNHEARD = "Hết giờ theo trang này, chưa hỏi được máy chủ. Trang tự hỏi lại.";

function shown(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const pair = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours ? `${hours}:${pair(minutes)}:${pair(seconds % 60)}` : `${pair(minutes)}:${pair(seconds % 60)}`;
}

// When the page began to come: what it says of the time left was true then, however long its scripts took.
function arrived() {
  const [visit] = performance.getEntriesByType("navigation");
  const now = performance.now();
  return visit && visit.responseStart > 0 ? Math.min(visit.responseStart, now) : now;
}

// `ask` asks the server how the sitting stands (true: over, false: it runs, null: no answer) and has `set` called; `last` sends what waits.
export function startClock(ask, last) {
  const box = document.querySelector("[data-quiz-clock]");
  const spoken = document.querySelector("[data-quiz-spoken]");
  const said = document.querySelector("[data-quiz-still]");
  let end = arrived() + Number(box.dataset.remaining);
  let ticked = performance.now();
  // performance.now() stands still in some phones' sleep, which the wall clock shows; but that clock may also have been set right.
  let wall = Date.now() - performance.now();
  let waiting = ANNOUNCED.filter((minutes) => end - performance.now() > minutes * 60000);
  let lastSent = false;
  let asking = false;
  let askAt = 0;
  let still = 0;

  // The last minute is told in words too; the voice has its own.
  const runs = () => said.textContent === RUNNING || said.textContent === ENDING;
  const running = (left) => (left < LATE ? ENDING : RUNNING);

  function say(words) {
    if (said.textContent === words) return;
    const ran = runs();
    said.textContent = words;
    if (!runs()) spoken.textContent = words;
    else if (!ran) spoken.textContent = "Đồng hồ chạy tiếp theo giờ máy chủ.";
  }

  // While the organisers have paused the round nothing runs; the server is asked now and then whether it goes on.
  function stand(on) {
    if (on === Boolean(still)) return;
    clearInterval(still);
    still = on ? setInterval(ask, STILL_ASKED) : 0;
  }

  // Only the server knows whether the phone slept or its clock was set; without its word the lesser time is shown, which ends nothing.
  async function jumped(by) {
    if ((await ask()) === null && by > 0) end -= by;
  }

  async function atZero() {
    asking = true;
    const over = await ask();
    asking = over === true;
    askAt = performance.now() + ASKED_AGAIN;
    if (over) spoken.textContent = "Hết giờ. Hệ thống nộp những gì đã lưu.";
    else if (over === null) say(UNHEARD);
  }

  function tick() {
    const now = performance.now();
    const by = Date.now() - now - wall;
    wall += by;
    if (still) end += now - ticked;
    ticked = now;
    if (still) return;
    if (Math.abs(by) > JUMP) jumped(by);
    const left = end - now;
    box.textContent = shown(left);
    box.classList.toggle("last", left < LATE);
    if (left > 0 && runs()) say(running(left));
    const due = waiting.filter((minutes) => left <= minutes * 60000);
    if (due.length && left > 0) spoken.textContent = `Còn ${Math.min(...due)} phút làm bài.`;
    waiting = waiting.filter((minutes) => !due.includes(minutes));
    if (left <= LAST && !lastSent) {
      lastSent = true;
      last();
    }
    if (left <= 0 && !asking && now >= askAt) atZero();
  }

  stand("paused" in box.dataset);
  if (still) ask();
  setInterval(tick, 250);
  tick();
  return {
    // The server's word, asked for at `at`: what its answer took on the way is taken off, so that never more is shown than there is.
    set({ remaining, paused, at }) {
      const now = performance.now();
      end = (paused ? now : at) + remaining;
      ticked = now;
      wall = Date.now() - now;
      askAt = 0;
      lastSent = lastSent && remaining <= LAST;
      waiting = ANNOUNCED.filter((minutes) => remaining > minutes * 60000);
      box.textContent = shown(end - now);
      stand(paused);
      say(paused ? said.dataset.quizStill : running(end - now));
    },
  };
}

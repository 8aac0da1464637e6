// Runs the clock of a sitting from the time that the server says is left; the visitor's own clock does not matter.
const ANNOUNCED = [5, 1];
const STILL_ASKED = 15000;

function shown(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const pair = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours ? `${hours}:${pair(minutes)}:${pair(seconds % 60)}` : `${pair(minutes)}:${pair(seconds % 60)}`;
}

export function startClock(onEnd, ask) {
  const box = document.querySelector("[data-quiz-clock]");
  const spoken = document.querySelector("[data-quiz-spoken]");
  let end = performance.now() + Number(box.dataset.remaining);
  let ticked = performance.now();
  // performance.now() stands still in some phones' sleep; the wall clock tells how long that was.
  let wall = Date.now() - performance.now();
  let waiting = ANNOUNCED.filter((minutes) => end - performance.now() > minutes * 60000);
  let over = false;
  let still = 0;
  const said = document.querySelector("[data-quiz-still]");
  const running = "còn lại, theo giờ máy chủ";

  // While the organisers have paused the round nothing runs; the server is asked now and then whether it goes on.
  function stand(on) {
    if (on === Boolean(still)) return;
    clearInterval(still);
    still = on && ask ? setInterval(ask, STILL_ASKED) : 0;
    said.textContent = on ? said.dataset.quizStill : running;
    spoken.textContent = on ? said.dataset.quizStill : "Đợt thi tiếp tục.";
  }

  function tick() {
    if (still) {
      end += performance.now() - ticked;
      ticked = performance.now();
      wall = Date.now() - performance.now();
      return;
    }
    ticked = performance.now();
    const slept = Date.now() - performance.now() - wall;
    if (slept > 2000) {
      end -= slept;
      wall += slept;
    }
    const left = end - performance.now();
    box.textContent = shown(left);
    box.classList.toggle("last", left < 60000);
    const due = waiting.filter((minutes) => left <= minutes * 60000);
    if (due.length) {
      spoken.textContent = `Còn ${Math.min(...due)} phút làm bài.`;
      waiting = waiting.filter((minutes) => !due.includes(minutes));
    }
    if (left <= 1500 && !over) {
      over = true;
      spoken.textContent = "Hết giờ. Hệ thống nộp những gì đã lưu.";
      setTimeout(onEnd, 0);
    }
  }

  setInterval(tick, 250);
  tick();
  return {
    set(remaining, paused = false) {
      end = performance.now() + remaining;
      wall = Date.now() - performance.now();
      ticked = performance.now();
      over = over && remaining <= 1500;
      waiting = ANNOUNCED.filter((minutes) => remaining > minutes * 60000);
      box.textContent = shown(remaining);
      stand(paused);
    },
  };
}

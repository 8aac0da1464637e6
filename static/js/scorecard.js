// A judge's scorecard: steppers, quick marks, the running total, and saving by itself. Without this module the form's own buttons do it all.
import { whole } from "./number.js";
import { Keeper, forgetDone, same } from "./scorecard-keeper.js";

const SAVE_AFTER = 1200;
const RETRY_AFTER = 4000;

for (const form of document.querySelectorAll("[data-scorecard]")) bind(form);
forgetDone();
for (const sizes of document.querySelectorAll("[data-text-size]")) bindTextSize(sizes);

function bind(form) {
  const inputs = [...form.querySelectorAll(".score-value")];
  const status = document.querySelector("[data-saved]");
  const sign = form.querySelector("[data-sign]");
  const sequence = form.elements.sequence;
  let timer = 0;
  let flight = null;
  let dirty = false;
  let told = false;
  const typed = () => ({ marks: marks(), comment: form.elements.comment.value });
  const keeper = new Keeper(form, typed);

  for (const hidden of form.querySelectorAll("[data-step], [data-levels]")) hidden.hidden = false;

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step], [data-levels] button");
    if (!button) return;
    const input = button.closest(".score-row").querySelector(".score-value");
    const value = button.dataset.step ? (whole(input.value) || 0) + Number(button.dataset.step) : Number(button.value);
    input.value = Math.min(Number(input.dataset.max), Math.max(0, value));
    changed();
  });
  form.addEventListener("input", changed);
  form.addEventListener("submit", () => { dirty = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && dirty) send(); });
  document.addEventListener("click", leave);
  window.addEventListener("beforeunload", (event) => { if (dirty && !keeper.works) event.preventDefault(); });
  show();
  keeper.restore(Number(sequence.value), fill);
  // What was typed before this script came, or stood in a form that was turned down, is saved like the rest.
  if (!dirty && keeper.box.hidden && !same(typed(), keeper.held)) changed();

  function marks() {
    return Object.fromEntries(inputs.map((input) => [input.name.slice("mark-".length), input.value.trim()]));
  }

  function show() {
    const given = inputs.filter((input) => input.value.trim() !== "");
    const total = given.reduce((sum, input) => sum + whole(input.value), 0);
    const missing = inputs.length - given.length;
    form.querySelector("[data-total]").textContent = given.length && !Number.isNaN(total) ? total : "–";
    form.querySelector("[data-missing]").textContent = missing ? `, còn ${missing} tiêu chí` : "";
    sign.textContent = missing ? `Ký phiếu, còn ${missing} tiêu chí` : "Ký phiếu chấm";
    for (const input of inputs) {
      const wrong = input.value.trim() !== "" && !(whole(input.value) <= Number(input.dataset.max));
      input.classList.toggle("is-invalid", wrong);
      input.setAttribute("aria-invalid", String(wrong));
      for (const level of input.closest(".score-row").querySelectorAll("[data-levels] button")) {
        level.setAttribute("aria-pressed", String(level.value === input.value));
      }
    }
  }

  function fill(draft) {
    for (const input of inputs) input.value = draft.marks[input.name.slice("mark-".length)] ?? "";
    form.elements.comment.value = draft.comment;
    const comment = form.elements.comment.closest("details");
    if (comment && draft.comment) comment.open = true;
    changed();
  }

  function changed() {
    dirty = true;
    keeper.write(Number(sequence.value));
    show();
    status.textContent = "Đang chờ lưu…";
    clearTimeout(timer);
    timer = setTimeout(send, SAVE_AFTER);
  }

  // A link that leaves the page waits for the marks; when they cannot be saved the page stays, says so, and lets the next press go: they are kept here.
  function leave(event) {
    const link = event.target.closest("a[href]");
    if (!link || link.hash || !(dirty || flight) || (told && keeper.works)) return;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    Promise.resolve(flight).then(() => dirty && send()).then(() => {
      if (!dirty) location.assign(link.href);
      told = dirty;
    });
  }

  function send() {
    flight ??= post().finally(() => { flight = null; });
    return flight;
  }

  async function post() {
    dirty = false;
    clearTimeout(timer);
    const mine = Number(sequence.value) + 1;
    const sent = typed();
    keeper.sent = sent;
    keeper.write(mine - 1);
    try {
      const reply = await fetch(form.dataset.scorecard, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        body: JSON.stringify({ ...sent, sequence: mine }),
      });
      const held = await reply.json();
      if (reply.ok && (!held.stale || same(held, sent))) {
        sequence.value = held.sequence;
        told = false;
        keeper.confirmed(sent);
        status.textContent = `Đã lưu ${held.saved_at}`;
      } else if (reply.ok) {
        status.textContent = `Phiếu đã được lưu ở một cửa sổ khác lúc ${held.saved_at}. Bạn tải lại trang để xem bản đó, hoặc bấm Lưu nháp để giữ điểm đang nhập.`;
      } else {
        dirty = true;
        status.textContent = `Chưa lưu được: ${held.error.happened} ${keeper.works ? "Điểm và nhận xét vẫn giữ trong máy này." : ""} `;
        // The same status says that a mark is wrong, which a page loaded again does not mend.
        const mendable = inputs.some((input) => input.classList.contains("is-invalid"));
        if (reply.status === 401 || (reply.status === 400 && !mendable)) status.append(again(reply.status === 401 ? "Đăng nhập lại" : "Tải lại trang"));
        else status.append(held.error.todo);
        told = true;
      }
    } catch {
      dirty = true;
      status.textContent = "Mất kết nối. Điểm đang giữ trong trang này, tự gửi lại khi có mạng.";
      timer = setTimeout(send, RETRY_AFTER);
    } finally {
      status.classList.toggle("waiting", !status.textContent.startsWith("Đã lưu"));
      if (dirty && status.textContent.startsWith("Đã lưu")) changed();
    }
  }
}

// The same page, which asks to sign in first where that is needed.
function again(words) {
  const link = document.createElement("a");
  link.href = location.pathname;
  link.textContent = words;
  return link;
}

function bindTextSize(sizes) {
  const sheet = sizes.closest("[data-sheet]");
  const steps = ["smaller", "", "larger"];
  let step = 1;
  sizes.hidden = false;
  sizes.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    step = Math.min(2, Math.max(0, step + (button.value === "larger" ? 1 : -1)));
    sheet.classList.remove("smaller", "larger");
    if (steps[step]) sheet.classList.add(steps[step]);
  });
}

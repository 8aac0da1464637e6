// The essay editor: saves by itself, keeps what is not yet saved in this browser, counts, and never overwrites a newer text silently.
import { showCount } from "./essay-words.js";
import { bindLeaks } from "./essay-leak.js";
import { forget, keep, kept } from "./essay-store.js";
import { press } from "./press.js";
import { offerBoth, showState, showTrouble, hideTrouble } from "./essay-state.js";

const QUIET = 1500;
const LONGEST_WAIT = 30000;

const form = document.querySelector("[data-essay]");
const id = form.dataset.essayId;
const count = document.querySelector("[data-essay-count]");
const leaks = document.querySelector("[data-essay-leaks]");
const checks = document.querySelector("[data-essay-checks]");
const fields = ["theme", "title", "body"];
const token = form.elements.csrf_token.value;

const text = () => Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
const same = (a, b) => fields.every((name) => (a[name] || "") === (b[name] || ""));
const sequence = () => Number(form.elements.sequence.value);

let confirmed = form.hasAttribute("data-unsaved") ? {} : text();
let timer = 0;
let wait = 2000;
let flying = null;
let torn = false;
let lastSent = null;
let shownLeaks = "";

function fill(draft) {
  for (const name of fields) form.elements[name].value = draft[name] || "";
  form.elements.sequence.value = draft.sequence;
  showCount(count, draft.body || "");
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(send, ms);
}

function changed() {
  showCount(count, form.elements.body.value);
  keep(id, { ...text(), sequence: sequence(), unconfirmed: lastSent });
  showState("waiting", "Chưa lưu");
  if (!torn) later(QUIET);
}

// One packet at a time: a save rests on the number that the last one gave back.
function send(acknowledge = "") {
  clearTimeout(timer);
  if (flying) return flying.then(() => send(acknowledge));
  if (torn || (same(text(), confirmed) && !acknowledge)) return Promise.resolve();
  flying = packet(text(), acknowledge).finally(() => {
    flying = null;
  });
  return flying;
}

async function packet(sent, acknowledge) {
  showState("waiting", "Đang lưu…");
  lastSent = sent;
  let reply;
  let answer;
  try {
    reply = await fetch(form.dataset.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ ...sent, sequence: sequence(), acknowledge }),
    });
    answer = await reply.json();
  } catch {
    return offline();
  }
  if (reply.ok) return saved(sent, answer);
  if (answer.held) return stale(answer.held);
  if (reply.status === 429 || reply.status >= 500) return offline();
  const { title, happened, kept: safe, todo } = answer.error;
  showState("failed", "Chưa lưu");
  showTrouble(title, [happened, safe, todo].filter(Boolean).join(" "));
}

function saved(sent, answer) {
  form.elements.sequence.value = answer.sequence;
  confirmed = sent;
  lastSent = null;
  wait = 2000;
  hideTrouble();
  if (shownLeaks !== answer.leaks) leaks.innerHTML = shownLeaks = answer.leaks;
  checks.innerHTML = answer.checks;
  if (same(text(), sent)) {
    forget(id);
    showState("", `Đã lưu nháp ${answer.saved}`);
  } else changed();
}

function offline() {
  showState("waiting", "Mất kết nối, bài vẫn giữ trong máy này");
  later(wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

// The server holds another text. Our own packet whose reply was lost is no stranger: go on from its number.
function stale(held) {
  const known = [lastSent, confirmed, kept(id)?.unconfirmed].filter(Boolean);
  if (held.sequence > sequence() && known.some((draft) => same(draft, held))) {
    form.elements.sequence.value = held.sequence;
    confirmed = { theme: held.theme, title: held.title, body: held.body };
    later(0);
    return;
  }
  torn = true;
  showState("failed", "Có hai bản khác nhau");
  offerBoth(held, {
    mine() {
      torn = false;
      form.elements.sequence.value = held.sequence;
      confirmed = held;
      send();
    },
    theirs() {
      torn = false;
      fill(held);
      confirmed = text();
      forget(id);
      hideTrouble();
      showState("", `Đã lưu nháp ${held.saved}`);
    },
  });
}

function restore() {
  const draft = kept(id);
  if (!draft) return;
  if (same(draft, text())) return void forget(id);
  const server = { ...text(), sequence: sequence(), saved: "trước đó" };
  fill({ ...draft, sequence: server.sequence });
  if (draft.sequence === server.sequence || (draft.unconfirmed && same(draft.unconfirmed, server))) return changed();
  stale({ ...server, sequence: server.sequence });
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.elements.title.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  send();
});
addEventListener("online", () => send());
addEventListener("pagehide", () => same(text(), confirmed) || keep(id, { ...text(), sequence: sequence(), unconfirmed: lastSent }));

// Buttons that lead elsewhere wait for the packet that is on its way; the two that stay here need no new page.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=submit]");
  if (button?.form !== form) return;
  if (button.matches("[data-save-now], [data-acknowledge]")) {
    event.preventDefault();
    send(button.value);
  }
});
form.addEventListener("submit", (event) => {
  if (torn) return event.preventDefault();
  if (!flying) return;
  event.preventDefault();
  const button = event.submitter;
  flying.then(() => torn || press(form, button));
});

bindLeaks(leaks, form);
restore();
showCount(count, form.elements.body.value);

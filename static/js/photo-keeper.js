// Keeps the title, theme and caption of a photograph as they are typed: in this browser at once, on the server after a pause; never over newer words unseen.
import { forget, keep, kept } from "./essay-store.js";
import { showState } from "./essay-state.js";

const QUIET = 1200;
const LONGEST_WAIT = 30000;
const NAMES = ["title", "theme", "caption"];

const form = document.querySelector("form[data-photo-words]");
if (form) start();

function start() {
  const id = `photo-${form.dataset.photoWords}`;
  const trouble = document.querySelector("[data-words-trouble]");
  const choice = trouble.querySelector("[data-trouble-choice]");
  const words = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));
  const same = (a, b) => NAMES.every((name) => (a[name] || "").trim() === (b[name] || "").trim());
  let base = form.dataset.base;
  let confirmed = form.hasAttribute("data-unsaved") ? {} : words();
  let timer = 0;
  let wait = 2000;
  let flying = null;
  let held = null;
  let lastSent = null;

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  }

  function keepHere() {
    keep(id, { ...words(), body: "", base, unconfirmed: lastSent });
  }

  function changed() {
    if (same(words(), confirmed)) return;
    keepHere();
    showState("waiting", "Chưa lưu");
    if (!held) later(QUIET);
  }

  // One packet at a time: a save rests on what the last one gave back.
  function send() {
    clearTimeout(timer);
    if (flying) return flying.then(send);
    if (held || same(words(), confirmed)) return Promise.resolve();
    flying = packet(words()).finally(() => {
      flying = null;
    });
    return flying;
  }

  async function packet(sent) {
    showState("waiting", "Đang lưu…");
    lastSent = sent;
    const data = new FormData();
    for (const name of NAMES) data.append(name, sent[name]);
    data.append("csrf_token", form.elements.csrf_token.value);
    data.append("act", "save");
    data.append("base", base);
    let reply;
    let answer;
    try {
      reply = await fetch(location.href, { method: "POST", body: data, headers: { Accept: "application/json" }, keepalive: true });
      answer = await reply.json();
    } catch {
      return offline();
    }
    if (reply.ok) return saved(sent, answer);
    if (answer.held) return overtaken(answer);
    if (reply.status === 429 || reply.status >= 500) return offline();
    showState("failed", "Chưa lưu");
    tell(answer.error.title, [answer.error.happened, answer.error.kept, answer.error.todo].filter(Boolean).join(" "));
  }

  function saved(sent, answer) {
    base = answer.base;
    document.querySelector("[data-photo-leaks]").innerHTML = answer.leaks;
    confirmed = sent;
    lastSent = null;
    wait = 2000;
    trouble.hidden = true;
    if (same(words(), sent)) {
      forget(id);
      showState("", `Đã lưu nháp ${answer.saved}`);
    } else changed();
  }

  function offline() {
    showState("waiting", "Mất kết nối, chữ vẫn giữ trong máy này");
    later(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  // Our own packet whose reply was lost is no stranger: go on from there.
  function overtaken(answer) {
    if ([lastSent, confirmed].some((known) => known && same(known, answer.held))) {
      base = answer.held.base;
      confirmed = answer.held;
      later(0);
      return;
    }
    held = answer.held;
    showState("failed", "Có hai bản khác nhau");
    tell(answer.error.title, [answer.error.happened, answer.error.kept, answer.error.todo].join(" "), true);
  }

  function tell(title, text, choosing = false) {
    trouble.querySelector("[data-trouble-title]").textContent = title;
    trouble.querySelector("[data-trouble-words]").textContent = text;
    choice.hidden = !choosing;
    trouble.hidden = false;
    trouble.scrollIntoView({ block: "nearest" });
  }

  function fill(draft) {
    for (const name of NAMES) form.elements[name].value = draft[name] || "";
    form.elements.caption.dispatchEvent(new Event("input", { bubbles: true }));
  }

  trouble.querySelector("[data-keep-mine]").addEventListener("click", () => {
    base = held.base;
    confirmed = held;
    held = null;
    trouble.hidden = true;
    send();
  });
  trouble.querySelector("[data-take-theirs]").addEventListener("click", () => {
    const theirs = held;
    base = theirs.base;
    confirmed = theirs;
    held = null;
    fill(theirs);
    clearTimeout(timer);
    forget(id);
    trouble.hidden = true;
    showState("", "Đã lưu nháp");
  });

  function restore() {
    const draft = kept(id);
    if (!draft) return;
    if (same(draft, words())) return void forget(id);
    const server = { ...words(), base };
    const mine = draft.base === base || (draft.unconfirmed && same(draft.unconfirmed, server));
    fill(draft);
    if (mine) return changed();
    overtaken({
      held: server,
      error: {
        title: "Có hai bản khác nhau",
        happened: "Máy này còn giữ chữ bạn gõ lần trước mà chưa lưu được; bản đã lưu thì khác.",
        kept: "Cả hai bản vẫn còn.",
        todo: "Bạn chọn bản muốn giữ.",
      },
    });
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  addEventListener("online", () => send());
  addEventListener("pagehide", () => {
    if (same(words(), confirmed)) return;
    keepHere();
    send();
  });
  restore();
}

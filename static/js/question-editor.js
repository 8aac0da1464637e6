// The question editor: choices are added, taken out and moved on the page, and the preview follows what is typed; without script buttons do it.
const form = document.querySelector("[data-question-editor]");
const list = form.querySelector("[data-rows]");
const addButton = form.querySelector("[data-add]");
const said = form.querySelector("[data-said]");
const preview = form.querySelector("[data-preview]");
const template = form.querySelector("[data-row-template]");
const LETTERS = "ABCDEFGHIJ";
const WAIT = 400;
let timer;
let asked = 0;

const rows = () => [...list.querySelectorAll("[data-row]")];
const control = (row, what) => row.querySelector(`[name$="-${what}"]`);
const values = (row) => [control(row, "text").value, control(row, "correct").checked, control(row, "feedback").value];

function put(row, [text, correct, feedback]) {
  control(row, "text").value = text;
  control(row, "correct").checked = correct;
  control(row, "feedback").value = feedback;
  row.querySelector("details").open = feedback !== "";
}

function say(words) {
  said.textContent = words;
  addButton.hidden = rows().length >= Number(list.dataset.most);
  follow();
}

function add() {
  const place = rows().length;
  if (place >= Number(list.dataset.most)) return;
  const copy = template.content.firstElementChild.cloneNode(true);
  for (const node of [copy, ...copy.querySelectorAll("*")]) {
    for (const attribute of [...node.attributes]) {
      attribute.value = attribute.value.replaceAll("PLACE", place).replaceAll("LETTER", LETTERS[place]);
    }
  }
  copy.querySelector("[data-letter]").textContent = LETTERS[place];
  copy.querySelector("label.visually-hidden").textContent = `Giải thích riêng của phương án ${LETTERS[place]}`;
  list.append(copy);
  control(copy, "text").focus();
  say(`Đã thêm phương án ${LETTERS[place]}`);
}

function remove(place) {
  const all = rows();
  if (all.length <= Number(list.dataset.fewest)) return say(`Cần ít nhất ${list.dataset.fewest} phương án`);
  for (let at = place; at < all.length - 1; at++) put(all[at], values(all[at + 1]));
  all[all.length - 1].remove();
  control(rows()[Math.min(place, all.length - 2)], "text").focus();
  say(`Đã bỏ phương án ${LETTERS[place]}`);
}

function move(place, to) {
  const all = rows();
  if (to < 0 || to >= all.length) return;
  const [here, there] = [values(all[place]), values(all[to])];
  put(all[place], there);
  put(all[to], here);
  all[to].querySelector(`[value="${to < place ? "up" : "down"}-${to}"]`).focus();
  say(`Phương án ${LETTERS[place]} thành phương án ${LETTERS[to]}`);
}

function follow() {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
}

async function look() {
  const turn = ++asked;
  const sent = new FormData(form);
  const file = form.elements.picture;
  const taken = file.files.length > 0;
  if (!taken) sent.delete("picture");
  let reply;
  try {
    reply = await fetch(form.dataset.questionEditor, { method: "POST", body: sent, headers: { Accept: "text/html" } });
  } catch {
    return;
  }
  if (!reply.ok || turn !== asked) return;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const shown = page.querySelector("[data-held]");
  if (!shown) return;
  preview.replaceChildren(document.adoptNode(shown));
  form.elements.held_picture.value = shown.dataset.held;
  if (taken && shown.dataset.held) {
    file.value = "";
    form.querySelector("[data-picture-state]").textContent = "Đã nhận hình. Bạn ghi mô tả hình bằng lời.";
  }
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=act]");
  if (!button || button.value === "save") return;
  event.preventDefault();
  if (button.value === "preview") {
    look();
    return preview.scrollIntoView({ block: "nearest" });
  }
  const [act, number] = button.value.split("-");
  const place = Number(number);
  if (act === "add") add();
  else if (act === "remove") remove(place);
  else move(place, act === "up" ? place - 1 : place + 1);
});
form.addEventListener("input", follow);
form.addEventListener("change", follow);

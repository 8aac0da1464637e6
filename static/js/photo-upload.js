// Sends chosen photographs one after another, each with its preview and its progress; what is refused says why and how to mend it.
import { watch, watchAll } from "./photo-status.js";

const form = document.querySelector("form[data-photo-upload]");
if (form) {
  const input = form.querySelector("input[type=file]");
  const pattern = form.querySelector("[data-sending-row]");
  const section = form.querySelector("[data-sending]");
  const list = form.querySelector("[data-sending-list]");
  const waiting = [];
  let busy = false;

  form.classList.add("with-script");
  form.querySelector("[data-without-script]").hidden = true;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", () => {
    for (const file of input.files) waiting.push(row(file));
    input.value = "";
    next();
  });
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });

  function row(file) {
    const item = pattern.content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-${name}]`);
    part("name").textContent = file.name;
    preview(file, part("preview"));
    part("retry").addEventListener("click", () => {
      part("cure").hidden = part("bad").hidden = true;
      delete item.dataset.refused;
      waiting.push(sending);
      next();
    });
    part("other").addEventListener("click", () => {
      item.remove();
      title();
      input.click();
    });
    part("drop-row").addEventListener("click", () => {
      item.remove();
      title();
    });
    list.append(item);
    section.hidden = false;
    const sending = { file, item, part };
    return sending;
  }

  async function next() {
    title();
    if (busy || !waiting.length) return;
    busy = true;
    const sending = waiting.shift();
    await send(sending);
    busy = false;
    if (!waiting.length) refreshMine();
    next();
  }

  function send({ file, item, part }) {
    const most = Number(form.dataset.megabytes);
    if (file.size > most * 1e6) {
      refuse(item, part, "Tệp quá lớn", `Tấm này nặng ${megabytes(file.size)} MB.`, `Bạn chọn tấm không quá ${most} MB.`);
      return Promise.resolve();
    }
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const data = new FormData();
      data.append("csrf_token", form.elements.csrf_token.value);
      data.append("photos", file, file.name);
      part("progress").hidden = false;
      part("words").textContent = "Đang gửi";
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        part("progress").value = (100 * loaded) / total;
        part("words").textContent =
          loaded < total ? `Đã gửi ${megabytes(loaded)} trên ${megabytes(total)} MB` : "Đã gửi xong, máy chủ đang kiểm tra";
      });
      request.addEventListener("load", () => {
        answered(request, item, part);
        done();
      });
      for (const name of ["error", "timeout", "abort"]) {
        request.addEventListener(name, () => {
          refuse(item, part, "Chưa gửi được", "Mất kết nối giữa chừng.", "Bạn kiểm tra mạng rồi bấm Gửi lại; ảnh vẫn ở trong máy.", true);
          done();
        });
      }
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(data);
    });
  }

  function answered(request, item, part) {
    const reply = parsed(request.responseText);
    const work = reply.accepted?.[0];
    const problem = reply.refused?.[0] || reply.error;
    if (work) return accept(work, item, part);
    if (problem) return refuse(item, part, problem.title, problem.happened, problem.todo, request.status === 429);
    refuse(item, part, "Chưa gửi được", "Máy chủ không trả lời như mong đợi.", "Bạn đợi một lát rồi bấm Gửi lại.", true);
  }

  function accept(work, item, part) {
    part("progress").hidden = true;
    part("ok").hidden = part("next").hidden = false;
    part("next").href = work.url;
    announce(`${work.name}: đã nhận`);
    watch(work.status, (state) => {
      part("words").textContent = state.detail;
      if (state.state === "refused") {
        part("ok").hidden = part("next").hidden = true;
        refuse(item, part, state.words, "", state.detail);
        return title();
      }
      part("ok-words").textContent = state.words;
      if (!state.thumbnail) return;
      const picture = new Image(88, 88);
      picture.className = "thumb";
      picture.alt = "";
      picture.src = state.thumbnail;
      part("preview").replaceWith(picture);
      refreshMine();
    }, work);
  }

  function refuse(item, part, heading, happened, todo, again = false) {
    part("progress").hidden = true;
    part("bad").hidden = part("cure").hidden = false;
    part("bad-words").textContent = heading;
    part("words").textContent = happened;
    part("cure-words").textContent = todo;
    part("retry").hidden = !again;
    item.dataset.refused = "";
    announce(`${part("name").textContent}: ${heading}`);
  }

  function preview(file, tile) {
    const picture = new Image(88, 88);
    const address = URL.createObjectURL(file);
    picture.className = "thumb";
    picture.alt = "";
    picture.dataset.preview = "";
    picture.addEventListener("load", () => tile.isConnected && tile.replaceWith(picture));
    picture.addEventListener("error", () => URL.revokeObjectURL(address));
    picture.src = address;
  }

  function title() {
    const left = waiting.length + (busy ? 1 : 0);
    const refused = list.querySelectorAll("[data-refused]").length;
    const sent = list.children.length - refused;
    section.hidden = !list.children.length;
    form.querySelector("[data-sending-title]").textContent = left
      ? `Đang gửi ${left} tấm`
      : refused && !sent
        ? `Chưa nhận được ${refused} tấm`
        : refused
          ? `Đã nhận ${sent} tấm, chưa nhận được ${refused} tấm`
          : "Đã gửi xong";
  }

  function announce(words) {
    form.querySelector("[data-sending-words]").textContent = words;
  }

  async function refreshMine() {
    const mine = document.querySelector("[data-my-works]");
    const reply = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!mine || !reply?.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("[data-my-works]");
    if (!fresh) return;
    mine.replaceChildren(...fresh.childNodes);
    watchAll(mine);
    places(page);
  }

  // How many may still be sent stands as the server counts it now; where there is no place left, nothing more can be chosen.
  function places(page) {
    const left = page.querySelector("[data-left]");
    const full = page.querySelector("[data-full]");
    const shown = form.querySelector("[data-left]");
    if (left && shown) shown.textContent = left.textContent;
    form.querySelector("[data-choosing]").hidden = Boolean(full);
    const told = document.querySelector("[data-full]");
    if (full && !told) form.before(document.importNode(full, true));
    if (!full && told) told.remove();
  }
}

function megabytes(bytes) {
  return (bytes / 1e6).toLocaleString("vi-VN", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

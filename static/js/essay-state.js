// What the editor says about itself: saved, waiting, in trouble, or two texts to choose from.
const box = document.querySelector("[data-essay-trouble]");

export function showState(kind, words) {
  for (const place of document.querySelectorAll("[data-saved]")) {
    place.classList.toggle("waiting", kind === "waiting");
    place.classList.toggle("failed", kind === "failed");
    const use = place.querySelector("use");
    if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, kind ? "#cloud-slash" : "#check-circle-fill"));
    const shown = place.querySelector("[data-saved-words]");
    if (shown.textContent !== words) shown.textContent = words;
  }
}

export function showTrouble(title, words) {
  box.querySelector("[data-trouble-title]").textContent = title;
  box.querySelector("[data-trouble-words]").textContent = words;
  box.querySelector("[data-trouble-acts]").replaceChildren();
  box.hidden = false;
}

export function hideTrouble() {
  box.hidden = true;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-secondary";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

// Shows the server's text and lets the author keep either; nothing is lost until they choose.
export function offerBoth(held, { mine, theirs }) {
  showTrouble(
    "Có hai bản khác nhau",
    `Bài này đã được lưu từ một cửa sổ hoặc một máy khác (${held.saved}). Bản trong khung soạn là bản của bạn ở đây; bản trên máy chủ ở ngay dưới.`,
  );
  const other = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Đọc bản trên máy chủ";
  const body = document.createElement("div");
  body.className = "essay-held";
  body.textContent = [held.title, held.body].filter(Boolean).join("\n\n") || "(chưa có nội dung)";
  other.append(summary, body);
  box.querySelector("[data-trouble-acts]").append(other, button("Giữ bản của tôi", mine), button("Lấy bản trên máy chủ", theirs));
  box.scrollIntoView({ block: "nearest" });
}

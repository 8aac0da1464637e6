// Turns a confirmation, which without script opens under its button, into a dialog.
function showAsDialog(box) {
  const panel = box.querySelector(".confirm-panel");
  const opener = box.querySelector("summary");
  const dialog = document.createElement("dialog");
  dialog.className = "kv-dialog";
  dialog.setAttribute("aria-labelledby", panel.getAttribute("aria-labelledby"));
  dialog.append(panel);
  box.after(dialog);

  opener.setAttribute("role", "button");
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    if (opener.getAttribute("aria-disabled") === "true") return;
    dialog.showModal();
    const first = panel.querySelector("input:not([type=hidden]), textarea, select");
    (first || panel.querySelector("[data-confirm-close]")).focus();
  });
  opener.addEventListener("keyup", (event) => {
    if (event.key === " ") event.preventDefault();
  });

  const close = panel.querySelector("[data-confirm-close]");
  close.hidden = false;
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => opener.focus());
}

if (document.createElement("dialog").showModal) document.querySelectorAll("[data-confirm]").forEach(showAsDialog);

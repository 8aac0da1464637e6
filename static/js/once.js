// Sends a form once: after the first press the button says that it is sending, until the page changes or comes back.
for (const form of document.querySelectorAll("[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const button = event.submitter || form.querySelector("[type=submit]:not([data-stay])");
    button?.setAttribute("aria-disabled", "true");
    const words = form.dataset.once;
    if (button && words) button.textContent = words;
  });
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

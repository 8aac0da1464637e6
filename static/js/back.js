// Goes back as the browser does, so that what was typed is still there; without script the link opens the page anew.
for (const link of document.querySelectorAll("[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length < 2) return;
    event.preventDefault();
    history.back();
  });
}

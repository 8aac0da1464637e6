// Chooses light or dark, and the size of print, before the first paint, and keeps what the reader chose with the toggles.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function kept() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  }

  function keep(theme) {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // A browser that forbids storage still gets the change for this page.
    }
  }

  function apply(theme) {
    root.setAttribute("data-bs-theme", theme);
    for (const words of document.querySelectorAll("[data-theme-words]")) {
      words.textContent = theme === "dark" ? "Nền sáng" : "Nền tối";
    }
  }

  // Large print, for whoever asked for it here; a page may come with it already.
  try {
    if (localStorage.getItem("large-print")) root.classList.add("large-print");
  } catch {
    // Without storage the choice holds for one page.
  }

  const wanted = () => kept() || (dark.matches ? "dark" : "light");
  apply(wanted());
  dark.addEventListener("change", () => apply(wanted()));

  document.addEventListener("DOMContentLoaded", () => {
    apply(wanted());
    for (const button of document.querySelectorAll("[data-large-print]")) {
      button.setAttribute("aria-pressed", String(root.classList.contains("large-print")));
      button.addEventListener("click", () => {
        const on = root.classList.toggle("large-print");
        button.setAttribute("aria-pressed", String(on));
        try {
          if (on) localStorage.setItem("large-print", "1");
          else localStorage.removeItem("large-print");
        } catch {
          // As above.
        }
      });
    }
    for (const toggle of document.querySelectorAll("[data-theme-toggle]")) {
      toggle.hidden = false;
      toggle.addEventListener("click", () => {
        const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
        keep(next);
        apply(next);
      });
    }
  });
})();

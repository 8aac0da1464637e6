// Chooses light or dark before the first paint, and keeps what the reader chose with the toggle.
(() => {
  const root = document.documentElement;
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

  const wanted = () => kept() || (dark.matches ? "dark" : "light");
  apply(wanted());
  dark.addEventListener("change", () => apply(wanted()));

  document.addEventListener("DOMContentLoaded", () => {
    apply(wanted());
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

// Zooms the photograph where it stands: a press or Z shows it at full size around the pointer, dragging moves it, Escape goes back.
for (const link of document.querySelectorAll("[data-zoom]")) bind(link);

function bind(link) {
  const image = link.querySelector("img");
  const fitted = image.sizes;
  let from = null;
  let moved = false;
  link.draggable = image.draggable = false;
  link.setAttribute("role", "button");
  link.setAttribute("aria-pressed", "false");

  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (!moved) zoom(!link.classList.contains("zoomed"), event);
    moved = false;
  });
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); link.click(); }
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") zoom(false); });
  link.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && link.classList.contains("zoomed")) from = { x: event.clientX + link.scrollLeft, y: event.clientY + link.scrollTop };
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const left = from.x - event.clientX;
    const top = from.y - event.clientY;
    if (Math.abs(left - link.scrollLeft) + Math.abs(top - link.scrollTop) > 4) moved = true;
    link.scrollTo(left, top);
  });
  window.addEventListener("pointerup", () => { from = null; });

  function zoom(on, event) {
    const box = image.getBoundingClientRect();
    const across = event?.clientX ? (event.clientX - box.left) / box.width : 0.5;
    const down = event?.clientY ? (event.clientY - box.top) / box.height : 0.5;
    link.classList.toggle("zoomed", on);
    link.setAttribute("aria-pressed", String(on));
    image.sizes = on ? "1920px" : fitted;
    if (on) link.scrollTo(across * link.scrollWidth - link.clientWidth / 2, down * link.scrollHeight - link.clientHeight / 2);
  }
}

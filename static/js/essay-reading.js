// Asks every two seconds whether the uploaded file has been read, and goes on when it has.
const box = document.querySelector("[data-reading]");

async function look() {
  try {
    const reply = await fetch(box.dataset.reading, { headers: { Accept: "application/json" } });
    const { state } = await reply.json();
    if (state !== "reading") return location.assign(box.dataset.then);
  } catch {
    // No line at the moment: the next look asks again.
  }
  setTimeout(look, 2000);
}

setTimeout(look, 1200);

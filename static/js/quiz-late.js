// Shows beside the result what this device still keeps and the server did not get in time, so that an appeal has something to show.
import { records, remove } from "./quiz-store.js";

const place = document.querySelector("[data-quiz-late]");
const held = place.dataset.answers;

function late() {
  const found = new Map();
  for (const { name, record } of records(place.dataset.quizLate)) {
    const unsent = Object.entries(record.changes).filter(([position, char]) => held[position] !== char);
    if (!unsent.length) remove(name);
    for (const [position] of unsent) {
      const one = { letters: record.said?.[position] || "bỏ trống", at: record.chosen[position] || 0 };
      if (one.at >= (found.get(position)?.at || 0)) found.set(position, one);
    }
  }
  return [...found].sort(([one], [other]) => one - other);
}

const answers = late();
if (answers.length) {
  place.querySelector("[data-quiz-late-title]").textContent = `${answers.length} câu chưa gửi kịp`;
  const lines = answers.map(([position, { letters, at }]) => {
    const line = document.createElement("li");
    const time = at > 1 ? `, chọn lúc ${new Date(at).toLocaleTimeString("vi-VN", { hour12: false })}` : "";
    line.textContent = `Câu ${Number(position) + 1}: ${letters}${time}`;
    return line;
  });
  place.querySelector("[data-quiz-late-list]").replaceChildren(...lines);
  place.hidden = false;
}

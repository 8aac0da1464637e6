/**
 * Turns <select data-unit-search> into a combobox that finds a unit while one types, with or without marks.
 *
 * The select stays the form's field and holds every choice; without this script it is simply used as it is. The list is found in the
 * select's own choices, so that typing asks the network nothing; data-unit-search="/don-vi/tim" asks the server instead, and falls back
 * to the choices when it does not answer. Keys follow the ARIA combobox pattern with list autocomplete.
 */

const MOST = 12;
const WAIT_MS = 150;

const fold = (text) =>
  text
    .replace(/[đĐðÐ]/g, "d")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[,\s]+/g, " ")
    .trim();

const bare = (folded) => folded.replace(/^(thanh pho|thi xa|thi tran|huyen|phuong|xa|dang bo) /, "");

const lowerFirst = (text) => text.charAt(0).toLowerCase() + text.slice(1);

function choicesOf(select) {
  return [...select.options]
    .filter((option) => option.value && !option.disabled)
    .map((option) => {
      const group = option.parentElement.tagName === "OPTGROUP" ? option.parentElement.label : "";
      const inDistrict = /^(Huyện|Thị xã|Thành phố) /.test(group) && /^(Xã|Phường|Thị trấn) /.test(option.text);
      const name = inDistrict ? `${option.text}, ${lowerFirst(group)}` : option.text;
      const also = (option.dataset.also ?? "").split(" ").filter(Boolean);
      return { value: option.value, name, own: fold(option.text), whole: fold(name), also };
    });
}

// As contest/units/elsewhere.py: another province's name, whole (0) or begun (1), finds the unit for those from outside.
function rankElsewhere(choice, wanted) {
  if (choice.also.length === 0) return 9;
  const whole = wanted.replace(/[^a-z0-9]/g, "");
  const bare = ["tinh", "thanhpho", "tp"].filter((kind) => whole.startsWith(kind)).map((kind) => whole.slice(kind.length));
  const meant = [whole, ...bare].filter(Boolean);
  if (meant.some((text) => choice.also.includes(text))) return 1;
  return meant.some((text) => text.length >= 3 && choice.also.some((word) => word.startsWith(text))) ? 5 : 9;
}

function rank(choice, wanted) {
  return Math.min(rankByName(choice, wanted), rankElsewhere(choice, wanted));
}

function rankByName(choice, wanted) {
  if (choice.own === wanted || bare(choice.own) === wanted) return 0;
  if (choice.own.startsWith(wanted) || bare(choice.own).startsWith(wanted)) return 1;
  if (choice.whole.startsWith(wanted) || bare(choice.whole).startsWith(wanted)) return 2;
  const held = choice.whole.split(" ");
  return wanted.split(" ").every((word) => held.some((part) => part.startsWith(word))) ? 3 : 9;
}

function findLocally(choices, text) {
  const wanted = fold(text);
  if (!wanted) return [];
  return choices
    .map((choice, place) => ({ choice, place, at: rank(choice, wanted) }))
    .filter((hit) => hit.at < 9)
    .sort((one, other) => one.at - other.at || one.place - other.place)
    .slice(0, MOST)
    .map((hit) => hit.choice);
}

async function findRemotely(url, text, signal, choices) {
  const reply = await fetch(`${url}?q=${encodeURIComponent(text)}`, { signal, headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`units: ${reply.status}`);
  const known = new Set(choices.map((choice) => choice.value));
  const { units } = await reply.json();
  return units.map((unit) => ({ value: String(unit.id), name: unit.name })).filter((unit) => known.has(unit.value));
}

function element(tag, attributes, ...classes) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.classList.add(...classes);
  return made;
}

function enhance(select) {
  const choices = choicesOf(select);
  const url = select.dataset.unitSearch;
  const key = select.id || `unit-${Math.random().toString(36).slice(2)}`;
  const listId = `${key}-list`;
  const statusId = `${key}-status`;

  const box = element("div", {}, "unit-search", "position-relative");
  const input = element(
    "input",
    {
      type: "text",
      id: `${key}-search`,
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-describedby": `${select.getAttribute("aria-describedby") ?? ""} ${statusId}`.trim(),
      placeholder: select.dataset.unitPlaceholder ?? "Gõ tên xã, phường, cơ quan",
    },
    "form-control",
    "unit-search-field",
  );
  const list = element(
    "ul",
    { id: listId, role: "listbox" },
    "unit-search-list",
    "list-group",
    "position-absolute",
    "start-0",
    "w-100",
    "z-3",
    "mt-1",
    "shadow",
    "overflow-auto",
  );
  const status = element("p", { id: statusId, role: "status" }, "unit-search-status", "form-text", "mb-0");
  list.hidden = true;
  list.style.maxHeight = "min(22rem, 50vh)";
  box.append(input, list, status);

  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  if (label) {
    label.htmlFor = input.id;
    if (!label.id) label.id = `${key}-label`;
    list.setAttribute("aria-labelledby", label.id);
  } else {
    list.setAttribute("aria-label", "Đơn vị");
  }
  if (select.getAttribute("aria-invalid") === "true" || select.classList.contains("is-invalid")) {
    input.setAttribute("aria-invalid", "true");
    input.classList.add("is-invalid");
  }
  input.required = select.required;
  input.disabled = select.disabled;
  select.required = false;
  select.hidden = true;
  select.before(box);
  const followedByFocus = document.activeElement === select || select.autofocus;

  let found = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  const nameOf = (value) => choices.find((choice) => choice.value === value)?.name ?? "";
  const showChosen = () => {
    input.value = nameOf(select.value);
    input.setCustomValidity("");
  };

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(place) {
    active = place;
    [...list.children].forEach((row, at) => {
      row.classList.toggle("active", at === active);
      row.setAttribute("aria-selected", String(at === active));
    });
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[active].id);
    return list.children[active].scrollIntoView({ block: "nearest" });
  }

  function open(units) {
    found = units;
    list.replaceChildren(
      ...units.map((unit, place) => {
        const row = element("li", { id: `${listId}-${place}`, role: "option", "aria-selected": "false" }, "list-group-item", "list-group-item-action", "unit-search-option");
        row.textContent = unit.name;
        row.style.minHeight = "44px";
        row.style.flexShrink = "0";
        row.style.cursor = "pointer";
        return row;
      }),
    );
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = units.length === 0;
    input.setAttribute("aria-expanded", String(units.length > 0));
    if (!input.value.trim()) status.textContent = "";
    else if (units.length === 0) status.textContent = "Không thấy đơn vị nào khớp. Bạn thử gõ ít chữ hơn.";
    else status.textContent = `Thấy ${units.length}${units.length === MOST ? " đơn vị đầu tiên" : " đơn vị"}. Bạn chọn một trong danh sách.`;
  }

  function choose(unit) {
    select.value = unit.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    showChosen();
    status.textContent = `Đã chọn ${unit.name}.`;
    close();
  }

  function unchoose() {
    if (!select.value) return;
    select.value = "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function look() {
    asking?.abort();
    const text = input.value;
    if (!url || !text.trim()) return open(findLocally(choices, text));
    asking = new AbortController();
    try {
      const units = await findRemotely(url, text, asking.signal, choices);
      return open(units);
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      return open(findLocally(choices, text));
    }
  }

  input.addEventListener("input", () => {
    unchoose();
    input.setCustomValidity(input.value.trim() ? "Bạn chọn một đơn vị trong danh sách hiện ra." : "");
    clearTimeout(timer);
    timer = setTimeout(look, url ? WAIT_MS : 0);
  });

  input.addEventListener("keydown", (event) => {
    const last = found.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void look();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = active + step;
      mark(next < 0 ? last : next > last ? 0 : next);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (active >= 0 || found.length === 1) choose(found[Math.max(active, 0)]);
    } else if (event.key === "Escape") {
      if (list.hidden) {
        input.value = "";
        unchoose();
        input.setCustomValidity("");
        status.textContent = "";
      }
      close();
    } else if (event.key === "Tab" && !list.hidden && active >= 0) {
      choose(found[active]);
    }
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest('[role="option"]');
    if (row) choose(found[[...list.children].indexOf(row)]);
  });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", () => {
    close();
    if (select.value || !input.value.trim()) return;
    const only = findLocally(choices, input.value).filter((choice) => choice.whole === fold(input.value));
    if (only.length === 1) choose(only[0]);
    else status.textContent = "Chưa chọn được đơn vị. Bạn gõ lại rồi chọn trong danh sách hiện ra.";
  });
  select.form?.addEventListener("reset", () => setTimeout(showChosen));
  window.addEventListener("pageshow", showChosen);

  showChosen();
  if (followedByFocus) input.focus();
}

document.querySelectorAll("select[data-unit-search]").forEach(enhance);

// What the pages of one sitting keep on this device: each under a key of its own, so that no tab erases what another could not send.
export function records(address) {
  const found = [];
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(prefix(address))) continue;
      const raw = localStorage.getItem(name);
      const record = parsed(raw);
      if (record) found.push({ name, raw, record });
    }
  } catch {
    // A browser that forbids storage keeps nothing.
  }
  return found;
}

export function remove(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing is kept where nothing may be.
  }
}

function prefix(address) {
  return `kv-quiz-${address}-`;
}

function parsed(raw) {
  try {
    const record = JSON.parse(raw);
    return record && typeof record.held === "string" && record.changes && record.chosen && record.tried ? record : null;
  } catch {
    return null;
  }
}

export class Store {
  constructor(address, print) {
    this.address = address;
    this.name = prefix(address) + Math.random().toString(36).slice(2);
    this.print = print;
    this.taken = [];
    this.works = true;
  }

  // What earlier pages of this paper left, and tabs beside this one hold.
  take() {
    this.taken = records(this.address).filter(({ record }) => record.print === this.print);
    return this.taken.map(({ record }) => record);
  }

  // What a tab beside this one has just written, if that is what the event tells.
  heard(event) {
    const record = event.key?.startsWith(prefix(this.address)) ? parsed(event.newValue) : null;
    return record?.print === this.print ? record : null;
  }

  write(record) {
    try {
      localStorage.setItem(this.name, JSON.stringify({ print: this.print, ...record }));
      this.works = true;
    } catch {
      this.works = false; // A browser that forbids storage still saves to the server.
    }
  }

  // The server holds everything: what was taken over is forgotten, unless its own tab has written since.
  settle() {
    for (const { name, raw } of this.taken) {
      if (records(this.address).some((one) => one.name === name && one.raw === raw)) remove(name);
    }
    this.taken = [];
  }

  forget() {
    this.settle();
    remove(this.name);
  }
}

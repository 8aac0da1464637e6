// Keeps the answers of a sitting: on this device at once, on the server a moment later, again until the server has them.
const PAUSE = 1500;
const BETWEEN = 3000;
const LONGEST_WAIT = 30000;
const PATIENCE = 10000;

// A signal that ends a request nobody answers; browsers of 2021 know no shorter way.
function patience() {
  const given = new AbortController();
  setTimeout(() => given.abort(), PATIENCE);
  return given.signal;
}

export class Keeper extends EventTarget {
  constructor(form) {
    super();
    this.address = form.action;
    this.result = form.dataset.result;
    this.standing = form.dataset.standing;
    this.token = form.querySelector("[name=csrf_token]").value;
    this.name = `kv-quiz-${form.dataset.address}`;
    this.sequence = Number(form.dataset.sequence);
    this.acknowledged = this.sequence;
    this.answers = [...form.dataset.answers];
    this.marked = [...form.dataset.marked.padEnd(this.answers.length, "0")];
    this.changes = {};
    this.marksChanged = false;
    this.savedAt = null;
    this.failures = 0;
    this.retryAt = 0;
    this.sentAt = -BETWEEN;
    this.sending = null;
    this.timer = 0;
  }

  // Takes up what an earlier visit could not send.
  begin() {
    const kept = this.#read();
    // A reply that came while this page was already on its way is newer than the page.
    if (kept.acknowledged > this.acknowledged) this.#adopt(kept);
    for (const [position, char] of Object.entries(kept.changes || {})) {
      if (Number(position) < this.answers.length) this.#note(Number(position), char);
    }
    if (kept.marked?.length === this.answers.length) {
      this.marked = [...kept.marked];
      this.marksChanged = true;
    }
    if (this.waiting || this.marksChanged) this.send();
    if (this.waiting) this.#tell("held");
    addEventListener("pagehide", () => this.#sendLast());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#sendLast() : this.ask()));
    addEventListener("online", () => this.send());
    addEventListener("storage", (event) => event.key === this.name && event.newValue && this.#adopt(JSON.parse(event.newValue)));
  }

  get waiting() {
    return Object.keys(this.changes).length;
  }

  answer(position, char) {
    if (this.answers[position] === char) return;
    this.#note(position, char);
    this.#changed();
  }

  mark(position, on) {
    this.marked[position] = on ? "1" : "0";
    this.marksChanged = true;
    this.#changed();
  }

  // Sends what waits; true once the server holds everything.
  async send({ last = false } = {}) {
    if (this.sending) await this.sending;
    clearTimeout(this.timer);
    if (!this.waiting && !this.marksChanged) return true;
    this.sending = this.#post(last);
    const done = await this.sending;
    this.sending = null;
    if (!done) this.#later(Math.min(LONGEST_WAIT, 2000 * 2 ** Math.min(this.failures, 4)));
    else if (this.waiting || this.marksChanged) return this.send({ last });
    return done;
  }

  #note(position, char) {
    this.answers[position] = char;
    this.changes[position] = char;
  }

  #changed() {
    this.#write();
    this.#tell("state");
    this.#later(Math.max(PAUSE, this.sentAt + BETWEEN - performance.now()));
  }

  #later(wait) {
    clearTimeout(this.timer);
    this.retryAt = performance.now() + wait;
    this.timer = setTimeout(() => this.send(), wait);
    this.#tell("state");
  }

  #packet() {
    this.sequence += 1;
    const packet = { sequence: this.sequence, changes: { ...this.changes } };
    if (this.marksChanged) packet.marked = this.marked.join("");
    return packet;
  }

  #request(packet, keepalive) {
    return fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify(packet),
      credentials: "same-origin",
      keepalive,
      signal: keepalive ? undefined : patience(),
    });
  }

  async #post(keepalive) {
    const packet = this.#packet();
    this.sentAt = performance.now();
    try {
      const reply = await this.#request(packet, keepalive);
      const held = await reply.json();
      if (held.over) return this.#end(held);
      if (!reply.ok) throw new Error(held.error?.happened || String(reply.status));
      this.#acknowledged(packet, held);
      return !held.stale;
    } catch (error) {
      this.failures += 1;
      this.problem = error instanceof TypeError || error.name === "AbortError" || error instanceof SyntaxError ? "" : error.message;
      this.#tell("state");
      return false;
    }
  }

  #acknowledged(packet, held) {
    this.failures = 0;
    this.problem = "";
    this.sequence = Math.max(this.sequence, held.sequence);
    this.acknowledged = Math.max(this.acknowledged, held.sequence);
    if (held.stale) this.#merge(held);
    else {
      for (const [position, char] of Object.entries(packet.changes)) {
        if (this.changes[position] === char) delete this.changes[position];
      }
      if (packet.marked === this.marked.join("")) this.marksChanged = false;
      this.savedAt = held.saved_at;
    }
    this.#write();
    this.#tellTime(held);
    this.#tell("state");
  }

  // Asks how the sitting stands; true once it is over. A server that does not answer is asked again later by whoever needs to know.
  async ask() {
    try {
      const reply = await fetch(this.standing, { headers: { Accept: "application/json" }, signal: patience() });
      const held = await reply.json();
      if (!reply.ok) return false;
      if (held.over) return this.#end(held);
      this.#tellTime(held);
    } catch {
      // The network is away; what waits is kept and sent by its own timer.
    }
    return false;
  }

  #tellTime(held) {
    this.dispatchEvent(new CustomEvent("time", { detail: { remaining: held.remaining_ms, paused: held.paused } }));
  }

  // Another page of the same sitting was faster: its answers stand, but for those that wait here.
  #merge(held) {
    [...held.answers].forEach((char, position) => {
      if (!(position in this.changes)) this.answers[position] = char;
    });
    this.#tell("held");
  }

  #adopt(other) {
    if (other.answers?.length !== this.answers.length) return;
    this.acknowledged = Math.max(this.acknowledged, other.acknowledged);
    this.sequence = Math.max(this.sequence, other.sequence);
    this.#merge(other);
  }

  #end(held) {
    this.changes = {};
    this.marksChanged = false;
    localStorage.removeItem(this.name);
    this.dispatchEvent(new CustomEvent("over", { detail: held.result }));
    return true;
  }

  // The page is going away: what waits goes with it, and stays on this device until a reply comes to the next visit.
  #sendLast() {
    if (this.waiting || this.marksChanged) this.#request(this.#packet(), true).catch(() => {});
    this.#write();
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) || {};
    } catch {
      return {};
    }
  }

  #write() {
    const marked = this.marksChanged ? this.marked.join("") : undefined;
    const { sequence, acknowledged } = this;
    const kept = { sequence, acknowledged, answers: this.answers.join(""), changes: this.changes, marked };
    try {
      localStorage.setItem(this.name, JSON.stringify(kept));
    } catch {
      // A browser that forbids storage still saves to the server.
    }
  }
}

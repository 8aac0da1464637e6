// Keeps the answers of a sitting: on this device at once, on the server a moment later, again until the server has them.
//
// Whose answer stands. A packet's number is one above the last that the server is known to have kept, and the server takes no number twice: a page
// that was away cannot write over what another device saved meanwhile, but is told what the server holds. Then, question by question, what was
// chosen here stands where the server still holds what this device knew, or something chosen here earlier; where another device changed the answer,
// the server's is shown, and the person is told which. Between tabs of one browser the choice made last stands.
import { ask, refusal } from "./quiz-ask.js";
import { Store } from "./quiz-store.js";

const PAUSE = 1500;
const BETWEEN = 2000;
const LONGEST_UNSENT = 2000;
const ANOTHERS = 6000; // A tab beside this one sends its own choices; this one does, should it not.
const LONGEST_WAIT = 30000;
const ROUNDS = 4;

export class Keeper extends EventTarget {
  constructor(form, paper) {
    super();
    this.address = form.action;
    this.standing = form.dataset.standing;
    this.token = form.querySelector("[name=csrf_token]").value;
    this.paper = paper;
    this.store = new Store(form.dataset.address, paper.print);
    this.sequence = Number(form.dataset.sequence); // The highest number that may be on its way.
    this.acknowledged = this.sequence;
    this.held = [...form.dataset.answers]; // What the server is known to hold.
    this.answers = [...this.held];
    this.marked = [...form.dataset.marked.padEnd(this.answers.length, "0")];
    this.changes = {};
    this.chosen = {}; // When, by this device, each was chosen.
    this.tried = {}; // Everything chosen here since the server was last heard of a question.
    this.elsewhere = new Set();
    this.marksChanged = false;
    this.savedAt = null;
    this.failures = 0;
    this.problem = "";
    this.refused = null;
    this.over = false;
    this.ending = false; // Whether its person wants to hand in and could not.
    this.unsentSince = 0; // When the first of the answers that no packet has taken along was given.
    this.heardAt = 0;
    this.retryAt = 0;
    this.sentAt = -BETWEEN;
    this.sending = null;
    this.timer = 0;
  }

  // Takes up what earlier visits could not send.
  begin() {
    const kept = this.store.take().sort((one, other) => one.acknowledged - other.acknowledged);
    const newest = kept[kept.length - 1];
    // The server had confirmed more than it shows now: this page is older than that, or the server was put back to an earlier state.
    if (newest && newest.acknowledged > this.acknowledged) this.#restore([...newest.held], newest.chosen);
    for (const record of kept) this.#adopt(record);
    const marks = kept.filter((record) => record.marked?.length === this.answers.length);
    if (marks.length) {
      this.marked = [...marks[marks.length - 1].marked];
      this.marksChanged = true;
    }
    this.#write();
    this.#tell("held");
    if (this.waiting || this.marksChanged) this.send();
    addEventListener("pagehide", () => this.#sendLast());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#sendLast() : this.ask()));
    addEventListener("pageshow", (event) => event.persisted && this.ask());
    addEventListener("online", () => this.send());
    addEventListener("storage", (event) => this.#beside(this.store.heard(event)));
  }

  get waiting() {
    return Object.keys(this.changes).length;
  }

  answer(position, char) {
    this.elsewhere.delete(position);
    if (this.answers[position] === char) return;
    this.#note(position, char, Date.now());
    this.#changed();
  }

  mark(position, on) {
    this.marked[position] = on ? "1" : "0";
    this.marksChanged = true;
    this.#changed();
  }

  // Sends what waits; true once the server holds everything, or takes nothing more.
  async send() {
    while (this.sending) await this.sending;
    clearTimeout(this.timer);
    this.sending = this.#sendAll();
    const done = await this.sending;
    this.sending = null;
    if (!done) this.#later(this.failures ? Math.min(LONGEST_WAIT, 2000 * 2 ** Math.min(this.failures, 4)) : BETWEEN);
    return done;
  }

  // Sends what waits and makes sure that the server answers: its next page would otherwise be the browser's word of a lost network.
  async settle() {
    const before = this.heardAt;
    const sent = (await this.send()) && (this.over || this.heardAt > before || (await this.ask()) !== null);
    this.ending = !sent;
    if (!sent && !this.failures) this.#failed(null);
    if (!sent && !this.waiting) this.#later(BETWEEN);
    this.#tell("state");
    return sent;
  }

  // Asks how the sitting stands: true once it is over, false while it runs, null when nobody answered.
  async ask() {
    const known = this.acknowledged;
    const heard = await ask(this.standing);
    if (this.over) return true;
    if (!heard) return null;
    const { held, ok, at } = heard;
    if (!ok) {
      if (refusal(heard)) this.#failed(heard);
      return null;
    }
    if (held.over) return this.#end(held);
    if (held.sequence < known) this.#wentBack(held);
    else if (held.sequence >= this.acknowledged) this.#follow(held);
    this.#heard(held, at);
    return false;
  }

  async #sendAll() {
    for (let round = 0; round < ROUNDS && !this.over; round++) {
      if (!this.waiting && !this.marksChanged) return !this.failures || (await this.ask()) !== null;
      // A last packet of this page may be on its way above the next number: another device's may lie between, so the server is asked first.
      if (this.sequence > this.acknowledged + 1 && (await this.ask()) === null) return this.#failed(null);
      if (this.over) return true;
      const packet = this.#packet();
      this.unsentSince = 0;
      this.sentAt = performance.now();
      if (!this.#take(packet, await this.#post(packet))) return false;
    }
    return this.over || (!this.waiting && !this.marksChanged);
  }

  #note(position, char, at) {
    this.answers[position] = char;
    this.changes[position] = char;
    this.chosen[position] = at;
    this.tried[position] = (this.tried[position] || "") + char;
  }

  #drop(position) {
    delete this.changes[position];
    delete this.tried[position];
  }

  #changed() {
    const now = performance.now();
    this.unsentSince = this.unsentSince || now;
    this.#write();
    this.#tell("state");
    // However fast more of them come, the first does not wait for the last.
    this.#later(Math.min(Math.max(PAUSE, this.sentAt + BETWEEN - now), Math.max(0, this.unsentSince + LONGEST_UNSENT - now)));
  }

  #later(wait) {
    clearTimeout(this.timer);
    this.retryAt = performance.now() + wait;
    this.timer = setTimeout(() => this.send(), wait);
    this.#tell("state");
  }

  // A packet that failed may still arrive: the next has its number again, so that only one of the two is taken.
  #packet({ beside = false } = {}) {
    this.sequence = Math.max(this.acknowledged + 1, this.sequence + (beside ? 1 : 0));
    const packet = { sequence: this.sequence, changes: { ...this.changes } };
    if (this.marksChanged) packet.marked = this.marked.join("");
    return packet;
  }

  #post(packet, keepalive = false) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    return ask(this.address, { method: "POST", headers, body: JSON.stringify(packet), keepalive });
  }

  // Takes the answer to a packet; false when it failed.
  #take(packet, heard) {
    if (this.over) return true;
    if (heard?.held.over) return this.#end(heard.held);
    if (!heard?.ok) return this.#failed(heard);
    const { held, at } = heard;
    if (held.sequence >= this.acknowledged) {
      if (held.stale) this.#follow(held);
      else this.#kept(packet, held);
    }
    this.#heard(held, at);
    return true;
  }

  #kept(packet, held) {
    const alone = held.sequence === this.acknowledged + 1;
    for (const [position, char] of Object.entries(packet.changes)) {
      this.held[position] = char;
      if (this.changes[position] === char) this.#drop(position);
    }
    if (packet.marked === this.marked.join("")) this.marksChanged = false;
    // Nobody else can have written since the last number: what differs all the same was confirmed once and is not there any more.
    if (alone) this.#wentBack(held);
    else this.#follow(held);
    this.savedAt = held.saved_at;
  }

  #failed(heard) {
    this.failures += 1;
    this.refused = heard && refusal(heard);
    this.problem = heard?.held.error?.happened || "";
    this.#tell("state");
    return false;
  }

  #heard(held, at) {
    this.heardAt = performance.now();
    this.ending = false;
    this.failures = 0;
    this.problem = "";
    this.refused = null;
    this.#write();
    if (!this.waiting && !this.marksChanged) this.store.settle();
    this.dispatchEvent(new CustomEvent("time", { detail: { remaining: held.remaining_ms, paused: held.paused, at } }));
    this.#tell("held");
    this.#tell("state");
  }

  // The server holds something newer than this page knew; the rule above decides.
  #follow(held) {
    const known = this.held;
    this.held = [...held.answers];
    this.held.forEach((char, position) => {
      const mine = this.changes[position];
      if (mine !== undefined && mine !== char && (char === known[position] || this.tried[position].includes(char))) return;
      if (mine !== undefined && mine !== char) this.elsewhere.add(position);
      this.#drop(position);
      this.answers[position] = char;
    });
    if (!this.marksChanged && held.marked) this.marked = [...held.marked.padEnd(this.answers.length, "0")];
    if (held.saved_at) this.savedAt = held.saved_at;
    this.sequence = Math.max(this.sequence, held.sequence);
    this.acknowledged = held.sequence;
  }

  // Where the server was put back to an earlier state, what it had confirmed and lacks now is sent again.
  #wentBack(held) {
    const confirmed = this.held;
    this.held = [...held.answers];
    this.acknowledged = held.sequence;
    this.#restore(confirmed, this.chosen);
    if (this.waiting) this.#later(PAUSE);
  }

  #restore(confirmed, chosen) {
    confirmed.forEach((char, position) => {
      if (position in this.changes || char === this.held[position] || !this.paper.fits(position, char)) return;
      this.#note(position, char, chosen[position] || 1);
    });
  }

  // Takes over what another page of this device has not sent yet; true if that changed anything here.
  #adopt(record) {
    let changed = false;
    this.sequence = Math.max(this.sequence, record.sequence);
    for (const [key, char] of Object.entries(record.changes)) {
      const [position, at, tried] = [Number(key), record.chosen[key] || 1, record.tried[key] || ""];
      const server = this.held[position];
      if (at <= (this.chosen[position] || 0) || !this.paper.fits(position, char)) continue;
      if (char === server && !(position in this.changes)) continue;
      if (record.acknowledged < this.acknowledged && server !== record.held[position] && !tried.includes(server)) {
        this.elsewhere.add(position);
        continue;
      }
      this.tried[position] = (this.tried[position] || "") + tried;
      this.#note(position, char, at);
      changed = true;
    }
    return changed;
  }

  #beside(record) {
    if (!record || this.over) return;
    if (record.acknowledged > this.acknowledged) this.#follow({ sequence: record.acknowledged, answers: record.held });
    if (this.#adopt(record)) {
      this.#write();
      const sooner = this.retryAt - performance.now();
      this.#later(sooner > 0 ? Math.min(sooner, ANOTHERS) : ANOTHERS);
    }
    this.#tell("held");
    this.#tell("state");
  }

  // What the server does not hold stays on this device: the result page shows it.
  #end(held) {
    this.over = true;
    clearTimeout(this.timer);
    this.held = [...held.answers];
    this.held.forEach((char, position) => this.changes[position] === char && this.#drop(position));
    this.marksChanged = false;
    if (this.waiting) this.#write();
    else this.store.forget();
    this.dispatchEvent(new CustomEvent("over", { detail: held.result }));
    return true;
  }

  // The page is going away: what waits goes with it, and stays on this device until a reply comes to the next visit.
  #sendLast() {
    if (this.over) return;
    if (this.waiting || this.marksChanged) {
      const packet = this.#packet({ beside: Boolean(this.sending) });
      this.#post(packet, true).then((heard) => heard && this.#take(packet, heard));
    }
    this.#write();
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }

  #write() {
    const said = {};
    for (const [position, char] of Object.entries(this.changes)) said[position] = this.paper.letters(position, char);
    const { sequence, acknowledged, changes, chosen, tried } = this;
    const marked = this.marksChanged ? this.marked.join("") : undefined;
    this.store.write({ sequence, acknowledged, held: this.held.join(""), changes, chosen, tried, said, marked });
  }
}

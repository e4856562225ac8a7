// Autosave: a form with data-autosave (the address) saves each field by itself while the person goes on typing: a second
// after the last letter, on leaving the field, and when the page is left. One post at a time; the newest text wins.
//
// Every post names the page and its turn, so that the server knows our own words even where its answer never came back.
// What could not be saved stays on the device (keep.js) and is sent again: with growing pauses, when the network is back,
// and when somebody comes back to the window, having signed in again perhaps.

import { untilItsDayIsOver } from "./overnight.js";
import { stampOf, unitsOf } from "./units.js";

const PAUSE = 1000;
const RETRY = [2000, 5000, 10_000, 30_000, 60_000];
const PATIENCE = 20_000; // for one answer
const AT_ONCE = 20; // fields in one post
const LARGEST_LAST = 60_000; // bytes a browser still sends for a page that is gone

// of the cookie, not of the page: another tab may have signed in meanwhile
const token = (form) =>
  document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice("csrftoken=".length) ??
  form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

// The state in words beside the save buttons. It is read out when it changes, which for "saved" is once a minute.
class State {
  constructor(element) {
    this.element = element;
    this.words = element?.dataset ?? {};
  }

  busy(on) { this.element?.parentElement.toggleAttribute("data-busy", on); }

  say(text, { failed = false, link = null, linkText = "", dated = null } = {}) {
    if (!this.element) return;
    this.busy(false);
    untilItsDayIsOver(this.element, dated);
    this.element.className = `saved${failed ? " saved--failed" : ""}`;
    if (this.element.dataset.said === text) return;
    this.element.dataset.said = text;
    const words = document.createElement("span");
    words.append(text);
    if (link) words.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: linkText }));
    this.element.replaceChildren(words);
  }

  unsaved(sentence, { after = "", ...link } = {}) {
    this.say([sentence, this.words.kept, after].filter(Boolean).join(" "), { failed: true, ...link });
  }
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.units = unitsOf(form);
    this.state = new State(document.getElementById("save-state"));
    this.page = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    this.turn = 0;
    this.since = form.dataset.saves;
    this.inFlight = 0;
    this.tries = 0;
    this.leaving = false;
    this.composing = false;
    // the page shows what was typed before the session had ended, or was refused: none of it is saved
    if (document.querySelector("[data-unsaved]")) for (const unit of this.units) unit.known = "";
    this.listen();
    if (this.waiting.length) this.soon(0);
  }

  get waiting() { return this.units.filter((unit) => !unit.torn && unit.isChanged); }

  unitOf(target) {
    const stamp = target.name ? stampOf(target) : null;
    return stamp && this.units.find((unit) => unit.stamp === stamp);
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", (event) => { if (this.unitOf(event.target)) this.soon(PAUSE); });
    form.addEventListener("change", (event) => { if (this.unitOf(event.target)) this.soon(0); });
    form.addEventListener("focusout", (event) => { this.left(this.unitOf(event.target)); });
    form.addEventListener("compositionstart", () => { this.composing = true; });
    form.addEventListener("compositionend", () => { this.composing = false; this.soon(PAUSE); });
    form.addEventListener("click", (event) => this.decide(event));
    form.addEventListener("submit", (event) => this.press(event));
    form.addEventListener("minori:restored", (event) => { this.before = event.detail.page; this.soon(0); });
    // files that were just added, with their captions
    form.addEventListener("minori:added", () => {
      const known = new Set(this.units.map((unit) => unit.stamp));
      this.units.push(...unitsOf(form).filter((unit) => !known.has(unit.stamp)));
    });
    window.addEventListener("online", () => this.soon(0));
    window.addEventListener("focus", () => { if (this.tries) this.soon(0); });
    window.addEventListener("pagehide", () => { if (!this.leaving) this.post({ last: true }); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.leaving = false; });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.post();
      else if (this.tries) this.soon(0);
    });
  }

  left(unit) {
    if (!unit) return;
    if (unit.later && !unit.isChanged) this.refresh(unit, unit.later);
    unit.later = null;
    if (unit.isChanged) this.soon(0);
  }

  soon(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.post(), pause);
  }

  // Send what is waiting. `last`: the page is going away, there is no time to wait for an answer that is on its way.
  post({ last = false, decided = null } = {}) {
    if (this.leaving || (this.inFlight && !last)) return Promise.resolve();
    if (this.composing && !last) { this.soon(PAUSE); return Promise.resolve(); }
    const units = decided ? [decided.unit] : this.waiting.slice(0, AT_ONCE);
    if (!units.length) return Promise.resolve();
    this.flight = this.run(units, { last, decided });
    return this.flight;
  }

  async run(units, { last, decided }) {
    clearTimeout(this.timer);
    this.turn += 1;
    const { turn } = this;
    const sent = units.map((unit) => ({ unit, values: unit.values, text: unit.text }));
    this.inFlight += 1;
    const slow = setTimeout(() => this.state.busy(true), 300);
    try {
      await this.heed(await this.send(this.bodyOf(sent, decided), last), sent, turn);
    } catch {
      this.failed();
    } finally {
      clearTimeout(slow);
      this.state.busy(false);
      this.inFlight -= 1;
    }
    if (!this.tries && this.waiting.length) this.soon(PAUSE);
  }

  bodyOf(sent, decided) {
    const body = new URLSearchParams({ page: this.page, turn: this.turn, person: document.body.dataset.person ?? "" });
    if (this.before) body.set("before", this.before);
    if (this.since !== undefined) body.set("since", this.since);
    for (const { unit, values } of sent) {
      body.set(unit.stamp.name, unit.stamp.value);
      for (const [name, value] of values) body.append(name, value);
    }
    if (decided) {
      body.set(`choose-${decided.unit.key}`, decided.side);
      body.set(`seen-${decided.unit.key}`, decided.seen);
    }
    return body;
  }

  async send(body, last) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      return await fetch(this.form.dataset.autosave, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": token(this.form) },
        keepalive: last && body.toString().length < LARGEST_LAST,
        signal: giveUp.signal,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async heed(answer, sent, turn) {
    if (answer.status === 401) { this.signedOut(); return; }
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.status >= 500 || answer.status === 429) { this.failed(); return; }
    if (!isJson) { this.refused(this.state.words.stale); return; }
    const said = await answer.json();
    if (said.error) { this.refused(said.error); return; }
    this.tries = 0;
    this.since = Math.max(said.saves, Number(this.since ?? 0));
    for (const one of sent) if (turn > one.unit.turn) this.settle(one, said, turn);
    for (const unit of this.units) if (said.fresh[unit.key]) this.refresh(unit, said.fresh[unit.key]);
    this.conclude(said, sent);
  }

  settle({ unit, values, text }, said, turn) {
    unit.turn = turn;
    const field = said.fields[unit.key];
    if (said.conflicts[unit.key]) { this.tear(unit, said.conflicts[unit.key]); return; }
    if (!field) return;
    this.mend(unit);
    unit.stamp.value = field.stamp;
    unit.known = text;
    const typedOn = unit.text !== text;
    if (field.numbers) {
      this.tell(field.numbers);
      if (!typedOn) unit.known = unit.text; // what follows the text is no change of a person's
    }
    if (field.inputs) {
      unit.show(field.inputs, values);
      // what was typed on is still to be saved; everything else is as the server holds it
      if (!typedOn) unit.known = unit.text;
      this.note(unit, this.state.words.merged);
    }
    unit.mark(field.head, said);
    unit.understand(field.understood);
    const names = new Set(unit.controls.map((control) => control.name));
    const saved = {};
    for (const name of names) saved[name] = values.filter(([one]) => one === name).map(([, value]) => value);
    if (field.inputs) Object.assign(saved, field.inputs);
    this.form.dispatchEvent(new CustomEvent("minori:saved", { detail: { names: [...names], values: saved } }));
  }

  // Somebody else saved here. A field that is being typed in keeps its words: saving it puts both together, or asks.
  refresh(unit, fresh) {
    if (unit.stamp.value === fresh.stamp || unit.torn || unit.isChanged) return;
    if (unit.hasFocus) { unit.later = fresh; return; }
    unit.stamp.value = fresh.stamp;
    unit.show(fresh.inputs);
    if (fresh.numbers) this.tell(fresh.numbers);
    unit.known = unit.text;
    unit.mark(fresh.head);
    unit.understand(fresh.understood);
    this.note(unit, fresh.said);
    const names = [...new Set(unit.controls.map((control) => control.name))];
    this.form.dispatchEvent(new CustomEvent("minori:saved", { detail: { names } }));
  }

  // The numbers beside a row's text, as the server read them; the page that has them shows them.
  tell(numbers) { this.form.dispatchEvent(new CustomEvent("minori:told", { bubbles: true, detail: { numbers } })); }

  note(unit, words) {
    unit.box.querySelector("[data-fresh]")?.remove();
    const note = Object.assign(document.createElement("p"), { className: "small result__wide", textContent: words });
    note.dataset.fresh = "";
    note.setAttribute("role", "status");
    (unit.box.querySelector(".result__body") ?? unit.box).append(note);
  }

  // Both texts stand in place, and the person is asked; what they typed stays in the field and on the device.
  tear(unit, html) {
    const had = unit.box.querySelector("[data-torn]")?.contains(document.activeElement);
    this.mend(unit);
    const place = document.createElement("div");
    place.className = "result__wide";
    place.dataset.torn = "";
    place.innerHTML = html; // ours: rendered and escaped by the server
    const body = unit.box.querySelector(".result__body");
    if (body) body.prepend(place);
    else unit.stamp.after(place);
    unit.unfold();
    unit.torn = true;
    if (had) place.querySelector("button")?.focus();
  }

  mend(unit) {
    unit.box.querySelector("[data-torn]")?.remove();
    unit.box.querySelector(`#conflict-${CSS.escape(unit.key)}`)?.remove();
    for (const seen of unit.box.querySelectorAll(`[name="seen-${CSS.escape(unit.key)}"]`)) seen.remove();
    unit.torn = false;
  }

  async decide(event) {
    const button = event.target.closest?.("button[name^='choose-']");
    const unit = button && this.units.find((one) => one.key === button.name.slice("choose-".length));
    if (!unit || this.leaving) return;
    event.preventDefault();
    await this.flight;
    const seen = unit.box.querySelector(`[name="seen-${CSS.escape(unit.key)}"]`)?.value ?? "";
    await this.post({ decided: { unit, side: button.value, seen } });
    // the buttons are gone: on to the field that was decided
    if (!unit.torn) unit.controls.find((control) => control.type !== "hidden")?.focus();
  }

  conclude(said, sent) {
    const torn = this.units.find((unit) => unit.torn);
    const missed = sent.some(({ unit }) => !said.fields[unit.key] && !said.conflicts[unit.key]);
    if (missed) this.refused(this.state.words.stale);
    else if (torn) this.state.unsaved(this.state.words.torn, { link: `#conflict-${torn.key}`, linkText: this.state.words.choose });
    else if (said.said) this.state.say(said.said, { dated: said.dated });
    if (!torn && !this.waiting.length) document.querySelector("[data-unsaved]")?.remove();
  }

  failed() {
    // whoever is offline is told what becomes of the words; they are sent with the first sign of a network
    if (navigator.onLine) this.state.unsaved(this.state.words.failed, { after: this.state.words.again });
    else this.state.say(this.state.words.offline, { failed: true });
    this.soon(RETRY[Math.min(this.tries, RETRY.length - 1)]);
    this.tries += 1;
  }

  // nothing is sent again by itself: with the next letter, or when somebody comes back to the window
  refused(sentence) {
    this.tries = 1;
    this.state.unsaved(sentence);
  }

  signedOut() {
    this.tries = 1;
    const back = encodeURIComponent(location.pathname + location.search);
    const signIn = document.getElementById("page-status")?.dataset.signIn;
    this.state.unsaved(this.state.words.signedOut, { link: signIn && `${signIn}?next=${back}`, linkText: this.state.words.signIn });
  }

  // A press of a button takes everything along, by the form's own way; it waits for a post that is on its way.
  async press(event) {
    const { form } = this;
    if (!navigator.onLine) { // the browser would only show that it is
      event.preventDefault();
      this.failed();
      return;
    }
    if (this.inFlight) {
      event.preventDefault();
      const { submitter } = event;
      await this.flight;
      form.requestSubmit(submitter);
      return;
    }
    clearTimeout(this.timer);
    this.leaving = true;
    this.turn += 1;
    const said = { page: this.page, turn: this.turn, ...(this.before ? { before: this.before } : {}) };
    for (const [name, value] of Object.entries(said)) {
      const input = form.querySelector(`input[name=${name}]`) ?? form.appendChild(document.createElement("input"));
      Object.assign(input, { type: "hidden", name, value });
    }
    const csrf = form.querySelector("[name=csrfmiddlewaretoken]");
    if (csrf) csrf.value = token(form);
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const saving = new Autosave(form);
  form.dataset.page = saving.page;
}

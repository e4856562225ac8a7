// What autosave saves together: the box around a stamp (a hidden input "v-KEY" as its direct child), with the inputs
// of KEY in it. Replies, captions and buttons in the same box belong to no unit.

import { untilItsDayIsOver } from "./overnight.js";

const STAMP = ":scope > input[type=hidden][name^='v-']";

export const stampOf = (control) => {
  for (let box = control.parentElement; box && box.tagName !== "FORM"; box = box.parentElement) {
    const stamp = box.querySelector(STAMP);
    if (stamp) return belongs(control.name, stamp.name.slice(2)) ? stamp : null;
  }
  return null;
};

const belongs = (name, key) => name === key || name.startsWith(`${key}-`) || name.startsWith(`row-${key}-`);

const isChoice = (control) => ["radio", "checkbox"].includes(control.type);

export class Unit {
  constructor(stamp) {
    this.stamp = stamp;
    this.key = stamp.name.slice(2);
    this.box = stamp.parentElement;
    this.known = this.text; // what the server holds, as far as this page knows
    this.torn = Boolean(this.box.querySelector(`[name="seen-${CSS.escape(this.key)}"]`)); // waits for a decision
    this.turn = 0; // of the newest post that was answered
  }

  get controls() {
    const all = this.box.querySelectorAll("input, textarea, select");
    return [...all].filter((control) => belongs(control.name, this.key) && !control.closest("[data-keep-not]"));
  }

  get values() {
    return this.controls
      .filter((control) => !isChoice(control) || control.checked)
      .map((control) => [control.name, control.value.replace(/\r\n/g, "\n")]);
  }

  get text() { return JSON.stringify(this.values); }

  get isChanged() { return this.text !== this.known; }

  get hasFocus() { return this.box.contains(document.activeElement) && belongs(document.activeElement.name ?? "", this.key); }

  // Show what stands on the server, except in inputs that no longer hold what was sent: there somebody types on.
  show(inputs, sent) {
    const of = (pairs, name) => JSON.stringify(pairs.filter(([one]) => one === name));
    for (const [name, values] of Object.entries(inputs)) {
      const controls = this.controls.filter((control) => control.name === name);
      if (sent && of(this.values, name) !== of(sent, name)) continue;
      if (controls.some(isChoice)) for (const control of controls) control.checked = values.includes(control.value);
      else if (controls.length === 1 && controls[0].type !== "hidden") [controls[0].value] = values;
      else this.showHidden(name, values, controls);
      for (const control of controls) control.dispatchEvent(new Event("input", { bubbles: true })); // counts follow
    }
  }

  // the other rows that a code stands for travel in hidden inputs
  showHidden(name, values, controls) {
    if (name.endsWith("-beside")) { // what stood in a number's box before somebody typed another
      for (const control of controls) [control.value] = values;
      return;
    }
    for (const control of controls) control.remove();
    if (!name.endsWith("-covers")) return;
    for (const value of values) {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      this.stamp.after(input);
    }
  }

  // The head of a row (its state, code and text in one line), the list of rows to jump to, and when it was saved.
  mark(head, { said, dated } = {}) {
    const foot = this.box.querySelector(".saved");
    if (foot && said) {
      foot.removeAttribute("role"); // the save bar says it already
      foot.textContent = said;
      untilItsDayIsOver(foot, dated);
    }
    const marks = this.box.querySelector(".result__marks");
    if (!head || !marks) return;
    for (const chip of [marks.querySelector(".chip"), document.querySelector(`a[href="#${CSS.escape(this.box.id)}"] + .chip`)]) {
      if (!chip || chip.classList.contains("chip--returned")) continue;
      chip.className = `chip chip--${head.state}`;
      chip.textContent = head.word;
    }
    this.markCode(marks, head);
    const fold = this.box.querySelector("details[data-row-state]");
    if (fold && fold.dataset.rowState !== "returned") fold.dataset.rowState = head.state;
    for (const one of document.querySelectorAll("[data-rows-done]")) {
      one.textContent = one.textContent.replace(/\d+/, document.querySelectorAll("details[data-row-state=done]").length);
    }
  }

  // How the server read what stands in a field of numbers.
  understand(words = "") {
    const place = this.box.querySelector("[data-understood]");
    if (place && place.textContent !== words) place.textContent = words;
  }

  markCode(marks, { code, code_word: word, reading }) {
    let shown = marks.querySelector(".code");
    if (!shown && code) marks.prepend(shown = document.createElement("span"));
    if (shown) {
      shown.className = `code code--${code}`;
      shown.replaceChildren(...(/\d/.test(code) ? [Object.assign(document.createElement("b"), { textContent: code })] : []), word);
      if (!code) shown.remove();
    }
    let line = marks.parentElement.querySelector(".result__reading");
    if (!line && reading) marks.after(line = Object.assign(document.createElement("span"), { className: "result__reading" }));
    if (line) line.textContent = reading;
  }

  // a folded row opens, so that what is asked or told in it can be seen
  unfold() {
    for (const fold of this.box.querySelectorAll("details[data-row-state]")) fold.open = true;
  }
}

export const unitsOf = (form) =>
  [...form.querySelectorAll("input[type=hidden][name^='v-']")].map((stamp) => new Unit(stamp));

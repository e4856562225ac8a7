// What autosave saves together: the box around a stamp (a hidden input "v-KEY" as its direct child), with the inputs
// of KEY in it. Replies, captions and buttons in the same box belong to no unit.

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
    for (const control of controls) control.remove();
    if (!name.endsWith("-covers")) return;
    for (const value of values) {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      this.stamp.after(input);
    }
  }

  // the state of a row in its head, and when it was saved in its foot
  mark(chip, said) {
    const foot = this.box.querySelector(".saved");
    if (foot && said) {
      foot.removeAttribute("role"); // the save bar says it already
      foot.textContent = said;
    }
    const shown = this.box.querySelector(".result__head .chip");
    if (!chip || !shown || shown.classList.contains("chip--returned")) return;
    shown.className = `chip chip--${chip.state}`;
    shown.textContent = chip.word;
  }
}

export const unitsOf = (form) =>
  [...form.querySelectorAll("input[type=hidden][name^='v-']")].map((stamp) => new Unit(stamp));

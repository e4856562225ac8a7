// What is typed into a form marked data-keep stays on the device until the server says that it was saved.
//
// The store is keyed by person, path and form, so nobody is offered another person's text. Passwords, codes, files and
// hidden fields are never kept. An entry goes when the server says so (the cookie that minori.ui.keeping sets, or the
// event "minori:saved"), when the person discards it, or when the page already shows the same text. It is offered again
// after a failed post, an ended session or a reload. Forms without a person (nobody signed in) are not kept.
//
// A form that saves itself (autosave.js) is not asked for: what is kept is put back and sent, with the stamps of what it
// was typed over, so that the server asks where somebody else has written the same. Only what was typed before the report
// was handed in (another data-keep-stage) is shown first, and taken over or discarded by the person.

import { stampOf } from "./units.js";

const PREFIX = "minori-keep";
const COOKIE = "minori_saved";
const SENT = "minori-sent"; // in the window's own store: under which key the form that was just sent is kept
const DAYS_KEPT = 60;
const status = document.getElementById("page-status");

const say = (word) => {
  if (status && status.textContent !== status.dataset[word]) status.textContent = status.dataset[word] ?? "";
};

const placeOf = (form) => `${new URL(form.getAttribute("action") || location.pathname, location.href).pathname}#${form.id}`;

const keyOf = (form) => {
  const person = form.dataset.keepPerson || document.body.dataset.person;
  return person ? `${PREFIX}|${person}|${placeOf(form)}` : null;
};

const isKept = (control) =>
  control.name && control.name !== "csrfmiddlewaretoken" && !control.disabled && !control.closest("[data-keep-not]") &&
  !["password", "file", "hidden", "submit", "button", "image", "reset"].includes(control.type) &&
  !["one-time-code", "current-password", "new-password"].includes(control.autocomplete);

// name -> list of what stands there; a choice counts only where it is made, so an empty list is "nothing chosen"
const valuesOf = (form) => {
  const values = {};
  for (const control of form.elements) {
    if (!isKept(control)) continue;
    const list = (values[control.name] ??= []);
    if (["radio", "checkbox"].includes(control.type)) {
      if (control.checked) list.push(control.value);
    } else if (control.type === "select-multiple") {
      list.push(...[...control.selectedOptions].map((option) => option.value));
    } else {
      list.push(control.value.replace(/\r\n/g, "\n"));
    }
  }
  return values;
};

const putBack = (form, values) => {
  const rest = structuredClone(values);
  for (const control of form.elements) {
    if (!isKept(control) || !(control.name in values)) continue;
    if (["radio", "checkbox"].includes(control.type)) control.checked = values[control.name].includes(control.value);
    else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = values[control.name].includes(option.value);
    } else if (rest[control.name].length) control.value = rest[control.name].shift();
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
};

const read = (key) => {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
};

// `before`: what was kept earlier and waits for the person's word keeps its time, its stage and its stamps
const write = (key, values, form, before = null) => {
  try {
    const { page } = form.dataset;
    const now = { at: Date.now(), stage: stageOf(form), page };
    const stamps = { ...stampsOf(form, values), ...before?.stamps };
    const places = savesItself(form) ? { ...placesOf(form, values), ...before?.places } : undefined;
    localStorage.setItem(key, JSON.stringify({ ...now, ...before, values, stamps, places }));
    return true;
  } catch {
    return false; // storage full or forbidden: the page says so
  }
};

// by name: which save of its field a text was typed over
const stampsOf = (form, values) => {
  const stamps = {};
  for (const control of form.elements) {
    const stamp = control.name in values ? stampOf(control) : null;
    if (stamp) stamps[stamp.name] = stamp.value;
  }
  return stamps;
};

const forget = (key) => {
  try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const differing = (values, others) =>
  Object.fromEntries(Object.entries(values).filter(([name, list]) => !same(list, others[name])));

// only names that still stand in the form
const within = (values, shown) => Object.fromEntries(Object.entries(values).filter(([name]) => name in shown));

// the page itself shows what was typed, but it is not saved: problems were found, or the session had ended
const showsUnsaved = (form) => savesItself(form) ? document.querySelector("[data-unsaved]") : form.querySelector("[aria-invalid=true]") || document.querySelector("[data-unsaved], [data-error-summary]");

const savesItself = (form) => "autosave" in form.dataset;

const stageOf = (form) => form.dataset.keepStage ?? "0";

// by name: where a text stands and, of a choice, its words; told of text that is shown before it is taken over
const placesOf = (form, values) => {
  const places = {};
  for (const [name, said] of Object.entries(values)) {
    const controls = [...form.elements].filter((control) => control.name === name);
    const of = controls[0]?.closest("fieldset, .field");
    const label = of?.querySelector("legend, label")?.firstChild?.textContent.trim() ?? "";
    const row = controls[0]?.closest("article")?.querySelector("h2")?.textContent.trim() ?? "";
    const chosen = controls.filter((control) => ["radio", "checkbox"].includes(control.type) && said.includes(control.value));
    const words = chosen.map((control) => control.labels[0]?.textContent.trim()).join(status?.dataset.listComma);
    places[name] = { where: [row, label].filter(Boolean).join(status?.dataset.gap), words };
  }
  return places;
};

const resume = (form, kept, lost) => {
  for (const [name, value] of Object.entries(kept.stamps ?? {})) {
    const stamp = form.elements[name];
    if (stamp?.type === "hidden") stamp.value = value;
  }
  putBack(form, lost);
  form.dispatchEvent(new CustomEvent("minori:restored", { detail: { page: kept.page } }));
  say("restored");
};

const sweep = () => {
  const oldest = Date.now() - DAYS_KEPT * 86_400_000;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(`${PREFIX}|`) && !((read(key)?.at ?? 0) > oldest)) forget(key);
  }
};

const heedCookie = () => {
  const said = document.cookie.split("; ").find((part) => part.startsWith(`${COOKIE}=`));
  if (!said) return;
  const place = decodeURIComponent(said.slice(COOKIE.length + 1));
  const key = sessionStorage.getItem(`${SENT}|${place}`);
  if (key) forget(key);
  document.cookie = `${COOKIE}=; Max-Age=0; Path=/; SameSite=Lax`;
};

const offer = (form, key, kept, lost) => {
  const bar = document.getElementById("keep-offer").content.firstElementChild.cloneNode(true);
  bar.querySelector("[data-keep-when]").textContent =
    new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  bar.querySelector("[data-keep-restore]").addEventListener("click", () => {
    putBack(form, lost);
    bar.remove();
    say("restored");
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  bar.querySelector("[data-keep-drop]").addEventListener("click", () => {
    forget(key);
    bar.remove();
  });
  form.prepend(bar);
};

// Text of an earlier stage: shown with its place; what has no field any more can only be copied from here.
const offerLater = (form, key, kept, { lost, gone }) => {
  const bar = document.getElementById("keep-offer-later").content.firstElementChild.cloneNode(true);
  bar.querySelector("[data-keep-when]").textContent =
    new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const show = (values, list) => {
    list.replaceChildren();
    for (const [name, said] of Object.entries(values)) {
      const place = kept.places?.[name] ?? {};
      const term = Object.assign(document.createElement("dt"), { textContent: place.where || name });
      list.append(term, Object.assign(document.createElement("dd"), { className: "keep-lines", textContent: place.words || said.join("\n") || "—" }));
    }
    list.closest("[data-keep-part]").hidden = !Object.keys(values).length;
  };
  const [open, closed] = bar.querySelectorAll("[data-keep-texts]");
  show(lost, open);
  show(gone, closed);
  const restore = bar.querySelector("[data-keep-restore]");
  if (!Object.keys(lost).length) restore.remove();
  restore.addEventListener("click", () => {
    if (Object.keys(gone).length) {
      localStorage.setItem(key, JSON.stringify({ ...kept, values: gone }));
      show({}, open);
      restore.remove();
    } else bar.remove();
    resume(form, kept, lost);
  });
  bar.querySelector("[data-keep-drop]").addEventListener("click", () => {
    forget(key);
    bar.remove();
  });
  form.prepend(bar);
};

const watch = (form) => {
  const key = keyOf(form);
  if (!key || form.dataset.kept) return;
  form.dataset.kept = "yes";
  const shown = valuesOf(form);
  const saved = { ...shown };
  const kept = read(key);
  const lost = kept ? differing(within(kept.values, shown), shown) : {};
  const earlier = Boolean(kept) && savesItself(form) && (kept.stage ?? "0") !== stageOf(form);
  const gone = earlier ? Object.fromEntries(Object.entries(kept.values).filter(([name, said]) => !(name in shown) && said.some((text) => text.trim()))) : {};
  if (showsUnsaved(form)) for (const name of Object.keys(kept?.values ?? {})) delete saved[name];
  else if (earlier && Object.keys({ ...lost, ...gone }).length) offerLater(form, key, kept, { lost, gone });
  else if (!Object.keys(lost).length) { if (kept) forget(key); }
  else if (!savesItself(form)) offer(form, key, kept, lost);

  let timer = 0;
  const keep = ({ quiet = false } = {}) => {
    clearTimeout(timer);
    const changed = differing(valuesOf(form), saved);
    // an offer that was not answered yet is not overwritten by the first new letter
    const before = form.querySelector(".keep-offer") ? read(key) : null;
    const values = { ...before?.values, ...changed };
    if (!Object.keys(values).length) {
      forget(key);
      return;
    }
    const word = write(key, values, form, before) ? "kept" : "notKept";
    if (!(quiet || savesItself(form)) || word === "notKept") say(word);
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 400); });
  form.addEventListener("change", () => keep());
  form.addEventListener("submit", () => {
    keep({ quiet: true }); // what is said then is that the form is being sent
    try { sessionStorage.setItem(`${SENT}|${placeOf(form)}`, key); } catch { /* then it is offered once more */ }
  });
  window.addEventListener("pagehide", () => { if (timer) keep({ quiet: true }); });
  form.addEventListener("minori:saved", (event) => {
    // one field was saved by itself (autosave), or the whole form
    const names = event.detail?.names ?? Object.keys(valuesOf(form));
    const now = { ...valuesOf(form), ...event.detail?.values }; // as it was sent; more may have been typed since
    for (const name of names) if (name in now) saved[name] = now[name];
    keep();
  });
  if (savesItself(form) && !earlier && Object.keys(lost).length && !showsUnsaved(form)) resume(form, kept, lost);
};

try {
  sweep();
  heedCookie();
} catch { /* no storage here */ }
const watchAll = () => { for (const form of document.querySelectorAll("form[data-keep][id]")) watch(form); };
watchAll();
document.addEventListener("htmx:after:swap", watchAll);
// fields outside a kept form say it by the form's id
document.addEventListener("minori:saved", (event) => {
  const form = document.getElementById(event.detail?.form ?? "");
  if (form && !form.contains(event.target)) form.dispatchEvent(new CustomEvent("minori:saved", { detail: event.detail }));
});

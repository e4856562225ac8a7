// The optional number beside an indicator's text. While it says what was read from the text it follows the text; from the
// moment a person changes it, it stays, and the page says where the text reads differently.

const PARTS = ["value", "unit", "span", "on"];

const partsOf = (box) => {
  const found = {};
  for (const part of [...PARTS, "beside"]) found[part] = box.querySelector(`[name$="-${part}"]`);
  return found;
};

const put = (box, token) => {
  const parts = partsOf(box);
  const values = token ? token.split("|") : ["", "", "", ""];
  PARTS.forEach((part, place) => { parts[part].value = values[place] ?? ""; });
  showDay(box);
};

const showDay = (box) => {
  const day = box.querySelector(".number__day");
  if (day) day.hidden = partsOf(box).span.value !== "date";
};

// The amount follows as long as nobody has changed it, and so does what it covers: each by itself.
const follow = (box, parts, token) => {
  const [old, next] = [parts.beside.value, token].map((one) => (one ? one.split("|") : ["", "", "", ""]));
  const same = (places) => places.every((place) => parts[PARTS[place]].value.trim() === old[place]);
  if (!same([0, 1])) return;
  for (const place of same([2, 3]) ? [0, 1, 2, 3] : [0, 1]) parts[PARTS[place]].value = next[place];
  parts.beside.value = token;
  showDay(box);
};

// A unit that is not the registered target's: it is told, and a tick says that it is right.
const tellUnit = (place, unit) => {
  const [words, label, tick] = ["[role=status]", "label", "input"].map((part) => place.querySelector(part));
  if (words.textContent !== (unit?.said ?? "")) words.textContent = unit?.said ?? "";
  label.parentElement.hidden = !unit;
  label.querySelector("span").textContent = unit?.label ?? "";
  tick.value = unit?.value ?? "";
  tick.checked = unit?.right ?? false;
};

// What the server read and says: the inputs follow as long as nobody has changed them.
const tell = (box, told) => {
  const parts = partsOf(box);
  const typing = box.querySelector(".number__box").contains(document.activeElement);
  if (parts.beside.value !== told.token && !typing) follow(box, parts, told.token);
  box.querySelector("[data-said]").innerHTML = told.said; // ours: rendered and escaped by the server
  box.querySelector("[data-offers]").innerHTML = told.offers;
  tellUnit(box.querySelector("[data-unit]"), told.unit);
  if (told.open) box.open = true;
};

document.addEventListener("minori:told", (event) => {
  for (const [indicator, told] of Object.entries(event.detail.numbers)) {
    const box = document.querySelector(`[data-number="${CSS.escape(indicator)}"]`);
    if (box) tell(box, told);
  }
});

document.addEventListener("change", (event) => {
  const box = event.target.closest?.(".number");
  if (box) showDay(box);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-take], [data-leave]");
  const box = button?.closest(".number");
  if (!box) return;
  const parts = partsOf(box);
  if (button.dataset.take !== undefined) {
    put(box, button.dataset.take);
    parts.beside.value = button.dataset.beside;
    box.open = true;
  } else parts.beside.value = button.dataset.leave;
  const focus = button.dataset.take !== undefined && !parts.span.value ? parts.span : box.querySelector("summary");
  focus.focus();
  parts.value.dispatchEvent(new Event("change", { bubbles: true })); // autosave takes it along
});

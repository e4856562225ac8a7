// 転記モード: what is copied already is ticked, and stays ticked on this device for this revision.

const whole = document.querySelector("[data-ticks]");
const key = `minori-copied|${document.body.dataset.person ?? ""}|${whole.dataset.ticks}`;
const boxes = [...whole.querySelectorAll("[data-tick]")];
const count = whole.querySelector("[data-ticks-count]");

const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);

const show = () => {
  for (const box of boxes) box.closest("li").classList.toggle("is-copied", box.checked);
  count.textContent = whole.dataset.done.replace("DONE", ticked().length);
};

const keep = () => {
  try { localStorage.setItem(key, JSON.stringify(ticked())); } catch { /* no storage here: the ticks last as long as the page */ }
  show();
};

try {
  const kept = new Set(JSON.parse(localStorage.getItem(key)) ?? []);
  for (const box of boxes) box.checked = kept.has(box.value);
} catch { /* nothing was kept */ }
show();
whole.addEventListener("change", (event) => { if (event.target.matches("[data-tick]")) keep(); });

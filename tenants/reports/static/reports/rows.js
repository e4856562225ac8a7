// Rows of the results section: a link to a row opens it, a phone begins folded, choosing 4 asks for the reason.

const NARROW = matchMedia("(max-width: 63.99rem)");

const rowOf = (hash) => {
  const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  return target?.closest(".result");
};

const show = (hash) => {
  const row = rowOf(hash);
  if (!row) return false;
  const fold = row.querySelector("details[data-row-state]");
  if (fold) fold.open = true;
  for (const inner of row.querySelectorAll("details[data-reason]")) {
    if (inner.contains(document.getElementById(hash.slice(1)))) inner.open = true;
  }
  return row;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#row-']");
  if (!link) return;
  const row = show(link.hash);
  // the place is in sight and the next Tab goes on from there
  requestAnimationFrame(() => row?.querySelector("summary")?.focus());
});
addEventListener("hashchange", () => show(location.hash));

document.addEventListener("change", (event) => {
  if (event.target.type !== "radio" || event.target.value !== "4" || !event.target.checked) return;
  const reason = event.target.closest(".result")?.querySelector("details[data-reason]");
  if (reason) reason.open = true;
});

if (NARROW.matches) {
  const here = rowOf(location.hash);
  let first = true;
  for (const fold of document.querySelectorAll(".result details[data-row-state]")) {
    if (fold.dataset.rowState === "done") continue;
    if (!first && fold.dataset.rowState === "untouched" && fold.closest(".result") !== here) fold.open = false;
    first = false;
  }
}
show(location.hash);

// Helps while a report is read: the number of comments stands on the button, typed comments are open, n goes on to the next change.

const areas = () => [...document.querySelectorAll(".review-write textarea")];

const count = () => {
  const written = areas().filter((area) => area.value.trim()).length;
  for (const place of document.querySelectorAll("[data-comment-count]")) {
    place.hidden = written === 0;
    place.textContent = place.dataset.words.replace("NUMBER", written);
  }
};

document.addEventListener("input", (event) => {
  const box = event.target.closest?.(".review-write");
  if (!box) return;
  if (event.target.value.trim()) box.open = true; // text put back from the device
  count();
});

let at = -1;
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-next-change]")) return;
  const changed = [...document.querySelectorAll(".review-row:has(.changed)")];
  if (!changed.length) return;
  event.preventDefault();
  at = (at + 1) % changed.length;
  changed[at].setAttribute("tabindex", "-1");
  changed[at].focus({ preventScroll: true });
  changed[at].scrollIntoView({ block: "start" });
});

// a link to a row opens what it is folded in
const unfold = () => {
  const row = location.hash.startsWith("#part-") && document.getElementById(location.hash.slice(1));
  const fold = row && row.closest("details");
  if (fold && !fold.open) {
    fold.open = true;
    row.scrollIntoView({ block: "start" });
  }
};
window.addEventListener("hashchange", unfold);

count();
unfold();

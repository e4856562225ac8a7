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

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-next-change]");
  if (!link) return;
  const bar = document.querySelector(".review-bar")?.getBoundingClientRect().bottom ?? 0;
  const changed = [...document.querySelectorAll(".review-row:has(.changed)")];
  const next = changed.find((row) => row.getBoundingClientRect().top > Math.max(bar, 0) + 120) ?? changed[0];
  if (!next) return;
  event.preventDefault();
  next.scrollIntoView({ block: "start" });
  next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
});

count();

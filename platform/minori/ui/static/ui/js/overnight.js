// A page that is left open overnight: 「10:32 に保存しました」 is said of today. Once that day is over the same is said with
// its day, in words that came along with it (data-later) and from the moment on that the server names (data-until).

const EVERY = 30_000;

export const untilItsDayIsOver = (element, dated) => {
  if (dated) Object.assign(element.dataset, dated);
  else for (const name of ["later", "until"]) delete element.dataset[name];
};

const look = () => {
  for (const element of document.querySelectorAll("[data-until]")) {
    if (Date.now() < Number(element.dataset.until)) continue;
    const { later } = element.dataset;
    if (element.id !== "save-state") element.removeAttribute("role"); // a page of rows does not read itself out at midnight
    (element.querySelector("span") ?? element).textContent = later;
    if ("said" in element.dataset) element.dataset.said = later;
    untilItsDayIsOver(element, null);
  }
};

setInterval(look, EVERY);
window.addEventListener("focus", look);
document.addEventListener("visibilitychange", look);

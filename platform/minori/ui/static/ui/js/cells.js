// A cell of the progress map shows its words below the strip, and hides them again; without this its link opens the report.

const close = (panel, { back } = {}) => {
  if (!panel) return;
  const link = document.querySelector(`[aria-controls="${panel.id}"]`);
  link?.removeAttribute("aria-controls");
  link?.setAttribute("aria-expanded", "false");
  panel.remove();
  if (back) link?.focus();
};

const panelOf = (strip) => strip.parentElement.querySelector(":scope > .strip-words");

const show = async (strip, link) => {
  const address = `${strip.dataset.words}${link.hash.slice("#part-".length)}/`;
  link.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  link.removeAttribute("aria-busy");
  if (!answer?.ok || answer.redirected) {
    location.assign(link.href);
    return;
  }
  close(panelOf(strip));
  const panel = Object.assign(document.createElement("section"), { className: "strip-words stack", id: `${strip.id}-words`, tabIndex: -1 });
  panel.innerHTML = await answer.text();
  panel.setAttribute("aria-label", link.getAttribute("aria-label") || link.innerText.replace(/\s+/g, " "));
  panel.querySelector("[data-close]")?.addEventListener("click", () => close(panel, { back: true }));
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(panel, { back: true }); });
  strip.after(panel);
  link.setAttribute("aria-controls", panel.id);
  link.setAttribute("aria-expanded", "true");
  panel.focus();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".strip[data-words] a");
  const plain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || !link.hash.startsWith("#part-")) return;
  event.preventDefault();
  const strip = link.closest(".strip");
  if (link.getAttribute("aria-expanded") === "true") close(panelOf(strip), { back: true });
  else show(strip, link);
});

// The error summary takes the focus when the page opens, and its links lead into the field, not only to it.

const summary = document.querySelector("[data-error-summary]");
summary?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-error-summary] a[href^='#']");
  if (!link) return;
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return;
  event.preventDefault();
  const folded = target.closest("details:not([open])");
  if (folded) folded.open = true;
  const control = target.matches("input, select, textarea, button, a") ? target : target.querySelector("input, select, textarea");
  const label = control?.labels?.[0] ?? target.closest(".field") ?? target;
  (target.closest("fieldset")?.querySelector("legend") ?? label).scrollIntoView({ block: "start" });
  (control ?? target).focus({ preventScroll: true });
});

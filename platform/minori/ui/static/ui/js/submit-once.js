// A form is sent once: the second press is ignored, and the page says that it is being sent.

const SENDING = "sending";
const status = document.getElementById("page-status");

const free = (form) => {
  delete form.dataset[SENDING];
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[aria-disabled=true]")) button.removeAttribute("aria-disabled");
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("data-many")) return;
  if (form.dataset[SENDING]) {
    event.preventDefault();
    return;
  }
  form.dataset[SENDING] = "yes";
  form.setAttribute("aria-busy", "true");
  // aria-disabled, not disabled: a disabled button would not send its own name and would lose the focus
  event.submitter?.setAttribute("aria-disabled", "true");
  if (status) status.textContent = status.dataset.working ?? "";
});

// "back" shows the page as it was left
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll(`form[data-${SENDING}]`)) free(form);
});

document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target.closest?.("form") ?? event.target;
  if (form instanceof HTMLFormElement) free(form);
});

// Copying: to the clipboard, or from the previous answer into a field. Buttons stay hidden where scripts do not run.

const textOf = (element) => element.value ?? element.textContent;

const tell = (button) => {
  const words = button.textContent;
  button.textContent = button.dataset.copied ?? words;
  setTimeout(() => { button.textContent = words; }, 2000);
};

const reveal = (root) => {
  for (const element of root.querySelectorAll("[data-needs-script][hidden]")) element.hidden = false;
};

reveal(document);
document.addEventListener("htmx:after:swap", () => reveal(document));

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy-from]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copyFrom);
  if (!source) return;
  const into = document.getElementById(button.dataset.copyInto ?? "");
  if (into) {
    // what is already there stays: the copy is added below it
    const text = textOf(source).trim();
    into.value = into.value.trim() && into.value.trim() !== text ? `${into.value}\n${text}` : text;
    into.dispatchEvent(new Event("input", { bubbles: true }));
    into.dispatchEvent(new Event("change", { bubbles: true }));
    into.focus();
  } else {
    await navigator.clipboard.writeText(textOf(source).trim());
  }
  tell(button);
});

// The count of characters under a text, kept as it is typed. Line breaks are not counted, as on the server.

const update = (count) => {
  const control = document.getElementById(count.dataset.countOf);
  if (!control) return;
  const length = [...control.value.replace(/[\r\n]/g, "")].length;
  count.textContent = count.dataset.words.replace("NUMBER", length.toLocaleString());
};

document.addEventListener("input", (event) => {
  const id = event.target.id;
  if (!id) return;
  for (const count of document.querySelectorAll(`[data-count-of="${CSS.escape(id)}"]`)) update(count);
});

// Long previews: tick all or none, and how many are ticked. Without this script they are ticked one by one.

for (const bar of document.querySelectorAll("[data-pick]")) {
  const boxes = [...bar.closest("form").querySelectorAll("input[name=take]")];
  const count = bar.querySelector("[data-pick-count]");

  const show = () => {
    count.textContent = count.dataset.pickCount.replace("DONE", boxes.filter((box) => box.checked).length);
  };

  const tick = (checked) => {
    for (const box of boxes) box.checked = checked;
    show();
  };

  bar.querySelector("[data-pick-all]").addEventListener("click", () => tick(true));
  bar.querySelector("[data-pick-none]").addEventListener("click", () => tick(false));
  bar.closest("form").addEventListener("change", show);
  show();
  bar.hidden = false;
}

// A table that is wider than its place says that it slides; one that fits says nothing.

const hint = document.getElementById("page-status")?.dataset.slides ?? "";

const tell = (table) => {
  const slides = table.scrollWidth > table.clientWidth + 1;
  let said = table.previousElementSibling?.matches(".slide-hint") ? table.previousElementSibling : null;
  if (!said && slides && hint) {
    said = Object.assign(document.createElement("p"), { className: "slide-hint", textContent: hint });
    table.before(said);
  }
  said?.classList.toggle("slide-hint--on", slides);
  said?.classList.toggle("slide-hint--off", !slides);
};

const watch = new ResizeObserver((entries) => { for (const { target } of entries) tell(target); });
const watchAll = () => { for (const table of document.querySelectorAll(".table-scroll")) watch.observe(table); };
watchAll();
document.addEventListener("htmx:after:swap", watchAll);

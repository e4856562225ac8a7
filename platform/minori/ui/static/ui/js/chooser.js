// Choosing files in the page's own words: browsers label their button in the language of the browser, not of the page.
//
// The input stays where it is, transparent over our button, so that it is pressed, focused and dropped on as before.

const words = document.getElementById("page-status")?.dataset ?? {};

const namesOf = (input) => [...input.files].map((file) => file.name).join(words.listComma ?? ", ") || words.noFile;

const dress = (input) => {
  if (input.closest(".chooser")) return;
  const box = Object.assign(document.createElement("span"), { className: "chooser" });
  const button = Object.assign(document.createElement("span"), { className: "button button--secondary chooser__button" });
  button.textContent = input.multiple ? words.chooseFiles : words.chooseFile;
  button.setAttribute("aria-hidden", "true");
  const names = Object.assign(document.createElement("span"), { className: "chooser__names small", textContent: namesOf(input) });
  names.setAttribute("role", "status");
  input.replaceWith(box);
  box.append(button, names, input);
  input.addEventListener("change", () => { names.textContent = namesOf(input); });
};

const dressAll = () => { for (const input of document.querySelectorAll("input[type=file].file")) dress(input); };
dressAll();
document.addEventListener("htmx:after:swap", dressAll);

// Answers to comments that were typed on this device and not sent: the check before handing in says so.
//
// They are kept by ui/js/keep.js under the person and the page; nothing is read of anybody else's.

const banner = document.querySelector("[data-unsent]");

const typedIn = (key) => {
  try {
    const values = JSON.parse(localStorage.getItem(key))?.values ?? {};
    return Object.entries(values).some(([name, said]) => name.startsWith("answer-") && said.some((text) => text.trim()));
  } catch {
    return false; // storage is forbidden or holds something else
  }
};

const placesWithAnswers = (here) => {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(here) && typedIn(key))
      .map((key) => key.split("|").at(-1));
  } catch {
    return [];
  }
};

if (banner) {
  const person = document.body.dataset.person;
  const list = banner.querySelector("ul");
  for (const place of placesWithAnswers(`minori-keep|${person}|${banner.dataset.unsent}`)) {
    const link = document.createElement("a");
    link.href = place.replace(/comments\/#/, "#");
    link.textContent = banner.dataset.word;
    list.append(document.createElement("li"));
    list.lastElementChild.append(link);
  }
  banner.hidden = !list.children.length;
}

// Files are sent one by one, so that each has its own progress and its own answer: what is wrong with one does not
// hold up the others, and a lost connection costs one file. Without this script the form sends them together.

const form = document.querySelector("form[data-upload]");

const say = (words, facts) => {
  const status = form.querySelector("[data-upload-status]");
  const text = Object.entries(facts ?? {}).reduce((made, [name, value]) => made.replace(name, () => value), words);
  if (status.textContent !== text) status.textContent = text;
};

const send = (file, onProgress) => new Promise((resolve) => {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.append("files", file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => onProgress(Math.floor((100 * event.loaded) / event.total)));
  request.addEventListener("loadend", () => {
    const signedOut = request.status && new URL(request.responseURL, location.href).pathname !== new URL(form.action).pathname;
    try {
      resolve(signedOut ? { signedOut } : JSON.parse(request.responseText));
    } catch {
      resolve({ failed: true });
    }
  });
  request.send(data);
});

const problemsOf = (answer, file, words) => {
  if (answer.signedOut) return [{ filename: file.name, why: words.signedOut }];
  if (answer.failed) return [{ filename: file.name, why: words.failed }];
  return answer.refused;
};

const showRefused = (refused) => {
  const box = form.querySelector("[data-upload-refused]");
  const list = box.querySelector("ul");
  list.replaceChildren(...refused.map(({ filename, why }) => {
    const item = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = filename;
    item.append(name, document.getElementById("page-status").dataset.gap, why);
    return item;
  }));
  box.hidden = refused.length === 0;
  if (refused.length) box.focus();
};

// what was added appears in the list; what is typed elsewhere on the page stays
const refresh = async () => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, then] = [document.getElementById("files"), fresh.getElementById("files")];
  if (!now || !then) return;
  if (now.tagName !== then.tagName) {
    const list = document.importNode(then, true);
    now.replaceWith(list);
    list.dispatchEvent(new CustomEvent("minori:added", { bubbles: true }));
    return;
  }
  const list = now.querySelector("ol") ?? now;
  const added = then.querySelector("ol") ?? then;
  const known = new Set([...list.children].map((item) => item.id));
  for (const item of [...added.children]) {
    if (!known.has(item.id)) list.append(document.importNode(item, true));
    // what stood last can be moved down now; what is typed beside it stays
    else document.getElementById(item.id).querySelector("p.cluster")?.replaceWith(document.importNode(item.querySelector("p.cluster"), true));
  }
  list.dispatchEvent(new CustomEvent("minori:added", { bubbles: true }));
};

const sendAll = async (files) => {
  const { dataset } = form.querySelector("[data-upload-status]");
  const refused = [];
  let added = 0;
  for (const [place, file] of files.entries()) {
    const facts = { NUMBER: place + 1, COUNT: files.length, NAME: file.name };
    const answer = await send(file, (percent) =>
      say(percent < 100 ? dataset.sending : dataset.checking, { ...facts, PERCENT: percent }));
    refused.push(...problemsOf(answer, file, dataset));
    added += answer.added ?? 0;
    if (answer.signedOut) break;
  }
  if (added) await refresh();
  say(dataset.done, { ADDED: added, COUNT: files.length });
  showRefused(refused);
};

form?.addEventListener("submit", async (event) => {
  const chooser = form.elements.files;
  if (!chooser.files.length) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const button = event.submitter;
  button?.setAttribute("aria-disabled", "true");
  await sendAll([...chooser.files]);
  chooser.value = "";
  chooser.dispatchEvent(new Event("change"));
  button?.removeAttribute("aria-disabled");
  form.removeAttribute("aria-busy");
}, { capture: true });

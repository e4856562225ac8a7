// htmx: the CSRF token on every request that writes, and words for what went wrong. Parts of a page are swapped only
// by answers meant for it: an error page, or the sign-in page after the session ended, never lands inside another page.

const status = document.getElementById("page-status");

const say = (word) => {
  if (!status) return;
  const kept = word && document.querySelector("form[data-keep]") ? ` ${status.dataset.kept ?? ""}` : "";
  status.textContent = `${status.dataset[word] ?? ""}${kept}`;
};

document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail?.ctx?.request;
  if (!request || ["GET", "HEAD"].includes((request.method ?? "GET").toUpperCase())) return;
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (token) request.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:before:swap", (event) => {
  const raw = event.detail?.ctx?.response?.raw;
  const signIn = status?.dataset.signIn;
  if (signIn && raw?.redirected && new URL(raw.url).pathname === signIn) {
    event.preventDefault();
    say("signedOut");
  }
});

document.addEventListener("htmx:error", () => say("unreachable"));
document.addEventListener("htmx:response:error", () => say("refused"));
document.addEventListener("htmx:before:request", () => say(""));

// An address may name a place that stands on another page of a long list: then the page's own link to that place is followed.

if (location.hash.length > 1 && !document.getElementById(location.hash.slice(1))) {
  const links = [...document.querySelectorAll("a[href*='at=']")];
  const there = links.find((link) => link.hash === location.hash);
  if (there) location.replace(there.href);
}

// Shows a trace as a page to step through, in place of its text, when it is opened.
"use strict";

function enliven(details) {
  const template = details.querySelector("template");
  if (!template) return;
  const frame = document.createElement("iframe");
  frame.title = details.querySelector("summary").textContent;
  frame.setAttribute("sandbox", "allow-scripts");
  frame.srcdoc = template.content.textContent;
  details.querySelector("pre").replaceWith(frame);
  template.remove();
}

function show(id) {
  const details = document.getElementById(id);
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  details.scrollIntoView();
}

for (const details of document.querySelectorAll("details")) {
  details.addEventListener("toggle", () => details.open && enliven(details));
}
for (const link of document.querySelectorAll("[data-opens]")) {
  link.addEventListener("click", () => show(link.dataset.opens));
}
addEventListener("hashchange", () => show(location.hash.slice(1)));
show(location.hash.slice(1));

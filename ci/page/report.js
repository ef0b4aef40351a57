// The page of the gate, tried in a browser: following a cell's link opens the trace in its frame.
"use strict";
addEventListener("load", () => {
  const problems = [...window.errors];
  const link = document.querySelector("[data-opens]");
  link.click();
  const details = document.getElementById(link.dataset.opens);
  // A `toggle` event comes later.
  setTimeout(() => {
    const frame = details.querySelector("iframe");
    if (!details.open) problems.push("the link does not open its trace");
    if (!frame) problems.push("the trace is not in a frame");
    else if (!frame.srcdoc.includes("data-failure=")) problems.push("the frame holds no trace");
    if (details.querySelector("pre")) problems.push("the trace is there twice");
    parent.postMessage(problems.join("; ") || "passed", "*");
  }, 500);
});

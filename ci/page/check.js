// Runs at the end of a page, and tells the page around it what it finds.
(() => {
  const wrong = [...window.errors];
  const root = document.documentElement;
  const id = (name) => document.getElementById(name);
  const check = (what, holds) => holds || wrong.push(what);
  const position = () => Number(root.dataset.position);
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const shown = () => id("said").textContent + id("values").textContent + document.querySelectorAll(".later").length;
  const last = document.querySelectorAll("tr[data-position]").length;
  const deadlock = root.dataset.failure === "deadlock";

  check("there is something to step through", last > 1);
  const key = [...document.querySelectorAll("tr.key")].at(-1);
  const telling = deadlock || !key ? last : Number(key.dataset.position);
  check("it begins at the step that tells most", position() === telling);
  press("End");
  check("a deadlock ends in a cycle", root.dataset.cycle === String(deadlock));
  check("the cycle is drawn", (document.querySelectorAll("#graph .cycle").length >= 2) === deadlock);

  const atTheEnd = shown();
  press("ArrowLeft");
  check("the left arrow goes back", position() === last - 1 && shown() !== atTheEnd);
  press("ArrowRight");
  check("the right arrow goes on", position() === last && shown() === atTheEnd);
  press("ArrowRight");
  check("it does not go beyond the end", position() === last && id("forward").disabled);
  press("Home");
  check("Home goes to the start", position() === 0 && id("back").disabled);
  check("nobody waits at the start", root.dataset.cycle === "false" && !document.querySelector("#graph .cycle"));
  press("ArrowLeft");
  check("it does not go before the start", position() === 0);
  const said = new Set();
  for (let i = 0; i < last; i++) {
    press("j");
    said.add(id("said").textContent);
    const current = document.querySelectorAll("[aria-current]");
    check(`step ${i + 1} is marked`, current.length === 1 && Number(current[0].dataset.position) === i + 1);
  }
  check("each step says what it is", said.size === last && position() === last);
  press("Home");
  press("End");
  check("End goes to the end", position() === last);

  id("back").click();
  check("the button goes back", position() === last - 1);
  id("slider").value = 1;
  id("slider").dispatchEvent(new Event("input"));
  check("the slider goes to a step", position() === 1 && id("slider").value === "1");
  check("the source is shown", !id("source").hidden && id("source").querySelectorAll(".at").length === 1);
  document.querySelector(".diagnosis .go")?.click();
  check("the evidence leads to its step", position() === Number(document.querySelector(".diagnosis .go").dataset.go));
  document.querySelector(`tr[data-position="${last}"]`).click();
  check("a row leads to its step", position() === last);

  const scroll = document.querySelector(".scroll");
  scroll.scrollLeft = 0;
  const inside = (one) => one.getBoundingClientRect().right <= scroll.getBoundingClientRect().right + 1;
  check("no balance is cut off", [...document.querySelectorAll("td.cell, th.cell")].every(inside));
  check("no step is cut off", [...document.querySelectorAll(".op")].every(inside));
  check("more than one thread can be read", [...document.querySelectorAll("th.lane")].slice(0, 2).every(inside));
  check("every control has a name", [...document.querySelectorAll("button, input")].every((one) =>
    (one.textContent.trim() || one.getAttribute("aria-label")) && one.tabIndex >= 0));
  check("the page is no wider than the window", root.scrollWidth <= window.innerWidth);
  const light = (colour) => colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
  const { backgroundColor, color } = getComputedStyle(document.body);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  check("the page is as dark as is asked for", light(backgroundColor) < light(color) === dark);
  parent.postMessage(wrong.length ? `WRONG: ${wrong.join("; ")}` : `passed, ${dark ? "dark" : "light"}`, "*");
})();

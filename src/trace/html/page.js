"use strict";
(() => {
  const view = JSON.parse(document.getElementById("view").textContent);
  const id = (name) => document.getElementById(name);
  const rows = [...document.querySelectorAll("tr[data-position]")];
  const last = rows.length;
  let position = last;

  const number = (value) => value.toLocaleString("en-US");
  const shared = (at) => {
    const step = at === 0 ? -1 : Number(rows[at - 1].dataset.step);
    return step < 0 ? view.before : view.steps[step].after;
  };

  function go(to) {
    position = Math.max(0, Math.min(last, to));
    rows.forEach((row, i) => {
      row.classList.toggle("later", i >= position);
      if (i === position - 1) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    });
    id("slider").value = position;
    id("back").disabled = id("first").disabled = position === 0;
    id("forward").disabled = id("last").disabled = position === last;
    document.documentElement.dataset.position = position;
    say();
    drawValues();
    drawGraph();
    drawSource();
  }

  function say() {
    if (position === 0) {
      id("said").textContent = "Before the first step.";
      return;
    }
    const row = rows[position - 1];
    const [step, status] = [row.cells[0], row.cells[1]].map((cell) => cell.textContent.trim());
    const heads = document.querySelectorAll("th.lane");
    const plain = row.querySelector(".plain");
    const said = plain
      ? plain.textContent
      : [...row.querySelectorAll("td.lane")]
          .map((lane, i) => [heads[i].textContent, lane.textContent.trim()])
          .filter(([, what]) => what)
          .map(([who, what]) => `${who}: ${what}`)
          .join("; ");
    const at = /\d/.test(step) ? `Step ${step}, ${status}` : status;
    id("said").textContent = `${at[0].toUpperCase()}${at.slice(1)}. ${said}`;
  }

  function drawValues() {
    const now = shared(position);
    const before = shared(Math.max(0, position - 1));
    const { cell: cells = [], lock: locks = [], mutex: mutexes = [], ...others } = view.objects;
    const lines = cells.map((cell, i) => [cell.name, number(now.states.cell[i]), number(before.states.cell[i])]);
    if (cells.length > 1) {
      const sum = (values) => number(values.reduce((a, b) => a + b, 0));
      lines.push(["sum", sum(now.states.cell), sum(before.states.cell)]);
    }
    const held = (holder) => (holder === null ? "free" : `held by ${view.threads[holder].name}`);
    for (const [kind, all] of [["lock", locks], ["mutex", mutexes]]) {
      all.forEach((lock, i) => lines.push([lock.name, held(now.states[kind][i]), held(before.states[kind][i])]));
    }
    const told = (state) => (typeof state === "boolean" ? (state ? "set" : "not set") : number(state));
    for (const [kind, objects] of Object.entries(others)) {
      objects.forEach((object, i) => lines.push([object.name, told(now.states[kind][i]), told(before.states[kind][i])]));
    }
    id("values").replaceChildren(...lines.map(([name, value, earlier]) => {
      const row = document.createElement("tr");
      row.className = value === earlier ? "" : "changed";
      for (const text of [name, value]) row.appendChild(document.createElement("td")).textContent = text;
      return row;
    }));
  }

  function svg(name, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  // Threads and locks on a ring: a thread, then the lock that it waits for, then who holds that.
  function drawGraph() {
    const now = shared(position);
    const { lock: ofLocks = [], mutex: ofMutexes = [] } = now.states;
    const holders = [...ofLocks, ...ofMutexes];
    const first = { lock: 0, mutex: ofLocks.length };
    const locked = ({ object }) => (object && object[0] in first ? first[object[0]] + object[1] : null);
    const waits = new Map(now.waits.map((wait) => [wait.thread, { ...wait, lock: locked(wait) }]));
    const involved = new Set();
    holders.forEach((holder, lock) => holder !== null && involved.add(`t${holder}`).add(`l${lock}`));
    const blocked = [...waits.values()];
    blocked.filter((wait) => wait.lock !== null || wait.in_cycle).forEach((wait) => {
      involved.add(`t${wait.thread}`);
      if (wait.lock !== null) involved.add(`l${wait.lock}`);
      else if (wait.on !== null) involved.add(`t${wait.on}`);
    });
    const ring = [];
    const add = (node) => involved.has(node) && !ring.includes(node) && (ring.push(node), true);
    const follow = (thread) => {
      if (!add(`t${thread}`)) return;
      const wait = waits.get(thread);
      if (!wait) return;
      if (wait.lock !== null) add(`l${wait.lock}`);
      if (wait.on !== null) follow(wait.on);
    };
    view.threads.forEach((_, thread) => follow(thread));
    [...involved].forEach(add);
    const { lock = [], mutex = [] } = view.objects;
    const locks = [...lock, ...mutex];
    const label = (node) => (node[0] === "t" ? view.threads : locks)[Number(node.slice(1))].name;
    const boxes = new Map(ring.map((node, i) => {
      const angle = (2 * Math.PI * i) / ring.length - Math.PI / 2;
      const half = Math.max(22, 4 * label(node).length + 10);
      return [node, { x: 180 + 120 * Math.cos(angle), y: 110 + 85 * Math.sin(angle), half }];
    }));
    const drawing = [svg("defs", {})];
    drawing[0].innerHTML = '<marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z"/></marker>';
    // How far from the middle of a box a line in this direction leaves it.
    const leave = (box, dx, dy) => Math.min((box.half + 3) / Math.abs(dx || 1e-9), 17 / Math.abs(dy || 1e-9));
    const arrow = (from, to, kind) => {
      const [a, b] = [boxes.get(from), boxes.get(to)];
      if (!a || !b || a === b) return;
      const length = Math.hypot(b.x - a.x, b.y - a.y);
      const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
      const [start, end] = [leave(a, dx, dy), leave(b, dx, dy)];
      drawing.push(svg("line", { x1: a.x + start * dx, y1: a.y + start * dy, x2: b.x - end * dx, y2: b.y - end * dy, class: kind, "marker-end": "url(#tip)" }));
    };
    const words = [];
    holders.forEach((holder, lock) => {
      if (holder === null) return;
      const inCycle = blocked.some((wait) => wait.in_cycle && wait.lock === lock);
      arrow(`l${lock}`, `t${holder}`, inCycle ? "holds cycle" : "holds");
      words.push(`${view.threads[holder].name} holds ${locks[lock].name}`);
    });
    blocked.forEach((wait) => {
      const to = wait.lock !== null ? `l${wait.lock}` : `t${wait.on}`;
      arrow(`t${wait.thread}`, to, wait.in_cycle ? "waits cycle" : "waits");
      if (wait.lock !== null) words.push(`${view.threads[wait.thread].name} waits for ${locks[wait.lock].name}`);
    });
    for (const [node, { x, y, half }] of boxes) {
      const thread = node[0] === "t";
      const look = thread ? { rx: 14, class: "thread", style: `--i: ${node.slice(1)}` } : { rx: 2, class: "thing" };
      drawing.push(svg("rect", { x: x - half, y: y - 14, width: 2 * half, height: 28, ...look }));
      drawing.push(svg("text", { x, y }, label(node)));
    }
    id("graph").toggleAttribute("hidden", ring.length === 0);
    id("graph-legend").hidden = ring.length === 0;
    id("graph").replaceChildren(...drawing);
    id("graph-words").textContent = words.length ? words.join("; ") + "." : "No lock is held, and nobody is blocked.";
    document.documentElement.dataset.cycle = now.waits.some((wait) => wait.in_cycle);
  }

  function where() {
    if (position === 0) return null;
    const row = rows[position - 1];
    return row.dataset.pending ? view.pending[Number(row.dataset.pending)].at : view.steps[Number(row.dataset.step)]?.at;
  }

  function drawSource() {
    const at = where();
    const lines = (at && view.sources[at.file]) || {};
    id("place").textContent = at ? `${at.file}:${at.line}` : "";
    const near = Object.entries(lines).filter(([line]) => at && Math.abs(line - at.line) <= 4);
    id("source").hidden = near.length === 0;
    id("source").replaceChildren(...near.map(([line, text]) => {
      const span = document.createElement("span");
      if (Number(line) === at.line) span.className = "at";
      span.appendChild(document.createElement("i")).textContent = line.padStart(4) + "  ";
      span.append(text);
      return span;
    }));
  }

  function step(to) {
    go(to);
    if (position > 0) rows[position - 1].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  id("slider").addEventListener("input", (event) => step(Number(event.target.value)));
  id("first").addEventListener("click", () => step(0));
  id("back").addEventListener("click", () => step(position - 1));
  id("forward").addEventListener("click", () => step(position + 1));
  id("last").addEventListener("click", () => step(last));
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-go], tr[data-position]");
    if (target) step(Number(target.dataset.go ?? target.dataset.position));
  });
  const keys = { ArrowLeft: -1, ArrowUp: -1, k: -1, ArrowRight: 1, ArrowDown: 1, j: 1 };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.id === "slider") return;
    if (event.key in keys) step(position + keys[event.key]);
    else if (event.key === "Home") step(0);
    else if (event.key === "End") step(last);
    else return;
    event.preventDefault();
  });
  // Where the table has no room beside the rest, the rest goes above it; then its lines are broken.
  const [stage, scroll] = [".stage", ".scroll"].map((name) => document.querySelector(name));
  function arrange() {
    stage.classList.remove("wide", "tight");
    for (const name of ["wide", "tight"]) {
      if (scroll.scrollWidth > scroll.clientWidth) stage.classList.add(name);
    }
  }
  addEventListener("resize", arrange);
  arrange();

  // What the last threads see when all is over tells less than the last step that matters.
  const key = rows.findLastIndex((row) => row.classList.contains("key")) + 1;
  const blocked = rows.some((row) => row.classList.contains("blocked"));
  const asked = /^#(\d+)$/.exec(location.hash);
  go(asked ? Number(asked[1]) : blocked ? last : key || last);
})();

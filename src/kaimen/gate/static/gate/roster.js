/* A day's list: the equation follows every tick. Without this file the page confirms just the same. */
const form = document.querySelector("[data-roster]");
const rows = [...form.querySelectorAll("tr[data-change]")];
const boxes = rows.map((row) => row.querySelector("input")).filter(Boolean); // a closed list has none
const tags = Object.fromEntries([...form.querySelectorAll("[data-tag]")].map((one) => [one.dataset.tag, one]));
const confirm = form.querySelector("[data-words][name=confirm]");
const [before, joins, away, after] = form.querySelectorAll(".eq b");

function change(row) {
  const box = row.querySelector("input");
  if (!box) return row.dataset.change;
  if (row.dataset.before === "1") return box.checked ? "same" : "stays-away";
  return box.checked ? "joins" : "not-planned";
}

/* 43 of 48 is 89.58: whole numbers only, rounded half up, as the server does it. */
function rate(n, all) {
  return all ? (Math.floor((20000 * n + all) / (2 * all)) / 100).toFixed(2) : "";
}

function recount() {
  const n = { joins: 0, "stays-away": 0, same: 0, "not-planned": 0 };
  for (const row of rows) {
    const now = change(row);
    if (now !== row.dataset.change) {
      row.dataset.change = now;
      row.querySelector(".c-change").replaceChildren(tags[now].content.cloneNode(true));
    }
    n[now] += 1;
  }
  const coming = n.same + n.joins;
  const said = {
    away: n["stays-away"], after: coming, none: n["not-planned"], changes: n.joins + n["stays-away"],
  };
  for (const place of form.querySelectorAll("[data-n]")) place.textContent = said[place.dataset.n];
  form.querySelector("[data-rate]").textContent = rate(coming, rows.length);
  [before.textContent, joins.textContent, away.textContent] = [n.same + n["stays-away"], n.joins, n["stays-away"]];
  after.textContent = coming;
  if (confirm) confirm.textContent = confirm.dataset.words.replace("{n}", coming);
}

const find = form.querySelector("[data-find]");
const filters = form.querySelector("[data-filters]");
let shown = "all";

function filter() {
  const name = find.value.trim();
  for (const row of rows) {
    const fits = shown === "all" || row.dataset.change === shown
      || (shown === "changes" && ["joins", "stays-away"].includes(row.dataset.change));
    row.hidden = !fits || !row.querySelector(".c-name").textContent.includes(name);
  }
}

const all = form.querySelector("[data-tick-all]");

function nameTickAll() {
  const [tick, untick] = all.dataset.words.split("|");
  all.textContent = boxes.some((box) => box.checked) ? untick : tick;
}

if (all) {
  all.hidden = boxes.length === 0;
  all.addEventListener("click", () => {
    const ticks = !boxes.some((box) => box.checked);
    for (const box of boxes) box.checked = ticks;
    recount();
    nameTickAll();
  });
}

form.addEventListener("change", () => {
  recount();
  if (all) nameTickAll();
});
find.addEventListener("input", filter);
find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
filters.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  shown = button.dataset.show;
  for (const one of filters.children) one.setAttribute("aria-pressed", String(one === button));
  filter();
});
find.hidden = filters.hidden = false;
recount();
if (all) nameTickAll();

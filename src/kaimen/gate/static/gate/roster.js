/* Tomorrow's list: the equation follows every tick. Without this file the page confirms just the same. */
const form = document.querySelector("[data-roster]");
const rows = [...form.querySelectorAll("tr[data-change]")];
const tags = Object.fromEntries([...form.querySelectorAll("[data-tag]")].map((one) => [one.dataset.tag, one]));
const confirm = form.querySelector("[data-words]");
const [today, joins, away, tomorrow] = form.querySelectorAll(".eq b");

function change(row) {
  const comes = row.querySelector("input").checked;
  if (row.dataset.today === "1") return comes ? "same" : "stays-away";
  return comes ? "joins" : "not-planned";
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
  const said = {
    away: n["stays-away"], tomorrow: n.same + n.joins, none: n["not-planned"], changes: n.joins + n["stays-away"],
  };
  for (const place of form.querySelectorAll("[data-n]")) place.textContent = said[place.dataset.n];
  [today.textContent, joins.textContent, away.textContent] = [n.same + n["stays-away"], n.joins, n["stays-away"]];
  tomorrow.textContent = said.tomorrow;
  confirm.textContent = confirm.dataset.words.replace("{n}", said.tomorrow);
}

const find = form.querySelector("[data-find]");
const filters = form.querySelector("[data-filters]");
let shown = "all";

function filter() {
  const name = find.value.trim();
  for (const row of rows) {
    const fits = shown === "all" || row.dataset.change === shown
      || (shown === "changes" && ["joins", "stays-away"].includes(row.dataset.change));
    row.hidden = !fits || !row.querySelector("label").textContent.includes(name);
  }
}

form.addEventListener("change", () => { recount(); });
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

// Signing on a page: says in words what is in the statement, from the very values that become its bytes, and signs on
// the reader's click. The page brings one JSON (see desk_signing.py); what is signed goes back with its form.

import { keyMade, keyOf, possible, signed } from "status/keys";
import { contentOf, identityOf, revived, sealed, sha256, toBase64, toHex } from "status/statement";

const language = document.documentElement.lang;

function shown(name, root = document) {
  for (const one of root.querySelectorAll("[data-when]")) {
    one.hidden = !one.dataset.when.split(" ").includes(name);
  }
}

function inWords(value, row, zone) {
  if (value instanceof Uint8Array) return row.words?.[toHex(value)] ?? toHex(value);
  if (row.as === "moment") {
    return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(value);
  }
  if (row.as === "count") return String(value.length);
  if (Array.isArray(value)) {
    return value.map((one) => inWords(one, row, zone)).join(language.startsWith("zh") ? "、" : ", ") || "—";
  }
  return row.words?.[String(value)] ?? String(value);
}

function at(statement, path) {
  return path.split(".").reduce((value, name) => value?.[name], statement);
}

// Every row of a statement: its label, and the value as it goes into the bytes. Who it is about is shown as the
// document number, of which the identity is computed below.
function rowsOf(item, zone) {
  return item.rows.map((row) => {
    const value = row.at === "identity" ? item.identity.word : at(item.statement, row.at);
    return [row.label, value === undefined || value === "" ? "—" : inWords(value, row, zone)];
  });
}

function element(name, words, attributes = {}) {
  const made = document.createElement(name);
  if (words !== undefined) made.textContent = words;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function asList(rows) {
  const list = element("dl", undefined, { class: "desk-says" });
  for (const [label, words] of rows) list.append(element("dt", label), element("dd", words));
  return list;
}

function asTable(items, zone) {
  const table = element("table", undefined, { class: "dense desk-table" });
  const labels = items[0].rows.map((row) => row.label);
  const top = element("tr");
  for (const label of labels) top.append(element("th", label, { scope: "col" }));
  const body = element("tbody");
  for (const item of items) {
    const line = element("tr");
    for (const [label, words] of rowsOf(item, zone)) line.append(element("td", words, { "data-label": label }));
    body.append(line);
  }
  const header = element("thead");
  header.append(top);
  table.append(header, body);
  return table;
}

// The key decides for which source the statement speaks; the id is drawn here, so that sending it again is no second one.
async function completed(item, key, entry) {
  const statement = { ...item.statement };
  if ("key" in statement) Object.assign(statement, { source: entry.source, key: key.id });
  if (statement.id === null) statement.id = crypto.getRandomValues(new Uint8Array(16));
  if (item.identity) {
    statement.identity = await identityOf(item.identity.domain, item.identity.salt, item.identity.word);
  }
  return { ...item, statement };
}

// What the authorities sign was written by the server: it is signed only if it is the bytes of what is shown here.
async function sound(item) {
  const content = contentOf(item.statement);
  if (item.content && toHex(item.content) !== toHex(content)) return false;
  if (!item.text) return true;
  const text = new TextEncoder().encode(document.getElementById(item.text).textContent);
  return toHex(await sha256(text)) === toHex(item.statement.digest);
}

async function answerOf(item, key, only) {
  const content = contentOf(item.statement);
  const signature = await signed(key, content);
  return toBase64(only === "signature" ? signature : sealed(content, [[key.id, signature]]));
}

class Signing {
  constructor(form) {
    this.form = form;
    const ask = JSON.parse(document.getElementById(form.dataset.signing).textContent);
    this.ask = { ...ask, items: revived(ask.items) };
  }

  async begin() {
    if (!possible()) return shown("impossible", this.form);
    this.key = await keyOf(this.ask.post);
    if (!this.key) return shown("no-key", this.form);
    this.entry = this.ask.keys.find((one) => one.public === toHex(this.key.raw));
    if (!this.entry) return shown("other-key", this.form);
    this.choose();
    await this.draw();
    this.form.addEventListener("change", () => this.draw());
    this.form.addEventListener("submit", (event) => this.submit(event));
    return undefined;
  }

  // What is answered on the page itself goes into the statement as it is chosen: a finding, what an inspection found.
  choose() {
    const { fills } = this.ask;
    const [{ statement }] = this.ask.items;
    if (fills?.evidence) this.fill = () => this.fillFinding(statement, fills);
    if (fills?.says) this.fill = () => this.fillSays(statement, fills.says);
  }

  chosen(name) {
    return this.form.querySelector(`[name="${name}"]:checked`)?.value;
  }

  fillFinding(statement, { evidence, reason }) {
    Object.assign(statement, { strikes: [], upholds: [] });
    for (const { name, id } of evidence) {
      const answer = this.chosen(name);
      if (answer) statement[answer].push(revived(id));
    }
    statement.reason = this.form.elements[reason].value.trim().replace(/\s+/g, " ");
  }

  fillSays(statement, fields) {
    statement.says = {};
    for (const [field, { name, yes_no: yesNo }] of Object.entries(fields)) {
      const answer = this.chosen(name);
      if (answer !== undefined) statement.says[field] = yesNo ? answer === "yes" : answer;
    }
  }

  async draw() {
    this.fill?.();
    this.items = await Promise.all(this.ask.items.map((item) => completed(item, this.key, this.entry)));
    if (!(await Promise.all(this.items.map(sound))).every(Boolean)) return shown("altered", this.form);
    const { zone } = this.ask;
    const says = this.items.length === 1 ? asList(rowsOf(this.items[0], zone)) : asTable(this.items, zone);
    this.form.querySelector("[data-says]").replaceChildren(says);
    return shown("ready", this.form);
  }

  async submit(event) {
    event.preventDefault();
    if (this.sent) return;
    this.sent = true; // one click is one signature
    await this.draw();
    const answers = [];
    for (const item of this.items) answers.push(await answerOf(item, this.key, this.ask.only));
    this.form.elements.signed.value = answers.join("\n");
    HTMLFormElement.prototype.submit.call(this.form);
  }
}

// The page of one's key: says whether it is on this device, makes it on a click, and sends its public half.
async function aboutKey(box) {
  if (!possible()) return shown("impossible", box);
  const { post } = box.dataset;
  const known = (box.dataset.keys ?? "").split(" ").filter(Boolean);
  const key = await keyOf(post);
  const mine = key && known.includes(toHex(key.raw));
  shown(mine ? "here" : key ? "unfiled" : known.length ? "elsewhere" : "none", box);
  for (const line of document.querySelectorAll("[data-key]")) {
    line.toggleAttribute("data-here", Boolean(key) && line.dataset.key === toHex(key.raw));
  }
  const form = box.querySelector("form[data-enrol]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.elements.public_key.value = toHex((await keyMade(post)).raw);
    HTMLFormElement.prototype.submit.call(form);
  });
  return undefined;
}

for (const form of document.querySelectorAll("form[data-signing]")) await new Signing(form).begin();
for (const box of document.querySelectorAll("[data-own-key]")) await aboutKey(box);

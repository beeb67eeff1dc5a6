/* The guard's page: a scanner behind it, one screen at a time, and what waits and how old the list is always in sight. */
import { Camera } from "./camera.js";
import { LOCK } from "./kept.js";
import { Scanner } from "./scanner.js";
import { SHAPES } from "./shapes.js";
import { signal, stayAwake } from "./signals.js";
import { Store } from "./store.js";
import { NotOverridden, answersTo } from "./override.js";
import { faceOf, kindOf } from "./verdict.js";
import { age, hour, ofPair, word } from "./words.js";

const face = document.getElementById("face");
const finder = document.getElementById("finder");
const screens = [...face.querySelectorAll("section")];
const NEXT = 2000; // ms that ENTER stands; the others wait for a hand
const TAIL = /^[0-9]{3}[0-9X]$/;

let scanner = null;
let camera = null;
let direction = "in";
let shown = "starting";
let last = null; // the entry on the screen
let about = null; // the entry somebody is to be let in against
let wish = null; // an override that waits for the supervisor's code
let busy = false;
let timer = 0;

const part = (name, under = face) => under.querySelector(`[data-${name}]`);
const parts = (name) => [...face.querySelectorAll(`[data-${name}]`)];
const put = (name, text) => parts(name).forEach((one) => { one.textContent = text; });

/* ---- screens ---- */

function open(name) {
  clearTimeout(timer);
  shown = name;
  for (const screen of screens) screen.hidden = screen.id !== name;
  face.className = `sc ${name === "verdict" ? `v-${kindOf(last.verdict)}` : "idle"}`;
  const slot = face.querySelector(`[data-finder="${name}"]`);
  if (slot && camera) {
    slot.append(finder);
    camera.resume();
  }
  const screen = document.getElementById(name);
  for (const wrong of screen.querySelectorAll("[data-wrong]")) wrong.hidden = true;
  (screen.querySelector("form input:not([type=radio]), [data-do=next]") ?? document.getElementById("main")).focus();
  if (OPENING[name]) OPENING[name]();
}

const OPENING = {
  override() {
    about = last;
    const choices = answersTo(about, scanner.here);
    put("after", wordAfter());
    offer("override", [...choices].map(([code, { title }]) => [code, title]));
    seen();
  },
  manual: () => offer("manual", [...(scanner.here?.manual ?? new Map())]),
  shift() {
    const { unsent } = scanner.outbox;
    put("unsent", unsent ? word("unsent-some", { n: unsent }) : word("unsent-none"));
  },
  second: () => { busy = false; },
  idle: () => { wish = null; refresh(); },
};

const wordAfter = () => [word(about.verdict), wordsOf(about)].join(" · ");
const wordsOf = (entry) => ofPair(scanner.here?.snapshot.words.get(entry.reason)?.slice(0, 2) ?? [entry.reason, entry.reason]);

function offer(name, rows) {
  part("choices", document.getElementById(name)).replaceChildren(...rows.map(([code, title]) => {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "reason", value: code });
    label.append(input, ofPair(title));
    return label;
  }));
}

/** What the chosen reason asks for, and what the button does. */
function seen() {
  const code = document.querySelector("#override [name=reason]:checked")?.value;
  const asks = scanner.here?.overrides.get(code)?.asks ?? "";
  const field = document.getElementById("gs-seen");
  put("seen", word(asks || "either"));
  field.hidden = part("seen").hidden = asks === "";
  part("go-on").textContent = word(about.verdict === "refuse" ? "to-second" : "let-in");
}

function wrong(what, text = word(what)) {
  const box = part("wrong", document.getElementById(shown));
  box.textContent = text;
  box.hidden = false;
}

/* ---- answers ---- */

async function ask(work) {
  if (busy || scanner.leaving) return;
  busy = true;
  try {
    last = await work();
    document.getElementById("verdict").replaceChildren(faceOf(last, scanner.here, { answerable: answerable() }));
    open("verdict");
    signal(last.verdict);
    if (last.verdict === "enter") timer = setTimeout(next, NEXT);
    refresh();
  } catch (error) {
    if (error instanceof NotOverridden) wrong("say-who", error.why === "needs" ? word("say-who") : error.message);
    else fail(error);
  } finally {
    busy = false;
  }
}

const answerable = () => last.verdict !== "enter" && scanner.here !== null && answersTo(last, scanner.here).size > 0;

const asked = (what) => ask(() => scanner.scan(what, { direction }));

function next() {
  camera?.seenNow();
  open("idle");
}

function fail(error) {
  part("why").textContent = error.message;
  open("failed");
}

function found(code) {
  if (shown === "second") {
    ask(() => scanner.override(about, { ...wish, second: code })).then(secondRefused);
  } else asked({ code });
}

/** A code that is no supervisor's was recorded, and the refusal stands: say so, and let them try again. */
function secondRefused() {
  if (last.reason !== "not-supervisor") return;
  open("second");
  wrong("not-second");
}

const FORMS = {
  "look-up"({ name, tail }) {
    const four = tail.normalize("NFKC").trim().toUpperCase();
    if (!name.trim() || !TAIL.test(four)) return wrong("empty");
    return asked({ name, tail: four });
  },
  typed({ code }) {
    const text = code.trim();
    if (!text) return wrong("no-code");
    return asked(text.startsWith("KM1:") ? { code: text } : { card: text });
  },
  manual({ reason }) {
    return reason ? asked({ manual: reason }) : wrong("choose");
  },
  override({ reason, seen: given }) {
    if (!reason) return wrong("choose");
    const { asks } = scanner.here.overrides.get(reason);
    if (asks && !given.trim()) return wrong("say-who");
    wish = { override: reason, ...(asks ? { [asks]: given } : {}) };
    return about.verdict === "refuse" ? open("second") : ask(() => scanner.override(about, wish));
  },
};

/* ---- what is always in sight ---- */

function refresh() {
  if (!scanner) return;
  const { here, outbox, sync, clock, counts } = scanner;
  document.getElementById("top").hidden = false;
  put("place", here ? ofPair(here.title) : scanner.place);
  part("online").replaceChildren(status(sync.online ? "go" : "none"), word(sync.online ? "online" : "offline"));
  put("queue", outbox.unsent);
  const old = here ? Math.max(0, clock.now() - here.madeAt) / 1000 : 0;
  put("age", here ? word("age", { age: age(old) }) : word("no-list"));
  part("offline").hidden = sync.online || !here;
  put("by-list", here ? word("by-list", { time: hour(here.madeAt, here.zone), n: outbox.unsent }) : "");
  put("title", word(`show-${direction}`));
  for (const name of ["enter", "desk"]) face.querySelector(`[data-count=${name}]`).textContent = counts[name];
  put("listed", word("listed", { n: here?.size ?? 0 }));
  put("refused", word("refused", { n: counts.refuse }));
  put("note", here?.colours.length && !scanner.colours.held ? word("colours-unchecked") : "");
  part("trouble").hidden = !sync.trouble || !sync.online;
  put("trouble", sync.trouble);
  if (shown === "shift") OPENING.shift();
  answers();
}

function answers() {
  part("last").hidden = scanner.newest.length === 0 || scanner.sync.online;
  part("last").querySelector("ol").replaceChildren(...scanner.newest.map((entry) => {
    const row = entry.index === null ? null : scanner.here?.expects(entry.index, entry.at);
    const line = document.createElement("li");
    const time = Object.assign(document.createElement("span"), { className: "num", textContent: scanner.here ? hour(entry.at, scanner.here.zone, "2-digit") : "" });
    const said = document.createElement("b");
    said.append(status(kindOf(entry.verdict)), word(entry.direction === "out" ? "out" : entry.verdict));
    const firm = row ? ofPair(scanner.here.firmOf(row).title) : wordsOf(entry);
    line.append(time, said, Object.assign(document.createElement("span"), { textContent: firm }));
    return line;
  }));
}

/** A shape beside a word, never instead of it. */
function status(kind) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of [["class", "ic"], ["width", 20], ["height", 20], ["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
  svg.innerHTML = SHAPES[kind];
  return svg;
}

/* ---- hands ---- */

const DOING = {
  next,
  reload: () => location.reload(),
  end: () => scanner.end(),
  "go-on": async () => { await scanner.goOn(); open("idle"); },
  wipe: async () => { await scanner.store.wipe(); open("stranger"); },
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.do) DOING[button.dataset.do]();
  else if (button?.dataset.open) open(button.dataset.open);
  else if (button?.dataset.direction) turn(button.dataset.direction);
  else if (button && "torch" in button.dataset) button.setAttribute("aria-pressed", await camera.light(button.getAttribute("aria-pressed") !== "true"));
  else if (shown === "verdict" && last.verdict === "enter") next(); // a tap anywhere on ENTER goes on at once
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  FORMS[event.target.dataset.form]?.(Object.fromEntries(new FormData(event.target)));
  if (shown === "verdict") event.target.reset();
});

document.addEventListener("change", (event) => { if (event.target.closest("#override")) seen(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && scanner && shown !== "idle") (shown === "verdict" ? next : () => open("idle"))(); });

function turn(way) {
  direction = way;
  for (const one of face.querySelectorAll("[data-direction]")) one.setAttribute("aria-pressed", one.dataset.direction === way);
  refresh();
}

/* ---- beginning and end ---- */

async function work() {
  const store = await Store.opened();
  scanner = await Scanner.opened(store, { changed: refresh, ended: () => end("wiped"), removed });
  if (!scanner) return open("stranger");
  camera = new Camera(finder, finder.dataset.wasm, found, () => !busy && (shown === "idle" || shown === "second"));
  finder.hidden = false;
  open(scanner.leaving ? "shift" : "idle");
  scanner.start();
  addEventListener("online", () => scanner.sync.wake());
  setInterval(refresh, 1000);
  stayAwake();
  await camera.start();
  part("torch").disabled = !camera.hasLight;
}

function removed(unsent) {
  put("lost", unsent ? word("lost", { n: unsent }) : "");
  end("removed");
}

function end(name) {
  document.getElementById("top").hidden = true;
  open(name);
}

/** One window at a time: the others wait for it to close. Resolves to the scanner, for whoever tests it. */
export const running = new Promise((resolve) => {
  const mine = () => work().then(() => resolve(scanner), fail).then(() => new Promise(() => {}));
  navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
    if (lock) return mine();
    open("elsewhere");
    navigator.locks.request(LOCK, mine);
    return undefined;
  });
  navigator.serviceWorker?.register(document.body.dataset.worker).catch(() => {}); // offline: the one that is there serves
});

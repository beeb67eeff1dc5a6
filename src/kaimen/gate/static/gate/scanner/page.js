/* The guard's page: a scanner behind it, one screen at a time, and what waits and how old the list is always in sight. */
import { Camera } from "./camera.js";
import { Refused } from "./centre.js";
import { able, enrol } from "./enrolment.js";
import { filesKept } from "./files_kept.js";
import { LOCK } from "./kept.js";
import { NotOverridden, answersTo } from "./override.js";
import { Scanner } from "./scanner.js";
import { SHAPES } from "./shapes.js";
import { signal, stayAwake } from "./signals.js";
import { Store } from "./store.js";
import { faceOf, kindOf, wordsFor } from "./verdict.js";
import { age, hour, ofPair, word } from "./words.js";

const face = document.getElementById("face");
const finder = document.getElementById("finder");
const screens = [...face.querySelectorAll("section")];
const NEXT = 2000; // ms that ENTER stands; the others wait for a hand
const TAIL = /^[0-9]{3}[0-9X]$/;
const CARD = /^(?!KM1:)[0-9A-Za-z:-]{1,40}$/; // what the number of a card may be; anything else was meant as a code
const DEGREES = /^([34][0-9])[.,]?([0-9])?$/; // 36.6, 36 and, typed in a hurry, 366

let store = null;
let scanner = null;
let camera = null;
let direction = "in";
let shown = "starting";
let last = null; // the entry on the screen
let about = null; // the entry somebody is to be let in against
let wish = null; // an override that waits for the supervisor's code
let busy = false;
let timer = 0;
let newer = null; // a worker with newer files, which waits for the guard's word
let persisted = true;

const part = (name, under = face) => under.querySelector(`[data-${name}]`);
const parts = (name) => [...face.querySelectorAll(`[data-${name}]`)];
const put = (name, text) => parts(name).forEach((one) => { one.textContent = text; });
const field = (name) => document.getElementById(`gs-${name}`);

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
  (screen.querySelector("[data-first], [data-do=next]") ?? document.getElementById("main")).focus({ preventScroll: true });
  OPENING[name]?.();
  scrollTo(0, 0);
}

const OPENING = {
  idle() {
    wish = null;
    refresh();
  },
  override() {
    about = last;
    put("after", [word(about.verdict), wordsFor(about.reason, scanner.here).guard].join(" · "));
    offer("override", [...answersTo(about, scanner.here)].map(([code, { title }]) => [code, title]));
    seen();
  },
  manual: () => offer("manual", [...(scanner.here?.manual ?? NO_LIST_MANUAL)]),
  shift: showShift,
  removed: showShift,
};
const NO_LIST_MANUAL = new Map([["emergency", [word("emergency"), word("emergency")]]]);

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
  field("seen").hidden = part("seen").hidden = asks === "";
  if (asks) put("seen", word(asks));
  part("go-on").textContent = word(about.verdict === "refuse" ? "to-second" : "let-in");
}

/** How the end of a shift stands: what waits, and what may be done about it. */
function showShift() {
  const screen = document.getElementById(shown);
  const { waiting, journal } = { waiting: scanner.outbox.waiting, journal: scanner.journal };
  const how = waiting === 0 ? "unsent-none" : journal.stranded === waiting ? "unsent-stranded" : "unsent-some";
  part("unsent", screen).textContent = shown === "removed" ? word(waiting ? "lost" : "unsent-none", { n: waiting }) : word(how, { n: waiting });
  const begun = scanner.closed;
  for (const one of screen.querySelectorAll("[data-do=end]")) one.hidden = begun;
  for (const one of screen.querySelectorAll("[data-do=hand-out]")) one.hidden = !begun || waiting === 0;
  for (const one of screen.querySelectorAll("[data-do=wipe]")) one.hidden = !(begun && scanner.mayWipe);
}

function wrong(what, text = word(what)) {
  const box = part("wrong", document.getElementById(shown));
  box.textContent = text;
  box.hidden = false;
}

/* ---- answers ---- */

async function ask(work) {
  if (busy || scanner.closed) return false;
  busy = true;
  try {
    last = await work();
    part("place-of-verdict").replaceChildren(faceOf(last, scanner.here, { answerable: answerable() }));
    open("verdict");
    signal(last.verdict);
    if (last.verdict === "enter") timer = setTimeout(next, NEXT);
    for (const form of face.querySelectorAll("form")) form.reset();
    field("temperature").value = "";
    refresh();
    return true;
  } catch (error) {
    if (error instanceof NotOverridden) wrong("not-overridden", word(`not-${error.why}`));
    else fail(error);
    return false;
  } finally {
    busy = false;
  }
}

const answerable = () => last.verdict !== "enter" && scanner.here !== null && answersTo(last, scanner.here).size > 0;

/** What was shown, with what was read beside it. A temperature that is none is asked for again, and nothing is decided. */
function asked(what) {
  const written = field("temperature").value.normalize("NFKC").trim();
  const read = DEGREES.exec(written);
  if (direction === "out" || !written) return ask(() => scanner.scan(what, { direction, vehicle: inVehicle() }));
  if (!read) {
    if (shown !== "idle") open("idle");
    field("temperature").focus();
    return wrong("no-temperature");
  }
  return ask(() => scanner.scan(what, { direction, vehicle: inVehicle(), temperature: Number(read[1]) * 10 + Number(read[2] ?? 0) }));
}

const inVehicle = () => scanner.here?.post === "outdoor" && field("vehicle").checked;

function next() {
  camera?.seenNow();
  open("idle");
}

function fail(error) {
  part("why").textContent = error.message;
  open("failed");
}

async function found(code) {
  if (shown !== "second") return asked({ code });
  const said = { ...wish, second: code };
  if ((await ask(() => scanner.override(about, said))) && last.reason === "not-supervisor") tryAgain(said);
  return undefined;
}

/** A code that is no supervisor's was recorded, and the refusal stands: say so, and let them try again. */
function tryAgain({ second, ...said }) {
  wish = said;
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
    return asked(CARD.test(text) ? { card: text } : { code: text });
  },
  manual: ({ reason }) => (reason ? asked({ manual: reason }) : wrong("choose")),
  override({ reason, seen: given }) {
    if (!reason) return wrong("choose");
    const { asks } = scanner.here.overrides.get(reason);
    if (asks && !given.trim()) return wrong("say-who");
    wish = { override: reason, ...(asks ? { [asks]: given } : {}) };
    return about.verdict === "refuse" ? open("second") : ask(() => scanner.override(about, wish));
  },
  second: ({ code }) => (code.trim() ? found(code.trim()) : wrong("no-code")),
  async enrol({ code }) {
    if (!code.trim()) return wrong("no-invitation");
    if (!able()) return wrong("not-able");
    try {
      await navigator.storage?.persist?.();
      await enrol(store, { code: code.trim() });
      location.reload();
    } catch (error) {
      wrong("not-enrolled", [word(error instanceof Refused ? "refused-by-centre" : "not-enrolled"), error.message].join(" "));
    }
    return undefined;
  },
};

/* ---- what is always in sight ---- */

function refresh() {
  if (!scanner) return;
  if (scanner.self.revoked && shown !== "removed") return open("removed");
  const { here, outbox, sync, clock, counts } = scanner;
  document.getElementById("top").hidden = false;
  put("place", here ? ofPair(here.title) : scanner.place);
  part("online").replaceChildren(status(sync.online ? "go" : "none"), word(sync.online ? "online" : "offline"));
  put("queue", outbox.waiting);
  put("age", here ? word("age", { age: age(Math.max(0, clock.now() - here.madeAt) / 1000) }) : word("no-list"));
  part("offline").hidden = sync.online || !here;
  put("by-list", here ? word("by-list", { time: hour(here.madeAt, here.zone), n: outbox.waiting }) : "");
  put("title", word(`show-${direction}`));
  for (const name of ["enter", "desk", "refuse"]) face.querySelector(`[data-count=${name}]`).textContent = counts[name];
  put("listed", word("listed", { n: here?.size ?? 0 }));
  part("reads").hidden = direction === "out";
  part("vehicle").hidden = here?.post !== "outdoor";
  put("note", [here?.colours.length ? word("no-colours") : "", persisted ? "" : word("not-persisted")].filter(Boolean).join(" "));
  part("newer").hidden = newer === null;
  part("trouble").hidden = !sync.trouble || !sync.online;
  put("trouble", sync.trouble);
  if (shown === "shift" || shown === "removed") showShift();
  return answers();
}

function answers() {
  part("last").hidden = scanner.newest.length === 0 || scanner.sync.online;
  part("last").querySelector("ol").replaceChildren(...scanner.newest.map((entry) => {
    const row = entry.index === null ? null : scanner.here?.expects(entry.index, entry.at);
    const line = document.createElement("li");
    const time = scanner.here ? hour(entry.at, scanner.here.zone, "2-digit") : "";
    const said = document.createElement("b");
    said.append(status(kindOf(entry.verdict)), word(entry.direction === "out" ? "out" : entry.verdict));
    const firm = row ? ofPair(scanner.here.firmOf(row).title) : wordsFor(entry.reason, scanner.here).guard;
    line.append(text("num", time), said, text("", firm));
    return line;
  }));
}

const text = (className, textContent) => Object.assign(document.createElement("span"), { className, textContent });

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
  dispute: () => ask(() => scanner.report(last, "dispute")),
  fever: () => ask(() => scanner.report(shown === "verdict" ? last : null, "fever")),
  reload: () => location.reload(),
  end: () => scanner.end(),
  async "go-on"() {
    await scanner.goOn();
    open("idle");
  },
  async "hand-out"() {
    for (const { name, bytes } of await scanner.handedOut()) saved(name, bytes);
    showShift();
  },
  wipe: () => scanner.wipe(),
  newer: () => newer.postMessage("take-over"),
};

function saved(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/cbor" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), NEXT);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.do) await Promise.resolve(DOING[button.dataset.do]()).catch(fail);
  else if (button?.dataset.open) open(button.dataset.open);
  else if (button?.dataset.direction) turn(button.dataset.direction);
  else if (button && "torch" in button.dataset) button.setAttribute("aria-pressed", await camera.light(button.getAttribute("aria-pressed") !== "true"));
  else if (shown === "verdict" && last.verdict === "enter") next(); // a tap anywhere on ENTER goes on at once
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  FORMS[event.target.dataset.form]?.(Object.fromEntries(new FormData(event.target)));
});

document.addEventListener("change", (event) => { if (event.target.closest("#override")) seen(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && scanner && !scanner.closed && shown !== "idle") next();
});

function turn(way) {
  direction = way;
  for (const one of face.querySelectorAll("[data-direction]")) one.setAttribute("aria-pressed", one.dataset.direction === way);
  refresh();
}

/* ---- beginning and end ---- */

async function work() {
  store = await Store.opened();
  scanner = await Scanner.opened(store, { changed: refresh, ended });
  if (!scanner) return open("stranger");
  persisted = (await navigator.storage?.persist?.()) ?? true;
  camera = new Camera(finder, finder.dataset.wasm, found, () => !busy && scanner.ready && (shown === "idle" || shown === "second"));
  finder.hidden = false;
  open(scanner.self.revoked ? "removed" : scanner.leaving ? "shift" : "idle");
  scanner.start();
  addEventListener("online", () => scanner.sync.wake());
  setInterval(refresh, 1000);
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
  camera.start().then(() => { part("torch").disabled = !camera.hasLight; });
  return undefined;
}

/** Everything is wiped. What is on the screen is all there is now. */
function ended() {
  const how = scanner.self.revoked ? "removed" : "wiped";
  scanner = null;
  camera.stop();
  document.getElementById("top").hidden = true;
  open(how === "removed" ? "removed-wiped" : "wiped");
}

/** Newer files wait until the guard says so: a page that runs keeps those it began with, and the journal stays as it is. */
async function kept() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const had = serviceWorker.controller;
  serviceWorker.addEventListener("controllerchange", () => { if (had) location.reload(); });
  const registration = await filesKept(document.body.dataset.worker);
  const look = () => {
    newer = had && registration.waiting;
    refresh();
  };
  registration.addEventListener("updatefound", () => registration.installing.addEventListener("statechange", look));
  look();
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
  kept().catch(() => {}); // no network: the worker that is there serves
});

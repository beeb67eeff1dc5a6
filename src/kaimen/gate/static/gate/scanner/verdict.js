/* The answer, so large that a guard reads it at arm's length in the rain: colour, shape, word, who, what to do. */
import { isReport } from "./report.js";
import { builtIn, ofPair, word } from "./words.js";

const KIND = { enter: "go", desk: "care", refuse: "stop" };
const SHORT = 4; // letters of a word that fills the screen

/** What the class of the screen is for a verdict. */
export const kindOf = (verdict) => KIND[verdict];

/** What guard and person are told for a reason: {guard, person}, in the page's language; the page's own words if need be. */
export function wordsFor(reason, here) {
  const said = here?.snapshot.words.get(reason);
  if (!said) return builtIn(reason);
  const [guardZh, guardEn, personZh, personEn] = said;
  return { guard: ofPair([guardZh, guardEn]), person: ofPair([personZh, personEn]) };
}

/** The face for an entry; `answerable` says whether anybody may be let in against it. */
export function faceOf(entry, here, { answerable }) {
  const face = document.getElementById("faces").content.querySelector(`[data-face="${entry.verdict}"]`).cloneNode(true);
  const { guard, person } = wordsFor(entry.reason, here);
  const row = entry.index === null ? null : here?.expects(entry.index, entry.at);
  const out = entry.direction === "out";
  if (out) face.querySelector(".vw").textContent = word("out");
  face.querySelector(".vwho").textContent = row ? [row.name, ofPair(here.firmOf(row).title)].join(" · ") : "";
  face.querySelector(".vline").textContent = lineOf(entry, row, guard);
  const all = [guard, ...entry.reasons.slice(1).map((reason) => wordsFor(reason, here).guard)];
  for (const slot of face.querySelectorAll("[data-reason]")) slot.textContent = all.join(" · ");
  for (const slot of face.querySelectorAll("[data-read]")) slot.textContent = word("let-read", { words: person });
  for (const button of face.querySelectorAll("[data-open=override]")) button.hidden = !answerable;
  for (const button of face.querySelectorAll("[data-do=dispute], [data-do=fever]")) button.hidden = out || isReport(entry);
  if (isReport(entry)) face.querySelector(".vdo").replaceChildren(toRead(person));
  if (face.querySelector(".vw").textContent.length > SHORT + 2) face.querySelector(".vw").classList.add("long");
  face.dataset.reason = entry.reason;
  return face;
}

function toRead(words) {
  return Object.assign(document.createElement("li"), { textContent: word("let-read", { words }) });
}

/** Where to on ENTER; why not otherwise. */
function lineOf({ verdict, direction }, row, guard) {
  if (verdict !== "enter") return guard;
  return row?.floor && direction === "in" ? word("floor", { floor: row.floor }) : "";
}
